"""One tensor of a batch's way from bytes to a loss, measured; what is known of it without the tensor."""

from collections.abc import Iterable
from dataclasses import dataclass

BINS = 60


@dataclass(frozen=True)
class Stage:
    """`code` made the tensor; `kind` is the class of a layer, else empty. `bytes` are those of its numbers; `shares`
    says that it is the tensor before, seen otherwise, and takes no memory of its own. `histogram`: counts of its
    numbers in BINS equal bins from `low` to `high`.
    """

    name: str
    kind: str
    code: str
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    low: float
    mean: float
    high: float
    shares: bool
    histogram: tuple[int, ...]


def memory(stages: Iterable[Stage]) -> int:
    """How many bytes all tensors take together, those left out that share the memory of the one before."""
    return sum(stage.bytes for stage in stages if not stage.shares)
