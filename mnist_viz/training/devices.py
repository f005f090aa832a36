"""What a training computes on."""

import torch

from mnist_viz.text import _
from mnist_viz.training.failures import Refused

TOGETHER = {"cuda": 10, "mps": 10}
"""How many steps are taken before their losses are read back: a device of its own would be waited for each time."""


def precision(where: torch.device) -> torch.dtype | None:
    """What a forward pass computes in, while the weights stay float32: bfloat16 on a CUDA device that knows it, else
    None, which is float32 too.
    """
    return torch.bfloat16 if where.type == "cuda" and torch.cuda.is_bf16_supported() else None


def device(name: str) -> torch.device:
    """The device of this name, `auto` being the fastest there is. Raises Refused if it isn't there."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(kind for kind, is_there in there.items() if is_there)
    if not there.get(name, False):
        raise Refused(_("device={name} is not there on this machine: choose auto or cpu.").format(name=name))
    return torch.device(name)
