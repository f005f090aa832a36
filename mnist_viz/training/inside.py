"""A look inside a network while it trains: how long each layer's gradient is, which ReLUs are dead, the first filters.

Always of the same few training digits, at the steps that are kept, on a copy: the training goes on as if nobody looked.
"""

import math
from copy import deepcopy
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

import models
from mnist_viz.data.mnist import Digits
from mnist_viz.data.split import subset
from mnist_viz.runs import inside
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import Run
from mnist_viz.training import dropout, transfer
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.layers import learning, length

DIGITS = 60  # six a label: enough to call a unit dead, and a look costs a third of a step of the usual batch
SIDE = 28  # pixels
MOST = 16 * 28 * 28  # numbers: as many as the pictures of 16 neurons that see every pixel have


class Inside:
    """Looks into a model again and again, with the first `DIGITS` of its training digits, every label in its share."""

    def __init__(self, run: Run, taught: Digits, config: TrainConfig) -> None:
        self._run, self._config = run, config
        few = taught.chosen(subset(taught.labels, min(DIGITS, len(taught)), 0))
        self._pixels = torch.tensor(few.images).unsqueeze(1).float() / 255
        self._labels = torch.tensor(few.labels).long()

    def look(self, model: models.Classifier, at: Record) -> Record:
        """The record of what is inside the model after the step `at`; pictures of its first layer are kept as a file.

        As in a step, norms use the statistics of these digits; unlike there, nothing is dropped out.
        """
        where = next(model.parameters()).device
        gradients, dead, first = looked(model, self._pixels.to(where), self._labels.to(where), self._config)
        if first is not None:
            inside.keep(self._run, at["step"], first)
        return {
            "kind": inside.KIND,
            **{name: at[name] for name in ("step", "epoch", "seconds")},
            "digits": len(self._labels),
            "gradients": {name: one if math.isfinite(one) else None for name, one in gradients.items()},
            "dead": dead,
        }


def looked(
    model: models.Classifier, pixels: Tensor, labels: Tensor, config: TrainConfig
) -> tuple[dict[str, float], dict[str, list[int]], NDArray[np.float32] | None]:
    """The length of the gradient of each layer that learns, how many units of each ReLU are [dead, all], and weights
    and gradients of the first layer as pictures (2, N, rows, columns), if it learns and has such.

    A unit is a map of a convolution or a neuron; dead is one that is 0 at all its places for all these digits.
    """
    model = deepcopy(model)
    transfer.free(model, config.trains).train()
    for module in model.modules():
        if isinstance(module, dropout.LAYERS):
            module.eval()
    model.head.eval()  # on whose way `training.dropout` silences where there is no such layer
    model.zero_grad()
    dead: dict[str, list[int]] = {}
    for name, module in model.named_modules():
        if isinstance(module, nn.ReLU):
            module.register_forward_hook(partial(_count_dead, dead, name))
    loss = functional.cross_entropy(model(pixels), labels, label_smoothing=config.smoothing)
    loss.backward()  # type: ignore[no-untyped-call]
    gradients = {
        name: length([one.grad for one in parameters if one.grad is not None])
        for name, parameters in learning(model).items()
    }
    return gradients, dead, _pictures(model)


def _count_dead(dead: dict[str, list[int]], name: str, _module: nn.Module, _inputs: Any, output: Tensor) -> None:
    units = output.shape[-1] if output.dim() == 3 else output.shape[1]  # a transformer's neurons come last
    channels = output.detach().movedim(-1 if output.dim() == 3 else 1, 0).reshape(units, -1)
    dead[name] = [int((channels.amax(dim=1) == 0).sum()), units]


def _pictures(model: nn.Module) -> NDArray[np.float32] | None:
    """Of a convolution of one channel, or of neurons that are wired to all pixels or to all pixels of a patch."""
    first = next(module for module in model.modules() if list(module.parameters(recurse=False)))
    side = getattr(model, "patch", SIDE)
    if isinstance(first, nn.Conv2d) and first.in_channels == 1:
        shape = (2, first.out_channels, *first.weight.shape[2:])
    elif isinstance(first, nn.Linear) and first.in_features == side * side:
        shape = (2, first.out_features, side, side)
    else:
        return None
    if first.weight.grad is None:
        return None
    both = torch.stack([first.weight.detach(), first.weight.grad]).reshape(shape)
    return np.ascontiguousarray(both[:, : MOST // both[0, 0].numel()].float().cpu().numpy())
