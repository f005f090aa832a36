"""The one part that shows every figure: a plotly figure in, clicks and selections out.

In the browser the DOM node, the zoom and the selection survive new data; colours follow the theme; a live figure polls
a route without rerunning the page; a recorded one can be replayed; one button fills the screen with it, another saves
it as a picture.
"""

import base64
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.server.assets import PLOTLY_ROUTE
from mnist_viz.text import _

PART = Path(__file__).with_name("figure_part")
SCRIPTS = (
    "draw.js",
    "point.js",
    "live.js",
    "replay.js",
    "save.js",
    "mount.js",
)  # together one module, which exports mount's
_mount = st.components.v2.component(
    "mnist_viz_figure",
    html=(PART / "figure.html").read_text(encoding="utf-8"),
    css=(PART / "figure.css").read_text(encoding="utf-8"),
    js="\n".join((PART / name).read_text(encoding="utf-8") for name in SCRIPTS),
    isolate_styles=False,  # inside a shadow root plotly hears no events
)


@dataclass(frozen=True)
class Drawn:
    """A figure as the browser gets it, and what is said of it; `thumbnails` where its points are digits."""

    json: str
    title: str
    alt: str
    thumbnails: bool

    @classmethod
    def of(cls, figure: go.Figure) -> "Drawn":
        """Write the figure down; some 10 ms, so that it pays to keep the result."""
        meta = figure.layout.meta
        return cls(figure.to_json(), meta["title"], meta["alt"], any(trace.ids is not None for trace in figure.data))


@dataclass(frozen=True)
class Live:
    """A route that goes on from `cursor`; the page reruns when the route answers another `phase`.

    `reach` is where the horizontal axes end; they move when the route says otherwise.
    """

    route: str
    cursor: int
    phase: str
    reach: float


def get_ready() -> None:
    """Let the browser load the drawing library while the page is still being computed."""
    with st.container(key="hidden_figure"):
        _mount(key="get_ready", data={"lib": PLOTLY_ROUTE, "figure": None})


def _nothing() -> None:
    """Streamlit gives back a value for every event that has a listener."""


def show(
    figure: go.Figure | Drawn,
    *,
    key: str,
    live: Live | None = None,
    replay: bool = False,
    cells: tuple[int, int] | None = None,
    chosen: tuple[int, int] | None = None,
    selects: bool = False,
    version: str = "",
    marks: list[dict[str, Any]] | None = None,
    at: str | None = None,
    on_click: Callable[[], None] = _nothing,
) -> Any:
    """Show a figure and return what was done to it.

    A point with an `id` (a digit's address) reports `click == {"id": ...}`, shows its digit on hover, is reached with
    the arrow keys; any other point reports x, y and z. `cells` (rows, columns) makes the arrow keys walk a matrix from
    `chosen` (row, column). With `selects` a lasso reports `selection`, to be read by `selected`. `version` names the
    data: a selection of other data does not count, and the drawn figure carries it as `data-shows`.
    `marks` are plotly shapes that are laid over the figure without drawing it anew; the arrow keys set out from the
    point with the id `at`.
    """
    drawn = figure if isinstance(figure, Drawn) else Drawn.of(figure)
    data = {
        "lib": PLOTLY_ROUTE,
        "figure": drawn.json,
        "title": drawn.title,
        "alt": drawn.alt,
        "live": live and asdict(live),
        "replay": replay,
        "cells": cells,
        "chosen": chosen and {"row": chosen[0], "column": chosen[1]},
        "thumbnails": drawn.thumbnails,
        "selects": selects,
        "version": version,
        "marks": marks,
        "at": at,
        "words": {
            "fill": _("Fill the screen with this picture"),
            "save": _("Save this picture"),
            "png": _("as PNG"),
            "svg": _("as SVG"),
            "play": _("▶ Replay"),
            "pause": _("❚❚ Pause"),
            "at": _("step {step} · {seconds} s"),
            "time": _("Moment of the training"),
            "speed": _("Speed of the replay"),
            "missing": _("The drawing library did not load: reload the page."),
        },
    }
    return _mount(key=key, data=data, on_click_change=on_click, on_phase_change=_nothing, on_selection_change=_nothing)


def clicked(key: str) -> dict[str, Any] | None:
    """What the last event on the figure of this key clicked, for use inside its `on_click`."""
    event = st.session_state.get(key, {}).get("click")
    return event if isinstance(event, dict) else None


def selected(selection: Any, count: int, version: str) -> NDArray[np.intp]:
    """The indices of the selected points, none where the selection speaks of other data than this version."""
    none = np.empty(0, np.intp)
    if not isinstance(selection, dict) or selection.get("version") != version:
        return none
    try:
        bits = np.frombuffer(base64.b64decode(str(selection.get("bits")), validate=True), np.uint8)
    except ValueError:
        return none
    if len(bits) != (count + 7) // 8:
        return none
    return np.flatnonzero(np.unpackbits(bits, count=count, bitorder="little"))
