"""Slips about the data, run: how many digits there are, what leaks, what centring does to the range, a call gone."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis.disputed import dispute
from mnist_viz.data import mnist
from mnist_viz.data.statistics import mean_image

FIFTH = 0.2  # what the article on preparing the data holds back


class Counts(NamedTuple):
    """Digits to train on (those held back for validation included), digits to test with."""

    train: int
    test: int


class Leak(NamedTuple):
    """The mean of all digits beside that of the training digits, and the last fifth in the order of OpenML.

    `moved`: by how many grey values the leak moves a pixel of the mean image, on average and at most. `held_back`: the
    digits of that last fifth; `tests`: how many of them are test digits.
    """

    train_mean: float
    whole_mean: float
    moved: tuple[float, float]
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
    sizes = counts()
    means = {part: mean_image(mnist.digits(part).images) for part in ("train", "val", "test")}
    weights = {part: len(mnist.digits(part).labels) for part in means}
    train = (means["train"] * weights["train"] + means["val"] * weights["val"]) / sizes.train
    whole = (train * sizes.train + means["test"] * sizes.test) / sum(sizes)
    held_back = round(FIFTH * sum(sizes))
    apart = np.abs(whole - train)
    return Leak(
        float(train.mean()),
        float(whole.mean()),
        (float(apart.mean()), float(apart.max())),
        held_back,
        min(held_back, sizes.test),
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
