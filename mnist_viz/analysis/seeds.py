"""Runs that differ in chance alone: settings in, groups out; their curves in, mean and ends out."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHANCE = ("seed", "fold")


def groups(settings: Sequence[Mapping[str, Any]]) -> list[tuple[int, ...]]:
    """The places of settings that differ in seed or fold at most, each place in one group, in order of the first."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(settings):
        same = repr(sorted((name, value) for name, value in one.items() if name not in CHANCE))
        found.setdefault(same, []).append(place)
    return [tuple(places) for places in found.values()]


def band(
    steps: Sequence[NDArray[np.int64]], values: Sequence[NDArray[np.float64]]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Lowest, mean and highest (3, N) of several curves at the N steps that all of them have, and these steps."""
    common = steps[0]
    for one in steps[1:]:
        common = np.intersect1d(common, one)
    table = np.stack([value[np.searchsorted(step, common)] for step, value in zip(steps, values, strict=True)])
    return common, np.stack([table.min(axis=0), table.mean(axis=0), table.max(axis=0)])


def spread(values: Sequence[float]) -> tuple[float, float]:
    """The mean of at least two values, and their standard deviation with n - 1 in its denominator."""
    return float(np.mean(values)), float(np.std(values, ddof=1))
