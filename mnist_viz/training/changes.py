"""What may change while a training goes on, and what its settings are at a moment: config.json and the changes."""

from collections.abc import Iterable, Mapping

from mnist_viz.runs import commands
from mnist_viz.runs.commands import CHANGE, SETTINGS, Command
from mnist_viz.runs.parts import Parts
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import Run
from mnist_viz.text import _
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Refused
from mnist_viz.training.fields import names

_NEEDS = {"momentum": ("optimiser", ("sgd",))}
"""A setting that has a meaning only beside certain values of another; all others always have one."""


class Moment:
    """What the hand on a training and its loop tell each other between two steps.

    `now` are the settings that the next step follows; a changed rate is the peak that the schedule follows. `watched`
    says whether the next step shall be taken down part by part, and `parts` is what was taken down of the last.
    `singly` says that somebody looks at each step as it is taken; `pending` how many records are still to come of
    steps that were taken together, before which nothing can be decided.
    """

    def __init__(self, config: TrainConfig) -> None:
        self.now = config
        self.watched = False
        self.singly = False
        self.pending = 0
        self.parts: Parts | None = None

    def obey(self, command: Command, at: Record) -> Record:
        """Change what the command says, from the step after the record `at`; returns the record of it.

        What makes no sense changes nothing, and the record says why as `refused`.
        """
        before, told = self.now, dict(command.settings)
        record = {
            "kind": "command",
            "command": CHANGE,
            "value": None,
            "file": command.file,
            "step": at["step"] + 1,
            "epoch": at["epoch"],
            "seconds": at["seconds"],
        }
        try:
            self.now = changed(before, told)
        except Refused as refusal:
            return {**record, "settings": told, "refused": str(refusal)}
        was, now = before.as_dict(), self.now.as_dict()
        return {**record, "settings": {name: now[name] for name in told}, "before": {name: was[name] for name in told}}


def changeable(config: TrainConfig) -> tuple[str, ...]:
    """The settings that may change while this training goes on, those alone that have a meaning in it."""
    return tuple(name for name in SETTINGS if _applies(name, config))


def changed(config: TrainConfig, settings: Mapping[str, object]) -> TrainConfig:
    """The settings with some of them changed on the way. Raises Refused."""
    for name in settings:
        if name not in SETTINGS:
            raise Refused(
                _("{name} does not change while it trains: change one of {names}.").format(
                    name=str(name)[:40], names=", ".join(SETTINGS)
                )
            )
        if not _applies(name, config):
            other, _values = _NEEDS[name]
            value = str(config.as_dict()[other])
            raise Refused(
                _("{name} has no meaning with {value}: leave it as it is.").format(
                    name=name, value=names().get(value, value)
                )
            )
    return TrainConfig.from_dict({**config.as_dict(), **settings})


def as_changed(config: TrainConfig, records: Iterable[Record]) -> TrainConfig:
    """The settings as they were after these records of a run: what it began with, and every change since."""
    for record in records:
        if record.get("kind") == "command" and record.get("command") == CHANGE and "refused" not in record:
            settings = record.get("settings")
            try:
                config = changed(config, settings if isinstance(settings, dict) else {})
            except Refused:
                continue  # another hand wrote into the records
    return config


def ask(run: Run, config: TrainConfig, settings: Mapping[str, object]) -> str:
    """Ask the trainer of a run, whose settings of the moment these are, for a change. Raises Refused, or OSError.

    What stays as it is is left out; returns the name of the file that says it, or "" where nothing changes.
    """
    wanted, was = changed(config, settings).as_dict(), config.as_dict()
    new = {name: wanted[name] for name in settings if wanted[name] != was[name]}
    return commands.change(run, new) if new else ""


def _applies(name: str, config: TrainConfig) -> bool:
    if name not in _NEEDS:
        return True
    other, values = _NEEDS[name]
    return config.as_dict()[other] in values
