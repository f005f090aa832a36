"""In which settings the compared runs differ: a row each, and how many settings all of them share."""

from collections.abc import Iterable, Mapping, Sequence
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
from mnist_viz.ui.comparing import ways
from mnist_viz.ui.comparing.runs import Compared, sample
from mnist_viz.ui.training import setting_words

MOST_COLUMNS = 4  # as many runs have room beside each other
NO_RECIPE = ("preset", "device", "goes_on", "began_with")
OF_SGD = ("momentum", "nesterov")  # settings that another optimiser does not use
OF_ANOTHER = ("parent", "from_step", "began_with")  # settings that name another run, or one of its checkpoints
WAY = "changed_on_the_way"
"""Beside the settings: what was changed while it trained, as (step, ((setting, value), ...)) after one another."""


def show(runs: tuple[Compared, ...], *, folded: bool) -> None:
    """The settings that are not the same for all runs; where they are not what the page shows, `folded`."""
    rows, shared = differing([settings(one.snapshot) for one in runs])
    if not rows:
        st.markdown(_("All {count} settings of these runs are the same: what differs is chance.").format(count=shared))
        return
    place = (
        st.expander(_("Settings in which these runs differ"), icon=":material/difference:")
        if folded
        else st.container()
    )
    with place:
        _table(runs, rows)
        if WAY in rows:
            ways.show([one.letter for one in runs], rows[WAY])
        st.caption(_("{count} other settings are the same.").format(count=shared))


def _table(runs: tuple[Compared, ...], rows: Mapping[str, list[Any]]) -> None:
    """A row for each setting, by the name it has in the form: a column for each run, or of many runs each value with
    the letters of those that have it, so that none is out of sight.
    """
    labels = {PRINTED: _("printed characters"), str(NEWEST): _("its last"), **frame.run_labels(board().summaries())}
    said = {name: [_words(name, value, labels) for value in values] for name, values in rows.items()}
    letters = [one.letter for one in runs]
    heads = "".join(f"<th>{sample(one.look)}</th>" for one in runs)
    if many := len(runs) > MOST_COLUMNS:
        heads = f"<th>{escape(_('Its values, each with the runs that have it'))}</th>"
    lines = "".join(
        f"<tr><th>{escape(_name(name))}</th>{_values(values, letters) if many else _cells(values)}</tr>"
        for name, values in said.items()
    )
    st.html(
        f'<div class="mv-differences"><table><tr><th>{escape(_("What differs"))}</th>{heads}</tr>{lines}</table></div>'
    )


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


def _values(words: Sequence[str], letters: Sequence[str]) -> str:
    """Each value once, behind the letters of the runs that have it."""
    having: dict[str, list[str]] = {}
    for word, letter in zip(words, letters, strict=True):
        having.setdefault(word, []).append(letter)
    each = (f"<span><b>{' '.join(who)}</b> {escape(word)}</span>" for word, who in having.items())
    return f"<td>{''.join(each)}</td>"


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
    return {**others, **setting_words.names()}.get(setting, setting)


def _words(setting: str, value: Any, labels: Mapping[str, str]) -> str:
    if value is None or value in ("", ()):
        return "–"
    if setting in OF_ANOTHER and str(value) in labels:
        return labels[str(value)]
    if setting == WAY:
        return ways.count(value)
    if setting in setting_words.menus():
        said = str(setting_words.in_link(setting, value))
        return setting_words.menus()[setting].get(said, said)
    if isinstance(value, bool | int | float):
        return f"{value:,}" if isinstance(value, int) else changes.value_of(setting, value)
    word, named = str(value), {"preset": setting_words.recipe, "preparation": _prepared}
    return named[setting](word) if setting in named else fields.names().get(word, word)


def _prepared(word: str) -> str:
    """The steps in words, or the word as it is where another hand wrote none."""
    try:
        return ", ".join(preparation.said(*step) for step in preparation.parse(word))
    except preparation.UnknownStep:
        return word
