"""Slips about the data, run: how many digits there are, what leaks, what centring does to the range, a call gone."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis import unseen
from mnist_viz.analysis.disputed import dispute
from mnist_viz.data import mnist, openml
from mnist_viz.data.statistics import mean_image


class Counts(NamedTuple):
    """Digits to train on (those held back for validation included), digits to test with."""

    train: int
    test: int


class Leak(NamedTuple):
    """The mean of all digits beside that of those which are learned from, and the last fifth in the order of OpenML.

    `moved`: by how many grey values the leak moves a pixel of the mean image, on average and at most. `learned` and
    `held_back`: the digits before that last fifth and in it; `tests`: how many of it are test digits.
    """

    learned_mean: float
    whole_mean: float
    moved: tuple[float, float]
    learned: int
    held_back: int
    tests: int


def counts() -> Counts:
    """What is in MNIST's files: the article says 70,000 and 10,000."""
    return Counts(*(sum(len(mnist.digits(part).labels) for part in parts) for parts in (("train", "val"), ("test",))))


def disputed(labels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The indices of the test digits, of which these are all labels, that a majority of five people did not confirm."""
    return np.array([index for index in range(len(labels)) if dispute("test", index)], dtype=np.intp)


def leak() -> Leak:
    """The article takes all 70,000, subtracts their mean, and only then, without shuffling, splits off a fifth.

    OpenML has MNIST's 60,000 training digits first, then the 10,000 test digits.
    """
    images = openml.images()
    found, cut = unseen.shift(images, unseen.HELD_BACK), unseen.content(openml.FILES, unseen.HELD_BACK, seed=None)
    return Leak(
        float(found.learned.mean()),
        float(found.everything.mean()),
        (float(np.abs(found.difference).mean()), found.largest),
        sum(cut.learned),
        sum(cut.held_back),
        cut.held_back[1],
    )


def centred_range() -> tuple[float, float]:
    """The least and the largest pixel of the training digits, scaled to [0, 1] and less their mean image."""
    images = mnist.digits("train").images
    mean = mean_image(images)
    low, high = images.min(axis=0) - mean, images.max(axis=0) - mean
    return float(low.min() / 255), float(high.max() / 255)


def encoder_refusal() -> str:
    """What scikit-learn says of today to the article's `OneHotEncoder(sparse=False)`; "" where it takes it."""
    from sklearn.preprocessing import OneHotEncoder  # noqa: PLC0415  heavy

    try:
        OneHotEncoder(sparse=False)
    except TypeError as refusal:
        return str(refusal)
    return ""


def encoded_shape() -> tuple[int, ...]:
    """The shape of what today's call makes of the labels 0 to 9."""
    from sklearn.preprocessing import OneHotEncoder  # noqa: PLC0415  heavy

    table: NDArray[np.float64] = OneHotEncoder(sparse_output=False).fit_transform(np.arange(10)[:, None])
    return table.shape
