"""The records of a run: one whole line of JSON each, appended by the trainer, followed by any number of readers.

Every record has a `kind`; all other fields are listed here (times in seconds, shares and accuracies in 0..1):
start       device, steps, steps_per_epoch, digits, parameters, learn       (how many of the parameters learn)
step        step, epoch, loss, accuracy, rate, seconds, images_per_second   (of the batch that was trained on)
checkpoint  step, epoch                                                     (written once its file is there)
evaluation  step, epoch, part (val, test or old), digits, loss, accuracy, seconds
            (old: the validation digits of the data that the run it started from had learned)
command     command (pause, resume, step, pace, stop or change), value, file
            (change: settings, what they were before, the step they hold from, epoch and seconds of the step before it,
            and, where nothing was changed, why it was refused)
inside      step, epoch, seconds, digits, gradients, dead                   (at checkpoints; `runs.inside` reads it)
finished, stopped    test_accuracy, val_accuracy, seconds, images_per_second
            (finished with patience: best_step, whose weights were tested, and stopped_early besides)
failed      reason, in one sentence                                         (diverged besides where the loss ran away)
gone_on     step, seconds, run, remembers   (what stands before it is of that run; without its memory it went on with a
            fresh optimiser)
`seconds` is the time spent on training alone until then, without evaluation and pauses.
"""

import json
import math
import os
from collections.abc import Mapping
from typing import Any, NoReturn, Self

from mnist_viz.runs.store import Run

NAME = "metrics.jsonl"
TAIL = 4096  # bytes; an ending has about 200
_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
ENDINGS = ("finished", "stopped", "failed")
FIELDS = {
    "start": ("steps", "steps_per_epoch", "digits"),
    "step": ("step", "epoch", "loss", "accuracy", "seconds", "images_per_second"),
    "checkpoint": ("step",),
    "evaluation": ("step", "part", "digits", "loss", "accuracy", "seconds"),
    "command": ("command", "value"),
    "inside": ("step", "seconds", "gradients", "dead"),
    "failed": ("reason",),
    "gone_on": ("step", "seconds"),
}
"""What whoever shows records may rely on."""
Record = dict[str, Any]


class Writer:
    """Adds records to one run, whose file stays open within the `with` block: a training adds one at every step."""

    def __init__(self, run: Run) -> None:
        self._file = (run.folder / NAME).open("a+b", buffering=0)
        self._is_cut = False
        if self._file.seek(0, os.SEEK_END) > 0:
            self._file.seek(-1, os.SEEK_END)
            self._is_cut = self._file.read(1) != b"\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._file.close()

    def append(self, record: Mapping[str, Any]) -> None:
        """Add a record, which is in the file at once; a line that a crash or a full disk has cut is closed first."""
        written = b"\n" + line(record) if self._is_cut else line(record)
        self._is_cut = self._file.write(written) < len(written)


def append(run: Run, record: Mapping[str, Any]) -> None:
    """Add a single record."""
    with Writer(run) as writer:
        writer.append(record)


def line(record: Mapping[str, Any]) -> bytes:
    """A record as it stands in the file. What is no number is written as null."""
    finite = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in record.items()
    }
    return _ENCODER.encode(finite).encode() + b"\n"


class Tail:
    """Follows the records of one run; a line that is none is passed over."""

    def __init__(self, run: Run) -> None:
        self._path = run.folder / NAME
        self._offset = 0

    def read(self) -> list[Record]:
        """The records added since the last call. A last line without its end is left for the next call;
        a file that has become shorter is followed on from its new end; a missing one has no records.
        """
        try:
            with self._path.open("rb") as file:
                self._offset = min(self._offset, file.seek(0, os.SEEK_END))
                file.seek(self._offset)
                content = file.read()
        except OSError:
            return []
        whole = content[: content.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [record for line in whole.split(b"\n") if (record := _parse(line)) is not None]


def _parse(line: bytes) -> Record | None:
    try:
        record = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and isinstance(record.get("kind"), str) else None


def shown_step(run: Run) -> int | None:
    """The checkpoint that stands for the run: that of the best step where its ending names one, else the newest; None
    before the first.
    """
    steps = run.steps
    best = last(run).get("best_step")
    return best if best in steps else max(steps, default=None)


def last(run: Run) -> Record:
    """The last record, read from the end of the file; empty where there is none."""
    try:
        with (run.folder / NAME).open("rb") as file:
            file.seek(-min(TAIL, file.seek(0, os.SEEK_END)), os.SEEK_END)
            lines = file.read().split(b"\n")
    except OSError:
        return {}
    return (_parse(lines[-2]) if len(lines) > 1 else None) or {}


def is_whole(record: Record) -> bool:
    """Whether a record has what its kind promises; what another hand wrote into the file may not."""
    return all(name in record for name in FIELDS.get(record["kind"], ()))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number of JSON")


def read_all(run: Run) -> list[Record]:
    """Every record that is there now."""
    return Tail(run).read()
