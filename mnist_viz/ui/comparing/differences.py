"""In which settings the compared runs differ: a row each, and how many settings all of them share."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import streamlit as st

from mnist_viz.data import preparation
from mnist_viz.figures import changes
from mnist_viz.runs.store import PRINTED
from mnist_viz.server.board import Snapshot, board
from mnist_viz.text import _
from mnist_viz.training import fields
from mnist_viz.training.fields import FIELDS, LATER, NEWEST
from mnist_viz.ui import frame
from mnist_viz.ui.comparing.runs import Compared, sample
from mnist_viz.ui.training import form, setting_words

NO_RECIPE = ("preset", "device", "goes_on", "began_with")
OF_SGD = ("momentum", "nesterov")  # settings that another optimiser does not use
OF_ANOTHER = ("parent", "from_step", "began_with")  # settings that name another run, or one of its checkpoints
WAY = "changed_on_the_way"
"""Beside the settings: what was changed while it trained, as (step, ((setting, value), ...)) after one another."""


def table(runs: tuple[Compared, ...]) -> None:
    """The settings that are not the same for all runs, by the names of the form."""
    rows, shared = differing([settings(one.snapshot) for one in runs])
    if not rows:
        st.markdown(_("All {count} settings of these runs are the same: what differs is chance.").format(count=shared))
        return
    labels = {PRINTED: _("printed characters"), str(NEWEST): _("its last"), **frame.run_labels(board().summaries())}
    heads = "".join(f"<th>{sample(one.look)}</th>" for one in runs)
    lines = "".join(
        f"<tr><th>{escape(_name(setting))}</th>{_cells(_words(setting, value, labels) for value in values)}</tr>"
        for setting, values in rows.items()
    )
    st.html(
        f'<div class="mv-differences"><table><tr><th>{escape(_("What differs"))}</th>{heads}</tr>{lines}</table></div>'
    )
    st.caption(_("{count} other settings are the same.").format(count=shared))


def settings(snapshot: Snapshot, count: int | None = None) -> dict[str, Any]:
    """What a run began with and, under WAY, what was changed since; of its first `count` records, or of all."""
    records = snapshot.records[:count]
    way = tuple((int(one["step"]), tuple(sorted(one["settings"].items()))) for one in changes.changes(records))
    return {**changes.at_first(snapshot.config, records), WAY: way}


def recipe(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a run does, without what its settings are called: two with the same recipe differ in the seed alone."""
    others = {name: _used(config, name) for name in (*FIELDS, WAY) if name not in NO_RECIPE}
    if config.get("goes_on") != "yes":
        return others
    began = {"parent": config.get("began_with"), "from_step": LATER["from_step"]}  # whole, as though never left
    return others | {name: _used(began, name) for name in began}


def differing(configs: list[Mapping[str, Any]]) -> tuple[dict[str, list[Any]], int]:
    """The settings whose values differ, by name, a value a run; and how many settings do not. WAY differs as they do.

    A value is None where the run has no such setting or does not use it.
    """
    rows = {name: [_used(config, name) for config in configs] for name in (*FIELDS, WAY)}
    differ = {name: values for name, values in rows.items() if any(value != values[0] for value in values)}
    return differ, sum(name not in differ for name in FIELDS)


def _used(config: Mapping[str, Any], name: str) -> Any:
    if name in OF_SGD and config.get("optimiser") != "sgd":
        return None
    if name == "from_step" and not config.get("parent"):
        return None
    value = config.get(name)
    return LATER.get(name) if value is None else value


def _cells(words: Iterable[str]) -> str:
    return "".join(f"<td>{escape(one)}</td>" for one in words)


def _name(setting: str) -> str:
    others = {
        "data": _("Data"),
        "per_class": _("Digits a class (0: all)"),
        "parent": _("What it had learned before"),
        "from_step": _("Checkpoint to start from"),
        "trains": _("What learns"),
        "layers": _("Layers of its own"),
        "fold": _("Fold"),
        "goes_on": _("Goes on with a run that was left"),
        "began_with": _("What it had learned before that"),
        "cycle_from": _("Epochs before its schedule began again"),
        WAY: _("Changed on the way"),
    }
    return {**others, **form.names()}.get(setting, setting)


def _words(setting: str, value: Any, labels: Mapping[str, str]) -> str:
    if value is None or value in ("", ()):
        return "–"
    if setting in OF_ANOTHER and str(value) in labels:
        return labels[str(value)]
    if setting == WAY:
        return "; ".join(_change(step, dict([one])) for step, several in value for one in several)
    if setting in setting_words.menus():
        said = str(setting_words.in_link(setting, value))
        return setting_words.menus()[setting].get(said, said)
    if isinstance(value, bool | int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:g}"
    called = form.recipes() if setting == "preset" else fields.names()
    return _prepared(str(value)) if setting == "preparation" else called.get(str(value), str(value))


def _prepared(word: str) -> str:
    """The steps in words, or the word as it is where another hand wrote none."""
    try:
        return ", ".join(preparation.said(*step) for step in preparation.parse(word))
    except preparation.UnknownStep:
        return word


def _change(step: int, changed: Mapping[str, Any]) -> str:
    return _("{change} from step {step:,} on").format(change=changes.label({"settings": changed}), step=step)
