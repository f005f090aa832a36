"""For every digit that is held back, the training digit most like it: whether the parts hold the same digits twice."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data import mnist
from mnist_viz.data.statistics import Images, Ranked

KNOWN = Path(__file__).with_name("nearest_train.npy")
"""Indices of training digits, uint16: those nearest to the 5,000 of validation, then those nearest to the 10,000."""
PARTS = ("val", "test")
CHUNK = 250  # queries at once: their products with 55,000 digits take 110 MB


def nearest(queries: Images, among: Images) -> Ranked:
    """The index in `among` of the image nearest to each query, and how far it is: of equally near ones the first.

    Euclidean distances in grey values. All sums are whole numbers below 2^53, so products of matrices are exact.
    """
    flat = among.reshape(len(among), -1).astype(np.float64)
    squares = np.square(flat).sum(axis=1)
    found, distances = np.empty(len(queries), np.intp), np.empty(len(queries))
    for start in range(0, len(queries), CHUNK):
        here = np.s_[start : start + CHUNK]
        asked = queries[here].reshape(len(queries[here]), -1).astype(np.float64)
        apart = squares - 2 * asked @ flat.T
        found[here] = apart.argmin(axis=1)
        distances[here] = np.sqrt(apart.min(axis=1) + np.square(asked).sum(axis=1))
    return Ranked(found, distances)


@cache
def known(part: str) -> Ranked:
    """The training digit nearest to each digit of `val` or `test`, computed once for the project, and its distance.

    The distances are taken from the pixels anew. Raises ValueError for another part.
    """
    if part not in PARTS:
        raise ValueError(f"part={part!r} is not one of {', '.join(PARTS)}: training digits have no nearest ones here.")
    first = len(mnist.digits(PARTS[0]))
    indices = np.load(KNOWN)[np.s_[:first] if part == PARTS[0] else np.s_[first:]].astype(np.intp)
    return Ranked(indices, distances(mnist.digits(part).images, mnist.digits("train").images[indices]))


@cache
def moved(part: str) -> NDArray[np.float64]:
    """How far each digit of a part is from itself moved by one pixel to the right: what hardly any eye would notice."""
    images = mnist.digits(part).images
    return distances(images[:, :, 1:], images[:, :, :-1], images[:, :, 0], images[:, :, -1])


def distances(ones: Images, others: Images, *edges: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How far each image is from the other at its place, in grey values; `edges` are compared with paper."""
    total = np.square(ones.astype(np.int32) - others).sum(axis=(1, 2), dtype=np.int64)
    for edge in edges:
        total += np.square(edge, dtype=np.int64).sum(axis=1)
    return np.asarray(np.sqrt(total))
