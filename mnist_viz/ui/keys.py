"""The keys that work on every page (keys.html), and the list of all keys there are."""

from pathlib import Path

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import checkpoint_slider

SCRIPT = Path(__file__).with_name("keys.html")


def listen() -> None:
    """Let the keys press the frame's buttons."""
    st.html(SCRIPT, unsafe_allow_javascript=True)


def button() -> None:
    """A small button that lists the keys; `?` presses it. What plays is paused: its next step would close the list."""
    if st.button(
        _("Keys"),
        icon=":material/keyboard:",
        help=_("The keys: press ?"),
        key="keys",
        type="tertiary",
        on_click=checkpoint_slider.pause,
    ):
        st.dialog(_("Keys"), width="medium")(_list)()


def _list() -> None:
    lines = {
        _("on every page"): _("`←` `→` the digit before, the next one"),
        "": _("`Space` plays the checkpoints and pauses"),
        " ": _("`?` this list"),
        _("checkpoint"): _("`←` `→` the one before, the next one"),
        _("matrix, map, network, gallery"): _("`←` `↑` `↓` `→` what lies beside"),
        _("convolution: one window"): _("`←` `↑` `↓` `→` move it, `Space` plays; in a weight `↑` `↓` add ±0.1"),
        _("pad"): _("`Backspace` takes the last stroke back, `Delete` clears"),
    }
    rows = [f"| {where} | {keys} |" for where, keys in lines.items()]
    st.markdown("\n".join([_("| Where | Keys |"), "|---|---|", *rows]))
    st.caption(_("Click a part of a page, or come to it with Tab: then it has the keys. A field keeps them to itself."))
