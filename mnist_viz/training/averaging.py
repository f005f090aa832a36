"""A running average of the weights while they are learned: what is looked at, kept and tested is the average."""

from collections.abc import Callable
from copy import deepcopy

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

import models


class Average:
    """Keeps in `model` the exponential average of what `learner`, a copy of it that is to be trained, has been.

    With `decay` d it becomes d times itself and 1 - d times the learner after each step: about the last 1 / (1 - d)
    steps count. At first they are fewer, as d is never above (1 + n) / (10 + n) after n steps, else a short training
    would end with much of its first weights. The statistics of batch norms are averaged too. With 0 the learner is the
    model itself. Polyak & Juditsky 1992; the beginning is that of TensorFlow's ExponentialMovingAverage.
    """

    def __init__(self, model: models.Classifier, decay: float) -> None:
        self.learner = deepcopy(model) if decay else model
        self._average: AveragedModel | None = None
        if decay:
            self._average = AveragedModel(model, multi_avg_fn=_blend(decay), use_buffers=True)
            self._average.module = model  # the very one, of which torch made a copy

    @property
    def count(self) -> int | None:
        """After how many steps the learner was taken in; None where nothing is averaged."""
        return int(self._average.n_averaged) if self._average else None

    @count.setter
    def count(self, steps: int) -> None:
        assert self._average is not None
        self._average.n_averaged.fill_(steps)

    def update(self) -> None:
        """Take in the learner as it is after a step."""
        if self._average:
            self._average.update_parameters(self.learner)


def _blend(decay: float) -> Callable[..., None]:
    def blend(means: list[Tensor], now: list[Tensor], count: Tensor) -> None:
        if not means[0].is_floating_point():
            torch._foreach_copy_(means, now)  # a batch norm's count of batches has no average
            return
        steps = int(count)
        now_decay = min(decay, (1 + steps) / (10 + steps))
        get_ema_multi_avg_fn(now_decay)(means, now, count)  # type: ignore[no-untyped-call]

    return blend
