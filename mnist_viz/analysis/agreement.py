"""How far maps agree on the order of the pixels: maps (M, 28, 28) in, rank correlations (M, M) out."""

import numpy as np
from numpy.typing import NDArray


def rank_correlations(maps: NDArray[np.floating]) -> NDArray[np.float64]:
    """Spearman's correlation of every two maps, pixel by pixel: 1 the same order, 0 none, -1 the reverse.

    NaN where a map is the same everywhere.
    """
    ranks = np.array([_ranks(one.ravel()) for one in maps])
    ranks -= ranks.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        ranks /= np.linalg.norm(ranks, axis=1, keepdims=True)
    return np.asarray(ranks @ ranks.T)


def _ranks(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """The place of each value in the order; equal values share the mean of their places."""
    _values, kinds, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[kinds], dtype=np.float64)
