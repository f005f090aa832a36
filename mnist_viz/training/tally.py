"""The records of steps, made of what a device says of them; of several steps at once where asking would hold it up."""

import time
from collections.abc import Iterator

import torch
from torch import Tensor

from mnist_viz.runs.records import Record
from mnist_viz.training import order
from mnist_viz.training.changes import Moment
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.devices import TOGETHER


class Tally:
    """Counts steps, digits and seconds of training since the record of the `last` step before.

    Steps that wait for their record share the seconds that they took together.
    """

    def __init__(self, config: TrainConfig, moment: Moment, last: Record, where: torch.device) -> None:
        self._config, self._moment, self._together = config, moment, TOGETHER.get(where.type, 1)
        self._seconds, self._seen = last["seconds"], order.seen(config, last["step"])
        self._waiting: list[tuple[int, int, float, Tensor]] = []
        self._began = 0.0

    def begin(self) -> None:
        """A step is about to be taken."""
        if not self._waiting:
            self._began = time.perf_counter()

    def add(self, step: int, count: int, told: Tensor) -> bool:
        """Step `step` was taken with `count` digits; `told` holds its loss and accuracy. Returns whether it is time to
        ask for the records.
        """
        self._waiting.append((step, count, self._moment.now.rate_at(step), told))
        return self._moment.singly or self._config.is_kept(step) or len(self._waiting) >= self._together

    def records(self) -> Iterator[Record]:
        """The records of the steps that wait, in their order; while more are to come the moment says how many."""
        told = torch.stack([one for _step, _count, _rate, one in self._waiting]).tolist()
        each = (time.perf_counter() - self._began) / len(told)
        waiting, self._waiting = self._waiting, []
        for place, ((step, count, rate, _told), (loss, accuracy)) in enumerate(zip(waiting, told, strict=True), 1):
            self._moment.pending = len(waiting) - place
            self._seconds += each
            self._seen += count
            yield {
                "kind": "step",
                "step": step,
                "epoch": step / self._config.steps_per_epoch,
                "loss": loss,
                "accuracy": accuracy,
                "rate": rate,
                "seconds": self._seconds,
                "images_per_second": self._seen / self._seconds,
            }
