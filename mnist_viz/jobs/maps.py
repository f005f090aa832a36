"""The maps of a checkpoint's features: what is known already, and what the worker adds to it."""

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


def pca(run: Run, step: int) -> Pca:
    """The digits along the two directions in which their features differ most; a second or two at first sight."""
    places = _known(run, step, "pca", (DIGITS, 2))
    said = _known(run, step, "pca_shares", (3,))
    if places is None or said is None:
        found = features(run, step, PART)
        places, shares = embedding.pca(found)
        said = np.array([*shares, found.shape[1]], dtype=np.float64)
        derived.put(run, step, "pca_shares", VERSION, said)
        derived.put(run, step, "pca", VERSION, places)
    return Pca(places, said[:2], int(said[2]))


def umap(run: Run, step: int, digits: int = DIGITS) -> NDArray[np.float32] | None:
    """The digits' places (N, 2) as UMAP once found them, None where it has not been asked."""
    return _known(run, step, _name(digits), (digits, 2))


def make_umap(run: Run, step: int, digits: int, told: Callable[[int, int], None]) -> bool:
    """Compute and keep what `umap` then finds, unless it is there; returns whether it could be kept.

    `told` hears (epochs done, of).
    """
    if umap(run, step, digits) is None:
        places = embedding.umap(features(run, step, PART)[:digits], told)
        derived.put(run, step, _name(digits), VERSION, places)
    return umap(run, step, digits) is not None


def practise() -> None:
    """Let UMAP compile its code on made-up numbers: as many as make it look for neighbours as it does among all."""
    made_up = np.random.default_rng(0).normal(size=(PRACTICE, 8)).astype(np.float32)
    embedding.umap(made_up, epochs=5)


def nearest(run: Run, step: int) -> NDArray[np.uint16] | None:
    """The ten nearest (N, 10) of each digit by its features, where a run ships with them."""
    return _known(run, step, "nearest", (DIGITS, NEAREST))


def make_shipped(run: Run, step: int) -> None:
    """Compute all that the page shows, so that a run can ship with it."""
    pca(run, step)
    make_umap(run, step, DIGITS, lambda _done, _of: None)
    if nearest(run, step) is None:
        table = embedding.all_nearest(features(run, step, PART), NEAREST)
        derived.put(run, step, "nearest", VERSION, table.astype(np.uint16))


def _name(digits: int) -> str:
    return "umap" if digits == DIGITS else f"umap_{digits}"


def _known(run: Run, step: int, kind: str, shape: tuple[int, ...]) -> NDArray[Any] | None:
    found = derived.get(run, step, kind, VERSION)
    return found if found is not None and found.shape == shape else None
