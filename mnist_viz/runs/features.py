"""What a checkpoint makes of all digits of a part: its penultimate activations (N, D), computed once.

Torch is loaded only where they are not known yet, so that whoever finds them need not wait for it.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data.mnist import digits
from mnist_viz.runs import derived
from mnist_viz.runs.store import Run

if TYPE_CHECKING:
    from torch import nn

VERSION = 1
BATCH = 1000


def features(run: Run, step: int, part: str) -> NDArray[np.float32]:
    """The features of each digit of the part (train, val or test) at this step, in order, read-only.

    Raises UnknownRun or DamagedRun as `checkpoints.load` does.
    """
    kind = f"features_{part}"
    images = digits(part).images
    known = derived.get(run, step, kind, VERSION)
    if known is not None and known.ndim == 2 and len(known) == len(images) and known.dtype == np.float32:
        return known
    from mnist_viz.runs import checkpoints  # noqa: PLC0415  brings torch

    found = extract(checkpoints.load(run, step), images)
    derived.put(run, step, kind, VERSION, found)
    found.setflags(write=False)
    return found


def extract(model: "nn.Module", images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The features (N, D) of grey images (N, 28, 28), by a model in eval mode on the processor."""
    import torch  # noqa: PLC0415  heavy

    found = []
    with torch.inference_mode():
        for start in range(0, len(images), BATCH):
            grey = torch.tensor(images[start : start + BATCH]).unsqueeze(1)
            found.append(model.features(grey.float() / 255))  # type: ignore[operator]
    return np.asarray(torch.cat(found).numpy(), dtype=np.float32)
