"""Which digits each step learns from: in every epoch all of them, anew shuffled by the seed."""

from collections.abc import Iterator

import torch
from torch import Tensor

from mnist_viz.training.config import TrainConfig


def batches(config: TrainConfig, where: torch.device) -> Iterator[Tensor]:
    """For each step the places (B,) of its digits among those that train; the last batch of an epoch may be smaller.

    They depend on the settings alone: step n of one training sees what step n of any other with these settings sees.
    """
    order = torch.Generator().manual_seed(config.seed)
    for _epoch in range(config.epochs):
        yield from torch.split(torch.randperm(config.shown, generator=order).to(where), config.batch)


def seen(config: TrainConfig, step: int) -> int:
    """How many digits the first `step` batches hold."""
    epochs, more = divmod(step, config.steps_per_epoch)
    return epochs * config.shown + more * config.batch
