"""Early stopping: when looks at the validation digits have shown nothing better for long enough, and which was best."""

from collections.abc import Container, Iterable

from mnist_viz.runs.records import Record
from mnist_viz.training.config import EARLY, TrainConfig


class Patience:
    """Watches the whole looks of a training: spent after `config.patience` in a row without a lower validation loss.

    Prechelt 1998. With patience 0 it is never spent, and none is the best. There are never more looks than checkpoints
    that are kept, so that of the best there is always one.
    """

    def __init__(self, config: TrainConfig) -> None:
        self._config = config
        self._in_vain = 0
        self.best: Record | None = None

    def see(self, record: Record) -> None:
        """Take a record of the training into account: such a look, or that it goes on beyond its end, in which case
        it is given all its patience again.
        """
        if record["kind"] == "gone_on" and record["step"] == self._config.cycle_from * self._config.steps_per_epoch:
            self._in_vain = 0
        is_look = record["kind"] == "evaluation" and record["part"] == "val"
        if not self._config.patience or not is_look or not self._is_whole(record):
            return
        if self.best is None or record["loss"] < self.best["loss"]:
            self.best, self._in_vain = record, 0
        else:
            self._in_vain += 1

    def recall(self, told: Iterable[Record], kept: Container[int]) -> None:
        """Take into account what a run that goes on was told before, of its looks those whose checkpoint is `kept`."""
        for record in told:
            if record["kind"] != "evaluation" or record["step"] in kept:
                self.see(record)

    def _is_whole(self, record: Record) -> bool:
        """Whether all were looked at; before epochs were added it was so after other steps than they say now."""
        before = record["step"] <= self._config.cycle_from * self._config.steps_per_epoch
        return self._config.is_whole_look(record["step"]) or (before and record["digits"] > EARLY)

    @property
    def spent(self) -> bool:
        """Whether it is time to end."""
        return self.best is not None and self._in_vain >= self._config.patience

    def ending(self, last: Record) -> Record:
        """What the record of the ending says of it: which step was best, and whether it ended before its time."""
        if self.best is None:
            return {}
        return {"best_step": self.best["step"], "stopped_early": last["step"] < self._config.steps}
