"""How the classes come out in the parts of a split: labels and parts in, counts, shares and chance's spread out."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

CLASSES = 10
SPREAD = 0.95


class ClassShares(NamedTuple):
    """One part: how many digits of each class (10,), and between which shares (10, 2) chance leaves it 95 times of
    100.
    """

    counts: NDArray[np.intp]
    chance: NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many digits the part has."""
        return int(self.counts.sum())

    @property
    def shares(self) -> NDArray[np.float64]:
        """The share of each class in the part: (10,)."""
        return self.counts / self.size


def class_shares(labels: NDArray[np.integer[Any]], parts: Mapping[str, NDArray[np.intp]]) -> dict[str, ClassShares]:
    """Each part's classes, and those of the whole under the name `pool`.

    A part that is drawn by chance holds a hypergeometric number of each class: as many as when coloured balls are
    drawn from an urn and not put back. The interval goes from its 2.5 % to its 97.5 % quantile.
    """
    from scipy.stats import hypergeom  # noqa: PLC0415  heavy

    whole = np.bincount(labels, minlength=CLASSES)
    ends = ((1 - SPREAD) / 2, (1 + SPREAD) / 2)
    found = {"pool": ClassShares(whole, np.repeat((whole / len(labels))[:, None], 2, axis=1))}
    for name, indices in parts.items():
        drawn = hypergeom(len(labels), whole, len(indices))
        chance = np.stack([drawn.ppf(end) for end in ends], axis=1) / len(indices)
        found[name] = ClassShares(np.bincount(labels[indices], minlength=CLASSES), chance)
    return found


def farthest(found: Mapping[str, ClassShares]) -> tuple[str, int, float]:
    """The part and the class whose share is farthest from the pool's, and by how much (signed)."""
    pool = found["pool"].shares
    off = {name: one.shares - pool for name, one in found.items() if name != "pool"}
    name = max(off, key=lambda part: float(np.abs(off[part]).max()))
    label = int(np.abs(off[name]).argmax())
    return name, label, float(off[name][label])


def outside(found: Mapping[str, ClassShares]) -> int:
    """How many of the shares of all parts chance would leave outside its interval."""
    parts = [one for name, one in found.items() if name != "pool"]
    return sum(
        int(((one.shares < one.chance[:, 0] - 1e-12) | (one.shares > one.chance[:, 1] + 1e-12)).sum()) for one in parts
    )
