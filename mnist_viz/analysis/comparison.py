"""Networks side by side on the same digits: their readings in, what sets them apart out, and whether it is chance."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis import evaluation

Floats = NDArray[np.float64]


class Fourfold(NamedTuple):
    """How many digits two networks read: both rightly, only the first, only the second, neither."""

    both: int
    first: int
    second: int
    neither: int


class Ensemble(NamedTuple):
    """Shares of digits that are read rightly: by all members together, by each, and by all but each."""

    together: float
    members: Floats
    without: Floats


def fourfold(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Fourfold:
    """Count N digits by which of two networks reads them rightly."""
    if first.shape != second.shape:
        raise ValueError(f"{first.shape} and {second.shape} readings are no pairs: give both of the same digits.")
    cells = (first & second, first & ~second, ~first & second, ~first & ~second)
    return Fourfold(*(int(cell.sum()) for cell in cells))


def chance(counts: Fourfold) -> float:
    """The probability of a difference at least this large between two equally good networks: McNemar's exact test.

    Only the digits that one of both reads count: each falls to either side like a coin. Two-sided, so twice the tail
    of Binomial(n, 1/2), in whole numbers until the last division. McNemar 1947, Psychometrika 12, 153-157.
    """
    total, fewer = counts.first + counts.second, min(counts.first, counts.second)
    ways, tail = 1, 0
    for heads in range(fewer + 1):
        tail += ways
        ways = ways * (total - heads) // (heads + 1)
    return min(1.0, float(2 * tail / 2**total))


def disagreements(first: NDArray[Any], second: NDArray[Any], labels: NDArray[Any], among: str) -> NDArray[np.intp]:
    """Indices of the digits that two networks (logits (N, K) each) do not both read rightly, surest conflict first.

    `among`: `first` or `second` for those that only this one reads, `neither`, or `one` for those that exactly one
    reads.
    How sure a conflict is: the smaller of both networks' probabilities for what they read.
    """
    right = [evaluation.predictions(logits) == labels for logits in (first, second)]
    wanted = {
        "first": right[0] & ~right[1],
        "second": ~right[0] & right[1],
        "neither": ~right[0] & ~right[1],
        "one": right[0] ^ right[1],
    }[among]
    found = np.flatnonzero(wanted)
    sure = np.minimum(*(evaluation.softmax(logits[found]).max(axis=1, initial=0) for logits in (first, second)))
    return found[np.argsort(-sure, kind="stable")]


def class_scores(counts: NDArray[np.integer]) -> Floats:
    """Precision, recall and F1, their harmonic mean, of each class: (3, K) shares of a confusion matrix (K, K).

    NaN where no digit is read as, or labelled, the class; F1 where there is neither.
    """
    precision, recall = evaluation.precision_recall(counts)
    either = counts.sum(axis=0) + counts.sum(axis=1)
    f1 = np.divide(2 * counts.diagonal(), either, out=np.full(len(counts), np.nan), where=either > 0)
    return np.stack([precision, recall, f1])


def ensemble(logits: Sequence[NDArray[Any]], labels: NDArray[Any]) -> Ensemble:
    """What at least two networks (logits (N, K) each) read by the mean of their probabilities."""
    shares = np.stack([evaluation.softmax(one) for one in logits])
    total = shares.sum(axis=0)

    def right(summed: NDArray[Any]) -> float:
        return float((evaluation.predictions(summed) == labels).mean())

    members = np.array([right(one) for one in shares])
    return Ensemble(right(total), members, np.array([right(total - one) for one in shares]))
