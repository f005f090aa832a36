"""Slips about networks, built and run: parameters, a view that mixes digits, sizes, dropout, and what they stand."""

import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis.distortions import Distortion, distort
from mnist_viz.analysis.endurance import ALONE

if TYPE_CHECKING:
    from torch import nn

Images = NDArray[np.uint8]
BATCH = 64
CHANGES = {
    "none": Distortion(),
    "moved_4": Distortion(right=4),
    "moved_6": Distortion(right=6),
    "turned_30": Distortion(turn=30),
    "turned_45": Distortion(turn=45),
    "smaller": Distortion(size=0.6),
    "larger": Distortion(size=1.4),
}
"""What is done to a digit before it is read: pixels to the right, degrees to the right, times as large."""


class Parameters(NamedTuple):
    """The learned numbers of `conv16_32` and, of these, of its hidden layer; those of an MLP 784-128-10.

    `flat`: what its convolutions leave of a digit; `width`: the neurons after them.
    """

    convolutional: int
    hidden: int
    connected: int
    flat: int
    width: int


class View(NamedTuple):
    """What pooling leaves of a batch, what the article's `view` makes of it, and what the loss says of that."""

    pooled: tuple[int, ...]
    viewed: tuple[int, ...]
    refusal: str


class Sizes(NamedTuple):
    """The side of a picture before and after a 3 x 3 convolution, and after a 2 x 2 pool of stride 2 and stride 1."""

    before: int
    convolved: int
    pooled: int
    stride_one: int


class Dropped(NamedTuple):
    """Dropout2d on a flat table: what torch warns, rows and values, zeroed values, rows that are zero throughout."""

    warning: str
    shape: tuple[int, int]
    zeros: int
    zero_rows: int


def parameters() -> Parameters:
    """Both built: the article on features and labels says that the convolutional one has fewer."""
    import models  # noqa: PLC0415  brings torch
    from models.table import table  # noqa: PLC0415  brings torch

    layers = {layer.name: layer for layer in table(models.build("conv16_32"))}
    flat = int(np.prod(layers["activation2"].shape))
    return Parameters(
        sum(layer.parameters for layer in layers.values()),
        layers["hidden"].parameters,
        sum(layer.parameters for layer in table(models.build("mlp", hidden=128))),
        flat,
        layers["hidden"].shape[0],
    )


def wrong_view() -> View:
    """The article that leads to language models writes `view(-1, 64 * 14 * 14)` where 64 x 7 x 7 is left of a digit."""
    import torch  # noqa: PLC0415  heavy
    from torch import nn  # noqa: PLC0415

    import models  # noqa: PLC0415  brings torch
    from models.chance import alone  # noqa: PLC0415

    model, kept = models.build("conv32_64_same"), []
    model.get_submodule("pool2").register_forward_hook(lambda _module, _inputs, output: kept.append(output))
    with alone, torch.inference_mode():
        model(torch.zeros(BATCH, 1, 28, 28))
        viewed = kept[0].view(-1, 64 * 14 * 14)
        try:
            nn.CrossEntropyLoss()(nn.Linear(viewed.shape[1], 10)(viewed), torch.zeros(BATCH, dtype=torch.long))
        except ValueError as refusal:
            return View(tuple(kept[0].shape), tuple(viewed.shape), str(refusal))
    return View(tuple(kept[0].shape), tuple(viewed.shape), "")


def sizes(side: int = 32) -> Sizes:
    """The article on fine-tuning goes 32 -> 30 -> 15, and its formula for pooling has no stride."""
    import torch  # noqa: PLC0415  heavy
    from torch import nn  # noqa: PLC0415

    from models.chance import alone  # noqa: PLC0415  brings torch

    with alone, torch.inference_mode():
        convolved = nn.Conv2d(1, 1, kernel_size=3)(torch.zeros(1, 1, side, side))
        pooled, slid = nn.MaxPool2d(2)(convolved), nn.MaxPool2d(2, stride=1)(convolved)
    return Sizes(side, convolved.shape[-1], pooled.shape[-1], slid.shape[-1])


def flat_dropout(rows: int = 64, width: int = 128) -> Dropped:
    """The article on convolutional classification drops whole channels of what has none: here a table of ones."""
    import torch  # noqa: PLC0415  heavy
    from torch import nn  # noqa: PLC0415

    from models.chance import seeded  # noqa: PLC0415  brings torch

    with seeded(0), warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        left = nn.Dropout2d(0.5)(torch.ones(rows, width))
    zeros = left == 0
    warning = str(heard[0].message).split(". ")[0] if heard else ""
    return Dropped(warning, (rows, width), int(zeros.sum()), int(zeros.all(dim=1).sum()))


def right_when_changed(
    model: "nn.Module",
    images: Images,
    labels: NDArray[np.uint8],
    prepared: Callable[[Images], Images] = lambda changed: changed,
    turn: AbstractContextManager[object] = ALONE,
) -> dict[str, int]:
    """How many of these digits are read rightly after each of `CHANGES`: the articles disagree on what a CNN stands.

    `prepared`: what the network's run does to a digit before it reads it. Each change is computed in a `turn` of its
    own: all of them take seconds.
    """
    from mnist_viz.runs.logits import predict  # noqa: PLC0415  brings torch

    right = {}
    for name, change in CHANGES.items():
        with turn:
            read = predict(model, prepared(distort(images, change))).argmax(axis=1)
        right[name] = int((read == labels).sum())
    return right
