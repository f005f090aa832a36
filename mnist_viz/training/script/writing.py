"""The program that trains a run again: which runs it can be written for, and its text."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any

from mnist_viz.plan import words as plan
from mnist_viz.runs import commands
from mnist_viz.runs.records import Record
from mnist_viz.text import _
from mnist_viz.training import schedules
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fields import AUGMENTATION, LATER, OWN, names
from mnist_viz.training.kinds import Value
from mnist_viz.training.script import architecture, preparing

TEMPLATE = Path(__file__).with_name("template.txt")
WRITTEN = frozenset(
    {
        "preset",  # decides nothing by itself
        "architecture",
        "layers",
        "epochs",
        "batch",
        "rate",
        "optimiser",
        "schedule",
        "momentum",
        "nesterov",
        "weight_decay",
        "digits",
        "per_class",
        "seed",
        "device",
        "smoothing",
        "initialisation",
        "averaging",
        "patience",
        "preparation",
        "scaling",
        "dropout",
        *AUGMENTATION,
        "folds",
        "fold",
    }
)
"""The settings that the program has in it. With any other, unless it is as in runs that did not know it, none is
written.
"""
_LINE = re.compile(r"(?P<text>.*?) *#\? (?P<not>not )?(?P<said>[a-z_= ]+)")


def refusal(config: TrainConfig, records: Iterable[Record] = ()) -> str:
    """Why no program can train this run again, in one sentence; "" where one can."""
    settings: Mapping[str, Value] = config.as_dict()
    if config.goes_on == "yes":
        return _("No program of one file trains it again: it went on where another run was left.")
    if config.parent:
        return _("No program of one file trains it again: it started from the checkpoint of another run.")
    if config.data != "mnist":
        return _("No program of one file trains it again: it learned from {data}, which are made in this app.").format(
            data=names()[config.data]
        )
    for name in settings:
        if name not in WRITTEN and settings[name] != LATER.get(name):
            said = _("No program of one file trains it again: it does not know the setting {name}={value}.")
            return said.format(name=name, value=settings[name])
    obeyed = [one for one in records if one["kind"] == "command" and "refused" not in one]
    if any(one.get("command") not in commands.WORDS for one in obeyed):
        return _("No program of one file trains it again: it was changed while it trained.")
    return ""


def write(config: TrainConfig, run: str, *, stopped: bool = False) -> str:
    """The program that trains to its end what the run of this id trained, or was stopped in. Raises ValueError where
    `refusal` says why not.

    All that goes into it was checked by the settings' one door, so that nothing in it is anybody's own code.
    """
    if why := refusal(config):
        raise ValueError(why)
    class_name, network = architecture.source(config.architecture, config.layers, config.scaling)
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    from mnist_viz.training import augmentation  # noqa: PLC0415  brings torch

    augmented = augmentation.recipe(config.as_dict())
    decided = {
        "stopped": stopped,
        "augmented": bool(augmented),
        "kornia": bool(augmented) or preparing.needs_kornia(config.preparation),
        "before_head": config.dropout not in (OWN, 0) and not _drops(config),
    }
    kept = "\n".join(_kept(lines, {**config.as_dict(), **decided}))
    text = Template(re.sub(r"\n{4,}", "\n\n\n", kept)).substitute(
        {
            **config.as_dict(),
            "run": run,
            "pool": config.pool,
            "fold": max(config.fold, 1),
            "look": config.steps if config.per_class else config.steps_between_looks,
            "network": network,
            "augment": "\n".join(_call(name, words) for name, words in augmented),
            "prepare": preparing.source(config.preparation),
            "class_name": class_name,
            "optimiser": {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}[config.optimiser],
            "how": _how(config),
            "label_smoothing": ", label_smoothing=SMOOTHING" if config.smoothing else "",
            "warm_up": schedules.WARM_UP,
            "start": schedules.START,
            "fall": schedules.FALL,
        }
    )
    return f"{text}\n"


def _how(config: TrainConfig) -> str:
    """What the optimiser is told beside its rate, as the entries of a dictionary."""
    if config.optimiser == "sgd":
        said: dict[str, Any] = {"momentum": config.momentum, "nesterov": config.nesterov == "yes"}
    else:
        said = {"betas": config.betas}
    if config.weight_decay or config.optimiser == "adamw":  # which decays where nothing is said
        said["weight_decay"] = "WEIGHT_DECAY"
    return ", ".join(f'"{name}": {value}' for name, value in said.items())


def _call(name: str, words: Mapping[str, object]) -> str:
    said = "\n".join(f"            {word}={value!r}," for word, value in words.items() if value is not None)
    return f"        kornia.augmentation.{name}(\n{said}\n        ),"


def _drops(config: TrainConfig) -> bool:
    """Whether the network has dropout of its own, whose share can be set."""
    import models  # noqa: PLC0415  brings torch
    from mnist_viz.training.dropout import LAYERS  # noqa: PLC0415  brings torch

    model = models.build(config.architecture, **plan.shape(config.architecture, config.layers))
    return any(isinstance(layer, LAYERS) for layer in model.modules())


def _kept(lines: Iterable[str], settings: Mapping[str, object]) -> Iterable[str]:
    """The lines of the template that belong to these settings: one that ends in "#? averaging or patience" where one
    of both is not as usual, in "#? schedule=step" where it is that, in "#? not ..." where it is not.
    """
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            yield line
        elif any(_is_so(word, settings) for word in match["said"].split(" or ")) is not bool(match["not"]):
            yield match["text"]


def _is_so(word: str, settings: Mapping[str, object]) -> bool:
    name, equals, value = word.partition("=")
    return str(settings[name]) == value if equals else settings[name] != LATER.get(name, False)
