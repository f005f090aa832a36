"""A checkpoint's answers to all digits of a part: (N, classes) logits, computed once.

Torch is loaded only where they are not known yet: the first page shows known ones long before it is there.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data.sets import DATASETS
from mnist_viz.runs import derived, digits
from mnist_viz.runs.store import Run

if TYPE_CHECKING:
    from torch import nn

VERSION = 1
BATCH = 1000


def logits(run: Run, step: int, part: str, data: str = "mnist") -> NDArray[np.float32]:
    """What the network of this step answers to each digit of the data's part (train, val or test), as the run sees it,
    in order.

    Raises UnknownRun or DamagedRun as `checkpoints.load` does.
    """
    kind = f"logits_{part}" if data == "mnist" else f"logits_{data}_{part}"
    count = len(DATASETS[data].digits(part))  # of the raw ones: who finds what is known need not have them prepared
    known = derived.get(run, step, kind, VERSION)
    if known is not None and known.shape == (count, run.classes) and known.dtype == np.float32:
        return known
    import torch  # noqa: PLC0415  heavy

    from mnist_viz.runs import checkpoints  # noqa: PLC0415  brings torch

    model = checkpoints.load(run, step).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    answers = predict(model, digits.part(run, part, data).images)
    derived.put(run, step, kind, VERSION, answers)
    answers.setflags(write=False)
    return answers


def predict(model: "nn.Module", images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The logits (N, K) of a model in eval mode for grey images (N, 28, 28), on the model's own device."""
    import torch  # noqa: PLC0415  heavy

    device = next(model.parameters()).device
    answers = []
    with torch.inference_mode():
        for start in range(0, len(images), BATCH):
            grey = torch.tensor(images[start : start + BATCH], device=device).unsqueeze(1)
            answers.append(model(grey.float() / 255).cpu())
    return np.asarray(torch.cat(answers).numpy(), dtype=np.float32)
