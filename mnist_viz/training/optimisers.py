"""The optimiser that the settings of a training name, over the parameters that learn."""

from typing import Any

import torch
from torch import nn

from mnist_viz.training.config import TrainConfig


def build(learns: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    """The optimiser over all parameters of `learns`.

    With weight_decay w at rate r, adam and sgd add w times the weight to its gradient (L2), adamw takes r w times the
    weight off the weight itself: Loshchilov & Hutter 2019, arXiv 1711.05101. As by torch's default all that learns
    decays, biases and the parameters of norms too.
    """
    common: dict[str, Any] = {"lr": config.rate, "weight_decay": config.weight_decay, "fused": True}
    match config.optimiser:
        case "adam":
            return torch.optim.Adam(learns.parameters(), betas=config.betas, **common)
        case "adamw":
            return torch.optim.AdamW(learns.parameters(), betas=config.betas, **common)
        case _:
            nesterov = config.nesterov == "yes"
            return torch.optim.SGD(learns.parameters(), momentum=config.momentum, nesterov=nesterov, **common)


def adjust(optimiser: torch.optim.Optimizer, config: TrainConfig, step: int) -> None:
    """Let the optimiser follow the settings of the moment: the rate of this step, weight decay, momentum of sgd."""
    for group in optimiser.param_groups:
        group["lr"] = config.rate_at(step)
        group["weight_decay"] = config.weight_decay
        if "momentum" in group:
            group["momentum"] = config.momentum
