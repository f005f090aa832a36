"""The drawing pad: the address that reads pictures in, the last picture that was drawn out.

While one draws, the browser asks that address and moves ten bars; the page runs again only when the pen rests.
"""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.text import _

PART = Path(__file__).with_name("pad_part")
SCRIPTS = ("centre.js", "strokes.js", "answer.js", "mount.js")  # together one module, which exports mount's
_mount = st.components.v2.component(
    "mnist_viz_pad",
    html=(PART / "pad.html").read_text(encoding="utf-8"),
    css=(PART / "pad.css").read_text(encoding="utf-8"),
    js="\n".join((PART / name).read_text(encoding="utf-8") for name in SCRIPTS),
    isolate_styles=False,
)


def _nothing() -> None:
    """Streamlit gives back a value for every event that has a listener."""


def show(route: str, *, key: str, label: str, prepares: bool = False) -> NDArray[np.uint8] | None:
    """Show the pad; returns its centred picture (28, 28), or None of an empty pad.

    `route` is where the browser posts these 784 bytes and gets ten probabilities; a network that `prepares` what it
    gets answers with the prepared bytes too, which are then what is shown. `label` is for those who do not see it.
    """
    words = {
        "hint": _("Draw a digit here, with mouse, finger or pen"),
        "paper": _("Drawing pad. Who cannot draw changes a test digit instead: choose it above."),
        "undo": _("Undo stroke"),
        "undo_key": _("Take back the last stroke (Backspace)"),
        "clear": _("Clear"),
        "clear_key": _("Begin again on empty paper (Delete)"),
        "raw": _("Your drawing in 28 × 28 pixels"),
        "seen": _("What the network gets: in a box of 20 × 20, centred, prepared as its digits are")
        if prepares
        else _("What the network gets: in a box of 20 × 20, centred"),
        "bars": _("Ten probabilities"),
        "read": _("read as {digit}"),
        "says": _("Read as {digit} with {share}"),
        "empty": _("Its guess at empty paper"),
        "percent": _("{share} %"),
        "least": _("< 0.1 %"),
        "most": _("> 99.9 %"),
        "silent": _("The server did not answer: draw on to ask again."),
    }
    data = {"route": route, "label": label, "words": words, "read_colour": style.VIOLET, "prepares": prepares}
    return _picture(_mount(key=key, data=data, on_drawn_change=_nothing).drawn)


def _picture(drawn: Any) -> NDArray[np.uint8] | None:
    """What the browser says was drawn, if it is a picture at all."""
    try:
        pixels = base64.b64decode(drawn, validate=True) if isinstance(drawn, str) and len(drawn) < 2000 else b""
    except ValueError:
        return None
    return np.frombuffer(pixels, np.uint8).reshape(28, 28) if len(pixels) == 784 else None
