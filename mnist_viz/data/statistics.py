"""MNIST in numbers: images (N, 28, 28) and labels (N,) in; counts, mean images and distances out, all exact.

Images are read a few thousand at a time, so no temporary array is larger than a few dozen megabytes.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]
CHUNK = 4096


class Ink(NamedTuple):
    """How much of the paper is written on: the share of pixels that are not 0, and the mean grey value."""

    share: float
    mean_grey: float


class Ranked(NamedTuple):
    """Digits and how far they are: indices, and Euclidean distances in grey values, in the same order."""

    indices: NDArray[np.intp]
    distances: NDArray[np.float64]


def label_counts(labels: Labels) -> NDArray[np.intp]:
    """How many digits have each label: (10,)."""
    return np.bincount(labels, minlength=10)


def mean_image(images: Images) -> NDArray[np.float64]:
    """The mean grey value of every pixel: (28, 28)."""
    return _sum(_checked(images)) / len(images)


def deviation_image(images: Images) -> NDArray[np.float64]:
    """The standard deviation of every pixel, in grey values, over all N (not N - 1): (28, 28)."""
    total = _sum(_checked(images))
    squares = np.zeros_like(total)
    for chunk in _chunks(images):
        squares += _sum(np.square(chunk, dtype=np.uint16))
    variance = len(images) * squares - total**2  # times N squared, in whole numbers: nothing is cancelled
    deviation: NDArray[np.float64] = np.sqrt(variance) / len(images)
    return deviation


def median_image(images: Images) -> NDArray[np.float64]:
    """The median grey value of every pixel, halfway between the middle two if N is even: (28, 28)."""
    rows = _checked(images).transpose(1, 0, 2)
    return np.stack([np.median(row, axis=0) for row in rows])


def class_means(images: Images, labels: Labels) -> NDArray[np.float64]:
    """The mean image of each label: (10, 28, 28), NaN for a label that no digit has."""
    _checked(images)
    means = np.full((10, 28, 28), np.nan)
    for label in np.unique(labels):
        means[label] = mean_image(images[labels == label])
    return means


def grey_histogram(images: Images) -> NDArray[np.intp]:
    """How many pixels have each grey value: (256,)."""
    counts = np.zeros(256, dtype=np.intp)
    for chunk in _chunks(_checked(images)):
        counts += np.bincount(chunk.ravel(), minlength=256)
    return counts


def ink_share(images: Images) -> Ink:
    """The share of pixels that are not 0, and the mean grey value of all."""
    counts = grey_histogram(images)
    return Ink(float(1 - counts[0] / counts.sum()), float(counts @ np.arange(256) / counts.sum()))


def never_used(images: Images) -> NDArray[np.bool_]:
    """The pixels that are 0 in every image: (28, 28)."""
    unused: NDArray[np.bool_] = _checked(images).max(axis=0) == 0
    return unused


def nearest_to_mean(images: Images, labels: Labels, label: int, count: int) -> Ranked:
    """The `count` digits of a label nearest to its mean image, nearest first; all, if it has fewer."""
    return _first(_distances_to_mean(images, labels, label), count, sign=1)


def farthest_from_mean(images: Images, labels: Labels, label: int, count: int) -> Ranked:
    """The `count` digits of a label farthest from its mean image, farthest first; all, if it has fewer."""
    return _first(_distances_to_mean(images, labels, label), count, sign=-1)


def _distances_to_mean(images: Images, labels: Labels, label: int) -> Ranked:
    indices = np.flatnonzero(labels == label)
    if len(indices) == 0:
        present = ", ".join(str(one) for one in np.unique(labels))
        raise ValueError(f"label={label} has no digit here, only {present} have: choose one of them.")
    members = images[indices]
    mean = mean_image(members)
    distances = [np.sqrt(np.square(chunk - mean).sum(axis=(1, 2))) for chunk in _chunks(members)]
    return Ranked(indices, np.concatenate(distances))


def _first(ranked: Ranked, count: int, *, sign: int) -> Ranked:
    """The first `count` by distance, rising or falling by `sign`; of equal ones the lower index first."""
    if count < 1:
        raise ValueError(f"count={count} is below 1: ask for at least one digit.")
    order = np.argsort(sign * ranked.distances, kind="stable")[:count]
    return Ranked(ranked.indices[order], ranked.distances[order])


def _sum(values: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.int64]:
    total: NDArray[np.int64] = values.sum(axis=0, dtype=np.int64)
    return total


def _chunks(images: Images) -> Iterator[Images]:
    return (images[start : start + CHUNK] for start in range(0, len(images), CHUNK))


def _checked(images: Images) -> Images:
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (28, 28) or len(images) == 0:
        raise ValueError(
            f"images are {images.dtype} of shape {images.shape}, not uint8 of shape (N, 28, 28) with N > 0: "
            "give the grey values as they are in the file."
        )
    return images
