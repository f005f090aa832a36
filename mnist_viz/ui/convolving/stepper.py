"""Two buttons that lead to the station before and the one after, with the keys of a presenter's remote."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import link


def moves(word: str, stations: list[str], at: int) -> None:
    """Buttons that set this word of the link; in a row that stands around them."""
    for icon, name, key, step in (("arrow_back", _("Back"), "PageUp", -1), ("arrow_forward", _("Next"), "PageDown", 1)):
        inside = 0 <= at + step < len(stations)
        st.button(
            name,
            icon=f":material/{icon}:",
            icon_position="left" if step < 0 else "right",
            key=f"{word}_{step}",
            type="secondary" if step < 0 else "primary",
            disabled=not inside,
            shortcut=key,
            on_click=link.choose,
            kwargs={word: stations[at + step]} if inside else {},
        )
