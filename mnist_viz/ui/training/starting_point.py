"""What a training starts from: nothing, or a checkpoint of a run, and then on how few digits it goes on."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.runs.store import PRINTED, DamagedRun, UnknownRun
from mnist_viz.server.board import board
from mnist_viz.text import _
from mnist_viz.training import fields
from mnist_viz.training.config import FIELDS, PRESETS, Choice, Value
from mnist_viz.training.fields import LATER, NEWEST
from mnist_viz.training.presets import EPOCHS_OF_FEW, RATE_OF_READERS
from mnist_viz.ui import frame, link, words

PRESET = "fine_tune"
OWN = ("data", "per_class", "parent", "from_step", "trains")


def is_checkpoint() -> bool:
    """Whether the form starts from a checkpoint, by what the link says."""
    return st.session_state.get("start_from") == "run"


def choice(then: Callable[[], None]) -> bool:
    """The control that says from what; True for a checkpoint. `then` is called after a visitor chose another."""
    names = {"nothing": _("nothing"), "run": _("a run")}
    chosen = words.segmented("start_from", _("Start from"), names, default="nothing", then=then)
    return chosen == "run"


def in_the_row() -> None:
    """Which run is the parent, and how many digits of each class it is shown."""
    words.menu("parent", _("What it has learned"), parents(), default=PRINTED, width=240, then=_take_over_parent)
    amounts = {"1": "1", "5": "5", "10": "10", "100": "100", "0": _("all")}
    words.menu("per_class", _("Digits a class"), amounts, default="10", width=120, then=_take_over_recipe)


def in_the_fold(columns: Iterator[DeltaGenerator]) -> None:
    """Of which checkpoint, which layers learn, and whose digits they are; each in the next column."""
    steps, usual = link.steps(_parent()), link.usual_step(_parent())
    named = _("the last") if not steps or usual == steps[-1] else _("the best")
    others = {str(step): _("step {step:,}").format(step=step) for step in steps if step != usual}
    known = {str(NEWEST): named, **others}
    with next(columns):
        words.menu("from_step", _("Checkpoint to start from"), known, default=str(NEWEST))
    called = fields.names()
    for name, label, options, then in (
        ("trains", _("What learns"), ("all", "last_block", "head"), None),
        ("data", _("New digits"), ("mnist", "optdigits"), _take_over_recipe),
    ):
        with next(columns):
            shown = {option: called[option] for option in options}
            words.menu(name, label, shown, default=str(LATER[name]), then=then)


def parents() -> dict[str, str]:
    """The runs one can start from, by their labels: the printed characters first."""
    runs = frame.run_labels(one for one in board().summaries() if one.run.steps)
    return {PRINTED: _("printed characters"), **runs}


def chosen() -> dict[str, Value]:
    """The settings that belong to a start from a checkpoint, as the form says them now."""
    recipe = PRESETS[PRESET].settings
    said: dict[str, Value] = {name: st.session_state.get(name, recipe[name]) for name in OWN}
    for name in ("trains", "data"):
        field = FIELDS[name]
        if isinstance(field, Choice) and (said[name] not in field.options or said[name] == "printed"):
            said[name] = recipe[name]
    parent = _parent()
    steps = [str(NEWEST), *map(str, link.steps(parent))]
    if str(said["from_step"]) not in steps:
        said["from_step"] = NEWEST
    if str(said["per_class"]) not in (*map(str, EPOCHS_OF_FEW), "0"):
        said["per_class"] = recipe["per_class"]
    return {**said, "parent": parent, **_network(parent)}


def _parent() -> str:
    """The chosen parent, the printed characters where the link says one that is not there."""
    said = str(st.session_state.get("parent", PRINTED))
    return said if said in parents() else PRINTED


def _network(parent: str) -> dict[str, Value]:
    """The architecture of the parent, and its layers where they are a setting."""
    config = _settings(parent)
    return {"architecture": str(config["architecture"]), "layers": config.get("layers") or ""}


def _settings(parent: str) -> Mapping[str, Any]:
    """The settings of the parent, the preset's where it is gone."""
    try:
        return board().store.run(parent).config
    except (UnknownRun, DamagedRun):
        return PRESETS[PRESET].settings


def _take_over_parent() -> None:
    """Another parent has other checkpoints, and learned from digits as it prepares them; of one that reads digits
    already less is to be changed.
    """
    link.choose(from_step=str(NEWEST), preparation=str(_settings(_parent()).get("preparation") or ""))
    _take_over_recipe()


def _take_over_recipe() -> None:
    """Fewer digits are looked at more often; all of MNIST as the usual recipe does, all others as its hundreds."""
    said = chosen()
    per_class = int(said["per_class"])
    all_of_mnist = per_class == 0 and said["data"] == "mnist"
    recipe = PRESETS["live" if all_of_mnist else PRESET].settings
    epochs = recipe["epochs"] if all_of_mnist else EPOCHS_OF_FEW[per_class or max(EPOCHS_OF_FEW)]
    rate = recipe["rate"] if said["parent"] == PRINTED else RATE_OF_READERS
    link.choose(epochs=epochs, batch=recipe["batch"], rate=rate)
