"""Which digits train and which are held back: the same for every run, every label in its share."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SEED = 20_000
"""Which digits are held back is a constant of the project, so that runs can be compared."""

Labels = NDArray[np.integer[Any]]


def cut(labels: Labels, *, validation: int = 5000) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices of the digits that train and of those held back for validation, both in ascending order.

    Every label has its share of both. Raises ValueError unless both parts get at least one digit.
    """
    if not 1 <= validation < len(labels):
        raise ValueError(f"validation={validation} is outside 1..{len(labels) - 1}, so that some train: try a tenth.")
    held_back = subset(labels, validation, SEED)
    train = np.ones(len(labels), dtype=np.bool_)
    train[held_back] = False
    return np.flatnonzero(train), held_back


def subset(labels: Labels, count: int, seed: int) -> NDArray[np.intp]:
    """Indices of `count` digits in ascending order, chosen at random, every label within 1 of its share.

    The same labels, count and seed give the same digits everywhere: numpy keeps RandomState's stream frozen.
    """
    if not 1 <= count <= len(labels):
        raise ValueError(f"count={count} is outside 1..{len(labels)}, the digits there are: choose fewer.")
    present, sizes = np.unique(labels, return_counts=True)
    random = np.random.RandomState(seed)
    chosen = [
        random.permutation(np.flatnonzero(labels == label))[:share]
        for label, share in zip(present, _shares(sizes, count), strict=True)
    ]
    return np.sort(np.concatenate(chosen))


def of_each(labels: Labels, count: int, seed: int) -> NDArray[np.intp]:
    """Indices of exactly `count` digits of every label in ascending order, chosen at random.

    With the same seed fewer digits are among the more. Raises ValueError where a label has not as many.
    """
    present, sizes = np.unique(labels, return_counts=True)
    if not 1 <= count <= sizes.min():
        raise ValueError(f"count={count} is outside 1..{sizes.min()}, the digits the rarest label has: choose fewer.")
    random = np.random.RandomState(seed)
    return np.sort(np.concatenate([random.permutation(np.flatnonzero(labels == label))[:count] for label in present]))


def folds(labels: Labels, count: int) -> list[NDArray[np.intp]]:
    """Indices of the digits of each of `count` folds in ascending order: every digit in one, every label within 1 of
    its share, the folds within 1 of each other, the first the largest. Which digits they are is a constant too.

    As cards are dealt: label after label, shuffled, each digit to the next fold. Raises ValueError for nonsense.
    """
    if not 2 <= count <= len(labels):
        raise ValueError(f"count={count} is outside 2..{len(labels)}, the digits there are: try 5.")
    random = np.random.RandomState(SEED)
    dealt = np.concatenate([random.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)])
    return [np.sort(dealt[place::count]) for place in range(count)]


def _shares(sizes: NDArray[np.intp], total: int) -> NDArray[np.intp]:
    """`total` in whole numbers proportional to `sizes`: rounded down, the rest to the largest remainders."""
    shares, remainders = np.divmod(sizes * total, sizes.sum())
    missing = total - int(shares.sum())
    shares[np.argsort(-remainders, kind="stable")[:missing]] += 1
    return shares
