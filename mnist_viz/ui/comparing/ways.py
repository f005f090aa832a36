"""What was changed in the compared runs while they trained: a line for each change, with the runs that share it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from mnist_viz.figures import changes
from mnist_viz.text import _

Change = tuple[int, tuple[tuple[str, float | str], ...]]
"""A step, and the settings that were others from it on."""


def count(way: Sequence[Change]) -> str:
    """How often a run was changed, in a word or two for the table."""
    return _("once") if len(way) == 1 else _("{count} times").format(count=len(way))


def show(letters: Sequence[str], ways: Sequence[Sequence[Change]]) -> None:
    """The changes by step, a line each. Who goes on with a run shares its changes: they stand there once."""
    lines = "".join(
        f"<li><b>{' '.join(who)}</b> {escape(_sentence(change))}</li>" for change, who in _shared(letters, ways)
    )
    st.html(f'<div class="mv-ways"><b>{escape(_("Changed on the way"))}</b><ul>{lines}</ul></div>')


def _shared(letters: Sequence[str], ways: Sequence[Sequence[Change]]) -> list[tuple[Change, list[str]]]:
    """Each change once, the earliest first, with the letters of the runs that were changed so."""
    found: dict[Change, list[str]] = {}
    for letter, way in zip(letters, ways, strict=True):
        for change in dict.fromkeys(way):
            found.setdefault(change, []).append(letter)
    return sorted(found.items(), key=lambda one: (one[0][0], one[1]))


def _sentence(change: Change) -> str:
    step, settings = change
    said = ", ".join(changes.label({"settings": {name: value}}) for name, value in settings)
    return _("{change} from step {step:,} on").format(change=said, step=step)
