"""The maps of a checkpoint's features: what is known already, and what the worker adds to it."""

import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis import embedding
from mnist_viz.data.address import COUNTS
from mnist_viz.runs import derived
from mnist_viz.runs.features import features
from mnist_viz.runs.store import Run

PART = "test"  # digits that no network has learned from
DIGITS = COUNTS[PART]
NEAREST = 10
PRACTICE = 4500  # up to 4,096 digits UMAP compares each with each, beyond that it searches
VERSION = 1


class Pca(NamedTuple):
    """Places (N, 2) of the digits, the share (2,) of all variance that each axis holds, and D, the features' number."""

    places: NDArray[np.float32]
    shares: NDArray[np.float64]
    width: int


def pca(run: Run, step: int) -> Pca | None:
    """The digits along the two directions in which their features differ most, None where nobody has looked yet."""
    places = _known(run, step, "pca", (DIGITS, 2))
    said = _known(run, step, "pca_shares", (3,))
    return None if places is None or said is None else Pca(places, said[:2], int(said[2]))


def make_pca(run: Run, step: int, seen: embedding.Floats) -> Pca:
    """Compute from the features (N, D) and keep what `pca` then finds."""
    places, shares = embedding.pca(seen)
    derived.put(run, step, "pca_shares", VERSION, np.array([*shares, seen.shape[1]], dtype=np.float64))
    derived.put(run, step, "pca", VERSION, places)
    return Pca(places, shares, seen.shape[1])


def umap(run: Run, step: int, digits: int = DIGITS) -> NDArray[np.float32] | None:
    """The digits' places (N, 2) as UMAP once found them, None where it has not been asked."""
    return _known(run, step, _name("umap", digits), (digits, 2))


def make_umap(run: Run, step: int, seen: embedding.Floats, told: Callable[[int, int], None]) -> bool:
    """Compute from the features (N, D) and keep what `umap` then finds; returns whether it could be kept.

    `told` hears (epochs done, of).
    """
    places = embedding.umap(seen, told, near=neighbours(run, step, len(seen)))
    derived.put(run, step, _name("umap", len(seen)), VERSION, places)
    return umap(run, step, len(seen)) is not None


def neighbours(run: Run, step: int, digits: int = DIGITS) -> embedding.Near | None:
    """Whom UMAP takes for near among the digits, None where nobody has looked yet."""
    names = [_name(f"umap_{field}", digits) for field in embedding.Near._fields]
    rows, distances = (_known(run, step, name, (digits, embedding.NEIGHBOURS)) for name in names)
    return None if rows is None or distances is None else embedding.Near(rows, distances)


def make_neighbours(run: Run, step: int, seen: embedding.Floats) -> bool:
    """Look for them among the features (N, D) and keep what `neighbours` then finds; whether it could be kept."""
    for field, table in embedding.neighbours(seen)._asdict().items():
        derived.put(run, step, _name(f"umap_{field}", len(seen)), VERSION, table)
    return neighbours(run, step, len(seen)) is not None


def version(kind: str, run: Run, step: int, places: NDArray[np.float32]) -> str:
    """The name of these places, on the map of this kind (pca or umap): others have another."""
    return f"{kind}-{run.id}-{step}-{zlib.crc32(np.ascontiguousarray(places).tobytes()):08x}"


def practise() -> None:
    """Let UMAP compile its code on made-up numbers: as many as make it look for neighbours as it does among all."""
    made_up = np.random.default_rng(0).normal(size=(PRACTICE, 8)).astype(np.float32)
    embedding.umap(made_up, epochs=5)


def nearest(run: Run, step: int) -> NDArray[np.uint16] | None:
    """The ten nearest (N, 10) of each digit by its features, where a run ships with them."""
    return _known(run, step, "nearest", (DIGITS, NEAREST))


def make_shipped(run: Run, step: int) -> None:
    """Compute all that the page shows, so that a run can ship with it."""
    seen = features(run, step, PART)
    if pca(run, step) is None:
        make_pca(run, step, seen)
    if umap(run, step) is None:
        make_umap(run, step, seen, lambda _done, _of: None)
    if nearest(run, step) is None:
        table = embedding.all_nearest(seen, NEAREST)
        derived.put(run, step, "nearest", VERSION, table.astype(np.uint16))


def _name(kind: str, digits: int) -> str:
    return kind if digits == DIGITS else f"{kind}_{digits}"


def _known(run: Run, step: int, kind: str, shape: tuple[int, ...]) -> NDArray[Any] | None:
    found = derived.get(run, step, kind, VERSION)
    return found if found is not None and found.shape == shape else None
