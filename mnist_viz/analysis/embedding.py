"""What a network finds similar: features (N, D) in, places on a map (N, 2) or the nearest digits (N, k) out."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]


class Near(NamedTuple):
    """Whom UMAP takes for the neighbours of each row, itself the first: rows (N, k) and their distances (N, k)."""

    rows: NDArray[np.int32]
    distances: Floats


NEIGHBOURS, MIN_DIST, EPOCHS = 15, 0.1, 500
"""UMAP's own defaults for up to 10,000 points, named because the page says them."""
FEW = 100  # eigenvectors that are found all at once; of 1,600 that takes some ten times as long as finding two
BLOCK = 1000  # rows compared at once: 80 MB of distances to 10,000 others


def pca(features: Floats) -> tuple[Floats, NDArray[np.float64]]:
    """Places (N, 2) along the two directions of greatest variance, and the share (2,) of all variance in each.

    By the two largest eigenvectors of the covariance. A direction may point either way: here the weight of largest
    size is positive, so that the same features always give the same picture.
    """
    centred = features.astype(np.float64) - features.mean(axis=0, dtype=np.float64)
    covariance = centred.T @ centred
    variances, directions = _largest(covariance)
    two = directions * np.where(directions[np.abs(directions).argmax(axis=0), [0, 1]] < 0, -1, 1)
    return (centred @ two).astype(np.float32), variances / max(float(np.trace(covariance)), 1e-12)


def _largest(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The two largest eigenvalues (2,) of a symmetric matrix, the larger first, and their eigenvectors (D, 2)."""
    if len(matrix) < FEW or not matrix.any():  # Lanczos's method has nothing to begin with where all is 0
        values, vectors = np.linalg.eigh(matrix)
    else:
        from scipy.sparse.linalg import eigsh  # noqa: PLC0415  heavy

        values, vectors = eigsh(matrix, k=2, v0=np.random.default_rng(0).normal(size=len(matrix)))
    return values[[-1, -2]], vectors[:, [-1, -2]]


def umap(
    features: Floats,
    told: Callable[[int, int], None] = lambda _done, _of: None,
    *,
    epochs: int = EPOCHS,
    near: Near | None = None,
) -> Floats:
    """Places (N, 2) where near neighbours stay near (UMAP, Euclidean), begun from PCA; `told` hears (epochs done, of).

    With `near`, as `neighbours` finds them, they are not looked for again. All cores move points at once without
    waiting for each other, so another call gives another picture: keep what was computed. McInnes, Healy, Melville
    2018, arXiv 1802.03426.
    """
    from umap import UMAP  # noqa: PLC0415  heavy: seconds to load, and compiled at its first call

    asked = parameters() | {"n_epochs": epochs, "tqdm_kwds": _reports(told)}
    if near:
        asked["precomputed_knn"] = tuple(table.copy() for table in near)  # for it writes into them
    return np.asarray(UMAP(**asked).fit_transform(features), dtype=np.float32)


def neighbours(features: Floats) -> Near:
    """What `umap` begins with: the NEIGHBOURS nearest of each row (N, D), found as UMAP itself finds them among 4,096
    rows and more, by a search (nearest neighbour descent) that misses few. The same features give the same.
    """
    from umap.umap_ import nearest_neighbors  # noqa: PLC0415  heavy

    chance = np.random.RandomState(0)
    rows, distances, _index = nearest_neighbors(features, NEIGHBOURS, "euclidean", {}, False, chance)
    return Near(np.asarray(rows, dtype=np.int32), np.asarray(distances, dtype=np.float32))


def parameters() -> dict[str, object]:
    """How `umap.UMAP` is called: whoever calls it so himself gets the same map, but for its racing threads."""
    return {"n_neighbors": NEIGHBOURS, "min_dist": MIN_DIST, "n_epochs": EPOCHS, "init": "pca", "random_state": None}


def nearest(features: Floats, query: Floats, count: int = 10, *, but: int | None = None) -> Indices:
    """The rows nearest to `query` (D,) by Euclidean distance, nearest first, of equals the first; `but` is left out.

    All are compared in single precision, a twentieth of the work, and those that its error leaves in question exactly.
    """
    lengths = np.einsum("ij,ij->i", features, features)
    rough = lengths - 2 * (features @ query)  # but for the length of the query, the same for all
    if but is not None:
        rough[but] = np.inf
    error = 4 * features.shape[1] * np.finfo(np.float32).eps * (float(lengths.max()) + float(query @ query))
    farthest = float(np.partition(rough, count - 1)[count - 1])
    few = np.flatnonzero(~(rough > farthest + error))  # so that numbers that are none leave nobody out
    squares = np.square(features[few].astype(np.float64) - query).sum(axis=1)
    if but is not None:
        squares[few == but] = np.inf
    return few[np.argsort(squares, kind="stable")[:count]]


def all_nearest(features: Floats, count: int = 10) -> Indices:
    """`nearest` to every row, itself left out: (N, count)."""
    wide = features.astype(np.float64)
    lengths = np.square(wide).sum(axis=1)
    found = []
    for start in range(0, len(wide), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(wide)))
        squares = lengths - 2 * wide[block] @ wide.T  # but for the length of the row itself, the same all along it
        squares[block - start, block] = np.inf
        few = np.sort(np.argpartition(squares, count, axis=1)[:, :count], axis=1)
        order = np.argsort(np.take_along_axis(squares, few, axis=1), axis=1, kind="stable")
        found.append(np.take_along_axis(few, order, axis=1))
    return np.concatenate(found)


class _Listener:
    """The stream to which UMAP's progress bar is written: every text is "done/of"."""

    def __init__(self, told: Callable[[int, int], None]) -> None:
        self._told = told

    def write(self, text: str) -> None:
        done, slash, of = text.strip().partition("/")
        if slash and done.isdigit() and of.isdigit():
            self._told(int(done), int(of))

    def flush(self) -> None:
        """Nothing is held back."""


def _reports(told: Callable[[int, int], None]) -> dict[str, object]:
    """What makes UMAP's bar (tqdm) say its epochs to `told`, at most five times a second."""
    bar = {"bar_format": "{n_fmt}/{total_fmt}", "desc": "", "mininterval": 0.2, "ncols": 80}
    return {"disable": False, "file": _Listener(told), **bar}
