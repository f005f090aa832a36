"""Commands to a trainer: each is the name of an empty file in control/, obeyed once, in order.

A name such as `000002.pace=4` or `000003.rate=0.003,momentum=0.5` appears whole on every file system, for there is
nothing to write into it.
"""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mnist_viz.runs.store import Run
from mnist_viz.text import _

WORDS = ("pause", "resume", "step", "pace", "stop")
"""They steer a training while one looks, and decide nothing that it learns from step to step."""
CHANGE = "change"
SETTINGS = (
    "rate",
    "momentum",
    "weight_decay",
    "dropout",
    "rotation",
    "shift",
    "zoom",
    "shear",
    "elastic",
    "erasing",
    "grain",
)
"""Settings that may change while a training goes on; `training.changes` says what each may become."""
PACES = (0.1, 1000.0)  # steps a second; 0 means full speed
_NAME = re.compile(r"([0-9]{6,9})\.([a-z]+)(?:=([0-9.]{1,12}))?")
_VALUE = re.compile(r"[a-z0-9_.+-]{1,24}")
_CHANGES = re.compile(rf"([0-9]{{6,9}})\.([a-z_]+={_VALUE.pattern}(?:,[a-z_]+={_VALUE.pattern})*)")


@dataclass(frozen=True, order=True)
class Command:
    """What a viewer asked for; `file` is its name in control/, `value` the pace in steps a second.

    With the word `change` the `settings` are what shall change, name and value as they were written.
    """

    number: int
    word: str
    value: float | None
    file: str
    settings: tuple[tuple[str, str], ...] = ()


def give(run: Run, word: str, value: float | None = None) -> str:
    """Ask the trainer of this run for something; returns the name of the file that says so.

    pause; resume; step (one step, then pause); pace (`value` steps a second, 0 = full speed); stop (and keep
    what was learned). Raises ValueError for another word or a value that makes no sense.
    """
    return _give(run, _checked(word, value))


def change(run: Run, settings: Mapping[str, str | int | float]) -> str:
    """Ask the trainer of this run to change settings, all of them at once; returns the name of the file that says so.

    Raises ValueError for none, for one that never changes, and for a value that no file name can hold.
    """
    words = {name: str(value) for name, value in settings.items()}
    for name, value in words.items():
        if name not in SETTINGS:
            raise ValueError(
                _("{name} does not change while it trains: change one of {names}.").format(
                    name=repr(name), names=", ".join(SETTINGS)
                )
            )
        if not _VALUE.fullmatch(value):
            raise ValueError(
                _("{name}={value} is no value: try a plain number.").format(name=name, value=repr(value[:40]))
            )
    if not words:
        raise ValueError(_("Nothing is to be changed: name a setting, such as rate=0.001."))
    return _give(run, ",".join(f"{name}={value}" for name, value in words.items()))


def _give(run: Run, ending: str) -> str:
    folder = run.folder / "control"
    folder.mkdir(exist_ok=True)
    number = max((command.number for name in _files(folder) if (command := _parse(name))), default=0)
    while True:
        number += 1
        file = f"{number:06d}.{ending}"
        try:
            os.close(os.open(folder / file, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            continue
        return file


class Inbox:
    """The trainer's side: every command, each once."""

    def __init__(self, run: Run) -> None:
        self._folder = run.folder / "control"
        self._seen: set[str] = set()

    def new(self) -> list[Command]:
        """The commands that have come since the last call, in order; names that say nothing are passed over."""
        names = _files(self._folder) - self._seen
        self._seen |= names
        return sorted(command for name in names if (command := _parse(name)))


def _checked(word: str, value: float | None) -> str:
    """The file name's ending for a command that makes sense."""
    if word not in WORDS:
        raise ValueError(
            _("{word} is no command: give one of {words}.").format(word=repr(word), words=", ".join(WORDS))
        )
    if word != "pace":
        if value is not None:
            raise ValueError(
                _("{word}={value} is one number too many: only pace takes a number.").format(word=word, value=value)
            )
        return word
    if value is None or not _is_pace(value):
        raise ValueError(
            _("pace={value} is outside {low}..{high} steps a second: try 4, or 0 for full speed.").format(
                value=value, low=PACES[0], high=PACES[1]
            )
        )
    return f"pace={round(value, 3):g}"


def _is_pace(value: float) -> bool:
    return math.isfinite(value) and (value == 0 or PACES[0] <= value <= PACES[1])


def _files(folder: Path) -> set[str]:
    """The names in control/, none where it is not there: asked before every step, so as plainly as can be."""
    try:
        return set(os.listdir(folder))  # noqa: PTH208  a path of each would be thrown away
    except OSError:
        return set()


def _parse(name: str) -> Command | None:
    match = _NAME.fullmatch(name)
    if match is None or match[2] not in WORDS:
        return _parse_changes(name)
    if (match[2] == "pace") != (match[3] is not None):
        return None
    try:
        value = None if match[3] is None else float(match[3])
    except ValueError:
        return None
    if value is not None and not _is_pace(value):
        return None
    return Command(int(match[1]), match[2], value, name)


def _parse_changes(name: str) -> Command | None:
    match = _CHANGES.fullmatch(name)
    if match is None:
        return None
    settings = [(word, value) for word, _equals, value in (one.partition("=") for one in match[2].split(","))]
    names = [word for word, _value in settings]
    if len(set(names)) < len(names) or not set(names) <= set(SETTINGS):
        return None
    return Command(int(match[1]), CHANGE, None, name, tuple(settings))
