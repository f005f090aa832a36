"""What a run that goes on takes over, before anybody sees it: its folder begins as the other's was at that step.

So every reader works with the one folder, and the curve of a chain of runs is that of its last.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_viz.runs import commands, inside, records, resume
from mnist_viz.runs.files import link_or_copy, write_whole
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import Run

if TYPE_CHECKING:
    from mnist_viz.training.config import TrainConfig

BEGINNING: Record = {"step": 0, "epoch": 0.0, "seconds": 0.0, "images_per_second": 0.0}


def take_over(folder: Path, before: Run, config: "TrainConfig") -> None:
    """Fill a new run's folder with what the run before recorded, kept and remembered until `config.from_step`.

    Raises OSError, or DamagedRun where what it remembered is not whole.
    """
    steps = [step for step in before.steps if step <= config.from_step]
    told = list(records_until(records.read_all(before), config))
    announced = {record["step"] for record in told if record["kind"] == "checkpoint"}
    if config.from_step not in announced:  # it was killed before it could say so
        told.append({"kind": "checkpoint", "step": config.from_step, "epoch": last_step(told)["epoch"]})
    remembers = resume.is_there(before, config.from_step)
    mark = {"kind": "gone_on", "step": config.from_step, "seconds": last_step(told)["seconds"]}
    told.append({**mark, "run": before.id, "remembers": remembers})
    write_whole(folder / records.NAME, b"".join(map(records.line, told)))
    new = Run(before.id, folder, before.cache)
    for step in steps:
        link_or_copy(before.checkpoint(step), new.checkpoint(step))
        if inside.place(before, step).is_file():
            link_or_copy(inside.place(before, step), inside.place(new, step))
    if remembers:
        resume.check(before, config.from_step)
        link_or_copy(resume.place(before, config.from_step), resume.place(new, config.from_step))


def records_until(told: Iterable[Record], config: "TrainConfig") -> Iterator[Record]:
    """What of a run's records is as true of the run that goes on from `config.from_step`.

    Not its starts, its end and its test, nor what led it for a moment; a look that was taken twice counts once. Of the
    steps as many as `config` records.
    """
    looked: set[tuple[int, str]] = set()
    for record in filter(records.is_whole, told):
        kind, step = record["kind"], record.get("step", 0)
        if step > config.from_step + (kind == "command"):  # which holds from the step after
            return
        if kind == "evaluation":
            if record["part"] != "test" and (step, record["part"]) not in looked:
                looked.add((step, record["part"]))
                yield record
        elif kind == "command":
            if record["command"] not in commands.WORDS:
                yield {name: value for name, value in record.items() if name != "file"}
        elif kind in ("checkpoint", "gone_on", inside.KIND) or (kind == "step" and _stays(step, config)):
            yield record


def standing(told: Iterable[Record], config: "TrainConfig") -> Record:
    """Where a training stands before its next step: at its beginning, or at the checkpoint that it goes on from, which
    may be newer than the last record that a crash has left.
    """
    if config.goes_on == "no":
        return BEGINNING
    return {**last_step(told), "step": config.from_step, "epoch": config.from_step / config.steps_per_epoch}


def last_step(told: Iterable[Record]) -> Record:
    """The newest step of these records; one without learning where there is none."""
    return next((record for record in reversed(list(told)) if record["kind"] == "step"), BEGINNING)


def _stays(step: int, config: "TrainConfig") -> bool:
    return step % config.steps_between_records == 0 or config.is_kept(step) or step == config.from_step
