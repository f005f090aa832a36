"""The networks that this server has loaded, one of each checkpoint, for its routes and for its pages alike."""

from functools import lru_cache
from typing import TYPE_CHECKING

from mnist_viz.server.board import board

if TYPE_CHECKING:
    from torch import nn

KEPT = 16  # networks in memory; fast_cnn has 0.12 MB


@lru_cache(maxsize=KEPT)
def network(run_id: str, step: int) -> "nn.Module":
    """The network of a checkpoint, frozen and shared: copy it before hooking it. Raises UnknownRun or DamagedRun."""
    from mnist_viz.runs import checkpoints  # noqa: PLC0415  brings torch

    return checkpoints.load(board().store.run(run_id), step)
