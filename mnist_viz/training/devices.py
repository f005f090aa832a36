"""What a training computes on."""

import torch

from mnist_viz.text import _
from mnist_viz.training.failures import Refused


def device(name: str) -> torch.device:
    """The device of this name, `auto` being the fastest there is. Raises Refused if it isn't there."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(kind for kind, is_there in there.items() if is_there)
    if not there.get(name, False):
        raise Refused(_("device={name} is not there on this machine: choose auto or cpu.").format(name=name))
    return torch.device(name)
