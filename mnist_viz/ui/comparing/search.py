"""Which runs a line of words finds, and what runs are called where columns say the rest."""

from collections.abc import Iterable, Mapping
from typing import Any

from mnist_viz.runs.store import PRINTED
from mnist_viz.server.board import Summary
from mnist_viz.text import _
from mnist_viz.training import fields
from mnist_viz.training.failures import Refused
from mnist_viz.training.fields import FIELDS, LATER
from mnist_viz.training.kinds import Number
from mnist_viz.ui import frame


def finds(summary: Summary, said: str) -> bool:
    """Whether a run has every word that is searched for in its id, name, tags, network, state, or in its settings as
    the form says them; batch=64 is such a setting and no other, and rate=.01 is one of 0.01.
    """
    searched = said.casefold().split()
    if not searched:
        return True
    settings = {name: used(summary, name) for name in FIELDS}
    exact = {f"{name}={value}".casefold() for name, value in settings.items()}
    called = fields.names()
    chosen = [value for name, value in settings.items() if name != "preset"]  # a recipe may be called as a scaling is
    named = [called[value] for value in chosen if isinstance(value, str) and value in called]
    own = [frame.name_of(summary), summary.run.id, *summary.notes.tags, frame.state_word(summary.state)]
    text = " ".join([*own, *named, *map(str, settings.values())]).casefold()
    return all(word in exact or word in text or _is_number(word, settings) for word in searched)


def _is_number(word: str, settings: Mapping[str, Any]) -> bool:
    """Whether the word names one of the settings and the very number that it has, however that is written."""
    name, _equals, said = word.partition("=")
    try:
        return isinstance(FIELDS.get(name), Number) and bool(FIELDS[name].checked(name, said) == settings[name])
    except Refused:
        return False


def used(summary: Summary, name: str) -> Any:
    """The value of a setting, as another hand may have written it too."""
    value = summary.config.get(name)
    return LATER.get(name) if value is None else value


def names(summaries: Iterable[Summary]) -> dict[str, str]:
    """What each of these runs is called, by its id, as menus call it, no two alike; and what only others start from."""
    called = {PRINTED: _("printed characters")}
    for one in summaries:
        name = frame.name_of(one)
        called[one.run.id] = f"{name} · {one.run.id[-4:]}" if name in called.values() else name
    return called
