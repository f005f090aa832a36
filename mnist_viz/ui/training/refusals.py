"""A number that a setting cannot be, refused in the words of the form; the command line says it in its own."""

from collections.abc import Iterable, Mapping

import streamlit as st

from mnist_viz.figures.changes import IN_PERCENT
from mnist_viz.text import _
from mnist_viz.training.fields import FIELDS
from mnist_viz.training.kinds import Number, OutOfBounds, Value
from mnist_viz.ui import link
from mnist_viz.ui.training import setting_words


def sentence(refusal: Exception, label: str = "") -> str:
    """What its field, with this label or its usual one, can be, and what came; another refusal says itself."""
    if not isinstance(refusal, OutOfBounds):
        return str(refusal)
    label = label or setting_words.names()[refusal.name]
    said = _("“{label}” can be {allowed}, not {value}.")
    return said.format(label=label, allowed=_allowed(refusal), value=_came(refusal))


def of_the_link(names: Iterable[str]) -> list[OutOfBounds]:
    """Of which of these settings the link says a number that they cannot be; to be asked before their fields, which put
    the link right.
    """
    found = []
    for name in names:
        field = FIELDS[name]
        if name in st.query_params and isinstance(field, Number):
            try:
                field.checked(name, st.query_params[name])
            except OutOfBounds as refusal:
                found.append(refusal)
    return found


def show(refused: Iterable[OutOfBounds], taken: Mapping[str, Value]) -> None:
    """What the link says, what is allowed, and what is `taken` in its place; nothing of a setting that takes none."""
    said = _("The link says {value} for “{label}”, which can be {allowed}: it is now {taken}.")
    sentences = []
    for one in refused:
        if one.name in taken:
            label, now = setting_words.names()[one.name], _shown(one.name, taken[one.name])
            sentences.append(said.format(label=label, allowed=_allowed(one), value=_came(one), taken=now))
    if sentences:
        st.info("\n\n".join(sentences))


def _shown(name: str, value: Value) -> str:
    """The number of a setting as its field shows it."""
    word = str(setting_words.in_link(name, value))
    return setting_words.menus().get(name, {}).get(word) or _number(name, float(value))


def _number(name: str, value: float) -> str:
    """A number as one writes it, 0.000001 and 55,000, in per cent where the field of this setting is."""
    value *= 100 if name in IN_PERCENT else 1
    if value and not 1e-6 <= abs(value) < 1e12:
        return f"{value:g}"
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def _allowed(refusal: OutOfBounds) -> str:
    said = _("a whole number from {low} to {high}") if refusal.allowed.whole else _("a number from {low} to {high}")
    low, high = refusal.allowed.low, refusal.allowed.high
    return said.format(low=_number(refusal.name, low), high=_number(refusal.name, high))


def _came(refusal: OutOfBounds) -> str:
    if refusal.number is None:
        return _("“{word}”").format(word=link.plain(refusal.value))
    return _number(refusal.name, refusal.number)
