"""One training from the first step to the last test: what the loop yields is written, kept and, at the end, tested."""

from collections.abc import Callable

from torch import nn

from mnist_viz.data.sets import DATASETS
from mnist_viz.runs import checkpoints, parts, records
from mnist_viz.runs.logits import logits
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import transfer
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.controls import Controls
from mnist_viz.training.failures import Diverged
from mnist_viz.training.fit import fit, network, taught
from mnist_viz.training.inside import Inside
from mnist_viz.training.looks import evaluation
from mnist_viz.training.patience import Patience

MOST_STEPS = 3700  # records of steps; with those of kept steps a run has no more than 4,000


def train(run: Run, config: TrainConfig, controls: Controls, progress: Callable[[Record], None]) -> Record:
    """Train the run until its settings or its viewers say stop. Returns the ending, which isn't written yet."""
    pen = _Pen(run, config, progress)
    data, store = DATASETS[config.data], Store(run.folder.parent)
    model = transfer.inherited(network(config), config, store) if config.parent else network(config)
    kind, patience = "finished", Patience(config)
    last: Record = {"step": 0, "epoch": 0.0, "seconds": 0.0, "images_per_second": 0.0}
    inside = Inside(run, taught(data.digits("train"), config), config)
    old, moment = transfer.old_task(config, store), controls.moment
    try:
        for record in fit(model, data.digits("train"), data.digits("val"), config, old, moment=moment):
            if record["kind"] == "step":
                last = record
                if moment.watched and moment.parts:
                    parts.keep(run, moment.parts)
            elif record["kind"] == "checkpoint":
                _keep(run, record["step"], model)
                pen.write(inside.look(model, {**record, "seconds": last["seconds"]}))
            pen.write(record, by_hand=controls.by_hand)
            patience.see(record)
            if _ends_step(record, config):
                if patience.spent:
                    break
                if not controls.may_step(pen.write, last):
                    kind = "stopped"
                    break
    except Diverged:
        pen.catch_up()  # the step that ran away is the one that is looked for
        raise
    if last["step"] not in run.steps:
        _keep(run, last["step"], model)
        pen.write({"kind": "checkpoint", "step": last["step"], "epoch": last["epoch"]})
    shown = patience.best if kind == "finished" and patience.best else last
    results = {part: _result(run, part, shown, config.data) for part in ("val", "test")}
    for part, result in results.items():
        if part == "test" or kind == "stopped":  # a finished loop has just looked at all validation digits
            pen.write(result)
    return {
        "kind": kind,
        "test_accuracy": results["test"]["accuracy"],
        "val_accuracy": results["val"]["accuracy"],
        "seconds": last["seconds"],
        "images_per_second": last["images_per_second"],
        **(patience.ending(last) if kind == "finished" else {}),
    }


def _result(run: Run, part: str, at: Record, data: str) -> Record:
    """How the kept checkpoint does on a whole part; its answers stay in the cache."""
    return evaluation(at, part, logits(run, at["step"], part, data), DATASETS[data].digits(part).labels)


def _keep(run: Run, step: int, model: nn.Module) -> None:
    checkpoints.save(run, step, model)
    checkpoints.keep(run)


def _ends_step(record: Record, config: TrainConfig) -> bool:
    """Whether the loop's next record would be of another step."""
    if record["kind"] == "step":
        return not config.is_kept(record["step"])
    return record["kind"] == "checkpoint" and bool(record["step"] < config.steps)


class _Pen:
    """Writes the records of a training, of its steps only as many as a curve can show."""

    def __init__(self, run: Run, config: TrainConfig, progress: Callable[[Record], None]) -> None:
        self._run, self._progress = run, progress
        self._every = -(-config.steps // MOST_STEPS)
        self._latest: Record | None = None

    def write(self, record: Record, *, by_hand: bool = False) -> None:
        """Add a record; a step that was left out is added after all before anything else than a step."""
        if record["kind"] == "step":
            if not by_hand and record["step"] % self._every:
                self._latest = record
                return
        else:
            self.catch_up()
        self._latest = None
        self._add(record)

    def catch_up(self) -> None:
        """Add the newest step where it was left out."""
        if self._latest:
            self._add(self._latest)
        self._latest = None

    def _add(self, record: Record) -> None:
        records.append(self._run, record)
        self._progress(record)
