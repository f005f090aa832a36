"""One step taken down part by part while it is made: batch, forward, loss, backward, update."""

import time

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from mnist_viz.runs.parts import NAMES, SHOWN, Layer, Parts
from mnist_viz.training.layers import learning, length


class Anatomy:
    """Watches one step from its beginning; `ended` is told the end of each part, in their order.

    What is looked at in between is not in the times. Only steps made by hand or slowly are watched.
    """

    def __init__(self, model: nn.Module) -> None:
        self._layers = learning(model)
        self._where = next(model.parameters()).device
        self._times: dict[str, float] = {}
        self._gradients: dict[str, float] = {}
        self._before: dict[str, list[Tensor]] = {}
        self._updates: dict[str, float] = {}
        self._weights: dict[str, float] = {}
        self._began = self._now()

    def ended(self, part: str) -> None:
        """Take down how long this part took and, of the last two, what it did to each layer."""
        self._times[part] = 1000 * (self._now() - self._began)
        if part == "backward":
            for name, parameters in self._layers.items():
                self._gradients[name] = length([one.grad for one in parameters if one.grad is not None])
                self._before[name] = [one.detach().clone() for one in parameters]
        elif part == "update":
            for name, parameters in self._layers.items():
                moved = [new.detach() - old for new, old in zip(parameters, self._before[name], strict=True)]
                self._updates[name], self._weights[name] = length(moved), length(self._before[name])
        self._began = self._now()

    def told(
        self, step: int, pixels: Tensor, labels: Tensor, answers: Tensor, *, smoothing: float, rate: float
    ) -> Parts:
        """The parts of this step, whose batch (B, 1, 28, 28) in [0, 1] with labels (B,) got these answers (B, classes),
        at this rate.
        """
        answers, labels = answers.detach(), labels.detach()
        losses = functional.cross_entropy(answers, labels, label_smoothing=smoothing, reduction="none")
        shares, read = answers.softmax(dim=1).max(dim=1)
        seen = (255 * pixels[:SHOWN, 0]).round().clamp(0, 255).to(torch.uint8).cpu().numpy()
        layers = tuple(
            Layer(name, self._gradients[name], self._updates[name] / (self._weights[name] or 1.0))
            for name in self._layers
        )
        return Parts(
            step,
            len(labels),
            np.ascontiguousarray(seen),
            tuple(labels[:SHOWN].tolist()),
            tuple(read[:SHOWN].tolist()),
            tuple(shares[:SHOWN].tolist()),
            tuple(losses[:SHOWN].tolist()),
            losses.mean().item(),
            (read == labels).float().mean().item(),
            rate,
            _together(self._gradients),
            _together(self._updates) / (_together(self._weights) or 1.0),
            layers,
            tuple(self._times[name] for name in NAMES),
        )

    def _now(self) -> float:
        if self._where.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()


def _together(lengths: dict[str, float]) -> float:
    return float(sum(one**2 for one in lengths.values()) ** 0.5)


def unwatched(_part: str) -> None:
    """What a step that nobody watches is told the end of its parts by."""
