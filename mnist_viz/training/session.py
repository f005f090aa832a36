"""One training from the first step to the last test: what the loop yields is written, kept and, at the end, tested."""

from collections.abc import Callable

from torch import nn

import models
from mnist_viz.data.mnist import Digits
from mnist_viz.data.sets import DATASETS
from mnist_viz.runs import checkpoints, digits, parts, records, resume
from mnist_viz.runs.logits import logits, predict
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import chain, memory, transfer
from mnist_viz.training.changes import Moment
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.controls import Controls
from mnist_viz.training.failures import Diverged
from mnist_viz.training.fit import cut, fit, network, take_mean
from mnist_viz.training.inside import Inside
from mnist_viz.training.learner import Learner
from mnist_viz.training.looks import evaluation
from mnist_viz.training.patience import Patience


def train(run: Run, config: TrainConfig, controls: Controls, progress: Callable[[Record], None]) -> Record:
    """Train the run until its settings or its viewers say stop. Returns the ending, which isn't written yet."""
    with records.Writer(run) as writer:
        return _train(run, config, controls, _Pen(writer, config, progress))


def _train(run: Run, config: TrainConfig, controls: Controls, pen: "_Pen") -> Record:
    store = Store(run.folder.parent)
    told, moment = records.read_all(run), controls.moment  # the records are those of the run before this goes on with
    train, val = (digits.as_seen(config.preparation, part, config.data) for part in ("train", "val"))
    old, learned = transfer.old_task(config, store), cut(train, val, config)[0]
    model, learner = _begin(run, config, learned, told, moment)
    kind, patience, last = "finished", Patience(config), chain.standing(told, config)
    patience.recall(told, run.steps)
    inside, since = Inside(run, learned, config), last if config.goes_on == "yes" else None
    try:
        for record in fit(model, train, val, config, old, learner=learner, last=since):
            if record["kind"] == "step":
                last = record
                if moment.watched and moment.parts:
                    parts.keep(run, moment.parts)
            elif record["kind"] == "checkpoint":
                _keep(run, record["step"], model, learner, patience.best)
                pen.write(inside.look(model, {**record, "seconds": last["seconds"]}))
            pen.write(record, by_hand=controls.by_hand)
            patience.see(record)
            if _ends_step(record, config) and not moment.pending:
                if patience.spent:
                    break
                if not controls.may_step(pen.write, last):
                    kind = "stopped"
                    break
    except Diverged:
        pen.catch_up()  # the step that ran away is the one that is looked for
        raise
    if last["step"] not in run.steps:
        _keep(run, last["step"], model, learner, patience.best)
        pen.write({"kind": "checkpoint", "step": last["step"], "epoch": last["epoch"]})
    shown = patience.best if kind == "finished" and patience.best else last
    results = {part: _result(run, part, shown, config) for part in ("val", "test")}
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


def _result(run: Run, part: str, at: Record, config: TrainConfig) -> Record:
    """How the kept checkpoint does on a whole part, whose answers stay in the cache, or on its fold instead of the
    validation digits.
    """
    if part == "val" and config.folds:
        train, val = (digits.as_seen(config.preparation, name, config.data) for name in ("train", "val"))
        _train, fold = cut(train, val, config)
        return evaluation(at, part, predict(checkpoints.load(run, at["step"]), fold.images), fold.labels)
    return evaluation(at, part, logits(run, at["step"], part, config.data), DATASETS[config.data].digits(part).labels)


def _begin(
    run: Run, config: TrainConfig, learned: Digits, told: list[Record], moment: Moment
) -> tuple[models.Classifier, Learner]:
    """The network before its next step, and the one who takes it; `learned` are the digits that train."""
    model = network(config)
    if config.goes_on == "no":
        if config.parent:
            model = transfer.inherited(model, config, Store(run.folder.parent))
        take_mean(model, learned, config)
        return model, Learner(model, config, moment)
    model.load_state_dict(checkpoints.load(run, config.from_step).state_dict())
    learner = Learner(model, config, moment)
    learner.prepare()
    if any(record["kind"] == "gone_on" and record.get("remembers") for record in told[-1:]):
        try:
            memory.recall(learner, resume.load(run, config.from_step))
        except (ValueError, TypeError) as error:
            raise resume.damaged(config.parent, config.from_step) from error
    return model, learner


def _keep(run: Run, step: int, model: nn.Module, learner: Learner, best: Record | None) -> None:
    """A checkpoint and what it does not say, in an order in which a kill leaves the newest one with its memory."""
    resume.save(run, step, memory.remember(learner))
    checkpoints.save(run, step, model)
    resume.forget_others(run, step)
    checkpoints.keep(run, spared=best["step"] if best else None)


def _ends_step(record: Record, config: TrainConfig) -> bool:
    """Whether the loop's next record would be of another step."""
    if record["kind"] == "start":
        return config.goes_on == "yes" and config.from_step < config.steps
    if record["kind"] == "step":
        return not config.is_kept(record["step"])
    return record["kind"] == "checkpoint" and bool(record["step"] < config.steps)


class _Pen:
    """Writes the records of a training, of its steps only as many as a curve can show."""

    def __init__(self, writer: records.Writer, config: TrainConfig, progress: Callable[[Record], None]) -> None:
        self._writer, self._progress = writer, progress
        self._every = config.steps_between_records
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
        self._writer.append(record)
        self._progress(record)
