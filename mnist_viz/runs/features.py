"""What a checkpoint makes of all digits of a part: its penultimate activations (N, D), 23 to 64 MB of 10,000 digits.

Torch is loaded only where they are not known yet, so that whoever finds them need not wait for it.
"""

from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data.address import COUNTS
from mnist_viz.runs import derived, digits
from mnist_viz.runs.store import Run

if TYPE_CHECKING:
    from torch import nn

VERSION = 1
BATCH = 1000
KEPT = 4  # tables on the disk, of all runs together
_held: "WeakValueDictionary[tuple[Run, int, str], NDArray[np.float32]]" = WeakValueDictionary()


def features(run: Run, step: int, part: str) -> NDArray[np.float32]:
    """The features at this step of each digit of the part (train, val, test), as the run sees it; in order, read-only.

    Computed in a second or more, unless someone in this process still holds them or `keep` wrote them down.
    Raises UnknownRun or DamagedRun as `checkpoints.load` does.
    """
    known = _held.get((run, step, part))
    if known is not None:
        return known
    known = derived.get(run, step, f"features_{part}", VERSION)
    if known is not None and known.ndim == 2 and len(known) == COUNTS[part] and known.dtype == np.float32:
        return known
    from mnist_viz.runs import checkpoints  # noqa: PLC0415  brings torch

    found = extract(checkpoints.load(run, step), digits.part(run, part).images)
    found.setflags(write=False)
    _held[run, step, part] = found
    return found


def keep(run: Run, step: int, part: str) -> None:
    """Write the features down for another process, where someone in this one still holds them: it reads them sooner.

    The oldest tables make room.
    """
    held, kind = _held.get((run, step, part)), f"features_{part}"
    if held is not None and derived.get(run, step, kind, VERSION) is None:
        derived.put(run, step, kind, VERSION, held)
        derived.keep_newest(run, kind, KEPT)


def extract(model: "nn.Module", images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The features (N, D) of grey images (N, 28, 28), by a model in eval mode on the processor."""
    import torch  # noqa: PLC0415  heavy

    found = []
    with torch.inference_mode():
        for start in range(0, len(images), BATCH):
            grey = torch.tensor(images[start : start + BATCH]).unsqueeze(1)
            found.append(model.features(grey.float() / 255))  # type: ignore[operator]
    return np.asarray(torch.cat(found).numpy(), dtype=np.float32)
