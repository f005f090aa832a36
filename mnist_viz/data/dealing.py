"""A pool of digits cut into training, validation and test as a lesson: by chance, or every label in its share.

The project's own parts are cut by `split`, once and for all; nothing that learns is ever given these.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data import split
from mnist_viz.data.mnist import PARTS

Labels = NDArray[np.integer[Any]]
Dealt = dict[str, NDArray[np.intp]]


def pool(total: int, count: int) -> NDArray[np.intp]:
    """Indices of `count` of `total` digits, drawn by chance and always alike; fewer are among the more."""
    if not 1 <= count <= total:
        raise ValueError(f"count={count} is outside 1..{total}, the digits there are: choose fewer.")
    return np.random.RandomState(split.SEED).permutation(total)[:count]


def deal(labels: Labels, percents: tuple[int, int, int], *, stratified: bool, seed: int) -> Dealt:
    """Indices of the digits of train, val and test in ascending order, each digit in one of them.

    Validation and test are rounded to whole digits, training gets the rest. Stratified, every label is within 1 of its
    share of what is cut. Raises ValueError for percents that make no three parts.
    """
    sizes = [round(len(labels) * percent / 100) for percent in percents[1:]]
    if sum(percents) != 100 or min(*sizes, len(labels) - sum(sizes)) < 1:
        raise ValueError(f"{percents} of {len(labels)} digits make no three parts: try (80, 10, 10) of more digits.")
    if not stratified:
        order = np.random.RandomState(seed).permutation(len(labels))
        cuts = np.split(order, np.cumsum(sizes))
        val, test, train = (np.sort(one) for one in cuts)
        return dict(zip(PARTS, (train, val, test), strict=True))
    everything = np.arange(len(labels))
    test = split.subset(labels, sizes[1], seed)
    left = np.setdiff1d(everything, test, assume_unique=True)
    val = left[split.subset(labels[left], sizes[0], seed)]
    return dict(zip(PARTS, (np.setdiff1d(left, val, assume_unique=True), val, test), strict=True))
