"""How right a network is: logits (N, K) and labels (N,) in, counts, shares and their intervals out."""

from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_Z = 1.959963984540054  # 97.5 % quantile of the standard normal distribution: 95 % lie between both


def softmax(logits: NDArray[Any]) -> Floats:
    """Probabilities over the last axis; large logits do not overflow."""
    wide = np.asarray(logits, dtype=np.float64)
    powers = np.exp(wide - wide.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def predictions(logits: NDArray[Any]) -> Indices:
    """The class of the largest logit of each digit; of equal ones the smaller class."""
    return np.asarray(np.argmax(logits, axis=-1), dtype=np.intp)


def confusion(logits: NDArray[Any], labels: NDArray[Any]) -> NDArray[np.int64]:
    """How many digits of each label (row) are read as each class (column): (K, K)."""
    classes = logits.shape[1]
    cells = labels.astype(np.int64) * classes + predictions(logits)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes).astype(np.int64)


def precision_recall(counts: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Precision and recall (K,) each, shares from 0 to 1; NaN where no digit is read as, or labelled, the class."""
    right = counts.diagonal()
    return _share(right, counts.sum(axis=0)), _share(right, counts.sum(axis=1))


def precision_recall_intervals(counts: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """95 % Wilson intervals (K, 2) of precision and of recall; NaN where there is no digit to count."""
    right = counts.diagonal()
    read, labelled = (
        np.array([accuracy_interval(int(hit), int(all_)) for hit, all_ in zip(right, total, strict=True)])
        for total in (counts.sum(axis=0), counts.sum(axis=1))
    )
    return read, labelled


def accuracy_interval(correct: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share of `total` digits, from 0 to 1; (NaN, NaN) of none.

    Wilson's score interval: unlike +-1.96 standard errors it holds near 100 %. Wilson 1927, JASA 22, 209-212.
    """
    if not 0 <= correct <= total:
        raise ValueError(f"correct={correct} is outside 0..{total}: count the right ones among all digits.")
    if total == 0:
        return float("nan"), float("nan")
    share, square = correct / total, _Z * _Z / total
    centre = share + square / 2
    half = _Z * sqrt(share * (1 - share) / total + square / (4 * total))
    low = 0.0 if correct == 0 else (centre - half) / (1 + square)
    high = 1.0 if correct == total else (centre + half) / (1 + square)
    return low, high


def gain_interval(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> tuple[float, float, float]:
    """How much larger the share of right readings is in `second` than in `first`, both of the same N digits, and the
    ends of its 95 % interval: the mean of the paired differences and 1.96 of its standard errors.
    """
    if first.shape != second.shape or len(first) < 2:
        raise ValueError(f"{len(first)} and {len(second)} readings are no pairs: give both of the same digits.")
    differences = second.astype(np.float64) - first
    gain, error = float(differences.mean()), float(differences.std(ddof=1)) / sqrt(len(differences))
    return gain, gain - _Z * error, gain + _Z * error


def mistakes(
    logits: NDArray[Any], labels: NDArray[Any], true: int | None = None, predicted: int | None = None
) -> Indices:
    """Indices of the misread digits, surest first: by the probability of the class they are read as.

    Only those labelled `true`, and only those read as `predicted`, where these are given.
    """
    read = predictions(logits)
    wrong = read != labels
    if true is not None:
        wrong &= labels == true
    if predicted is not None:
        wrong &= read == predicted
    found = np.flatnonzero(wrong)
    sureness = softmax(logits[found]).max(axis=1, initial=0)
    return found[np.argsort(-sureness, kind="stable")]


def rightly_read(logits: NDArray[Any], labels: NDArray[Any], label: int) -> Indices:
    """Indices of the digits of a label that are read rightly, the least sure first."""
    found = np.flatnonzero((labels == label) & (predictions(logits) == label))
    sureness = softmax(logits[found]).max(axis=1, initial=0)
    return found[np.argsort(sureness, kind="stable")]


def most_frequent_confusion(counts: NDArray[np.integer]) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The largest count beside the diagonal, and every (labelled, read as) that has it; (0, ()) without mistakes."""
    beside = np.array(counts)
    np.fill_diagonal(beside, 0)
    count = int(beside.max())
    cells = np.argwhere(beside == count) if count else np.empty((0, 2), dtype=int)
    return count, tuple((int(row), int(column)) for row, column in cells)


def _share(part: NDArray[np.integer], whole: NDArray[np.integer]) -> Floats:
    shares: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return shares
