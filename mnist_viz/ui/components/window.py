"""One window on the page: a picture, a kernel and what comes out, stepped through in the browser with no rerun.

All numbers come from Python; the browser shows them, multiplies and adds. It reports what is to be computed anew: the
filter that was clicked, the weights that were changed, the picture that was drawn; and the cell that was chosen, for
the link. What the pointer only shows stays in the browser.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import plotly.colors
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.analysis import kernels
from mnist_viz.analysis.sliding import Sliding, Way
from mnist_viz.figures import style
from mnist_viz.text import _

PART = Path(__file__).with_name("window_part")
SCRIPTS = (
    "colours.js",
    "sums.js",
    "panels.js",
    "beams.js",
    "numbers.js",
    "kernel.js",
    "paper.js",
    "steps.js",
    "mount.js",
)
_mount = st.components.v2.component(
    "mnist_viz_window",
    html=(PART / "window.html").read_text(encoding="utf-8"),
    css=(PART / "window.css").read_text(encoding="utf-8"),
    js="\n".join((PART / name).read_text(encoding="utf-8") for name in SCRIPTS),  # one module, which exports mount's
    isolate_styles=False,
)


@dataclass(frozen=True)
class Link:
    """One more step after the sum: its kind (`batch_norm`, `relu`, ...), its numbers, and what comes out of it."""

    kind: str
    values: NDArray[np.float32]
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class Stage:
    """What is shown: a picture (n, n), how the window goes over it, and what comes out, link by link.

    `paper` and `ink` (n, n) are what nothing and full ink are there; `drawn` (28, 28) is a visitor's own drawing before
    any preparation and scaling, which is drawn on where `drawable`.
    `weights` (k, k) where products are summed; `winners` where the largest wins, counted over the picture row by row.
    `kernels` are the small pictures to choose from, with their names and the chosen one's place.
    `lit` is the output cell that the link names, such as "8-7" (row, column), empty where it names none.
    `refusal` says why there is no output; the rest is as if there were one of no cells.
    """

    way: Way
    values: NDArray[np.float32]
    paper: NDArray[np.float32]
    ink: NDArray[np.float32]
    sliding: Sliding
    sums: NDArray[np.float32]
    weights: NDArray[np.float32] | None = None
    bias: float | None = None
    winners: NDArray[np.int64] | None = None
    chain: Sequence[Link] = ()
    kernels: Sequence[NDArray[np.float32]] = ()
    names: Sequence[str] = ()
    chosen: int = -1
    editable: bool = False
    drawn: NDArray[np.uint8] | None = None
    drawable: bool = True
    refusal: str = ""
    titles: tuple[str, str] = ("", "")
    lit: str = ""

    @property
    def shown(self) -> NDArray[np.float32]:
        """What comes out in the end."""
        return self.chain[-1].values if self.chain else self.sums

    @property
    def colours(self) -> Literal["ink", "signed", "even"]:
        """How the output is coloured: a pooled picture as one, what a sigmoid makes evenly, all else around 0."""
        if self.chain and self.chain[-1].kind == "sigmoid":
            return "even"
        return "signed" if self.way == "weigh" or any(one.kind == "tanh" for one in self.chain) else "ink"


def show(stage: Stage, *, key: str, label: str, on_event: Callable[[], None]) -> None:
    """Show the stage; `event` says what a visitor wants, for use inside `on_event`."""
    length, sliding = len(stage.values), stage.sliding
    data: dict[str, Any] = {
        "way": stage.way,
        "n": length,
        "k": sliding.side,
        "p": sliding.padding,
        "s": sliding.stride,
        "d": sliding.dilation,
        "reach": sliding.reach,
        "out": len(stage.sums),
        "values": _floats(stage.values),
        "paper": float(stage.paper.min()),
        "ink": float(stage.ink.max()),
        "seen": sliding.seen(length).astype(int).tolist(),
        "weights": None if stage.weights is None else _floats(stage.weights),
        "bias": stage.bias,
        "winners": None if stage.winners is None else stage.winners.ravel().tolist(),
        "sums": _floats(stage.sums),
        "chain": [{"kind": one.kind, "values": _floats(one.values), **one.numbers} for one in stage.chain],
        "kernels": [_floats(one) for one in stage.kernels],
        "names": list(stage.names),
        "chosen": stage.chosen,
        "editable": stage.editable,
        "drawing": stage.drawn is not None,
        "sheet": _sheet(stage),
        "drawable": stage.drawable,
        "most": kernels.MOST,
        "titles": list(stage.titles),
        "lit": stage.lit,
        "label": label,
        "scale": stage.colours,
        "colours": {"against": style.AGAINST, "for": style.FOR, "even": _rgb(plotly.colors.sequential.Cividis)},
        "words": _words(),
    }
    _mount(key=key, data=data, on_event_change=on_event)


def event(key: str) -> dict[str, Any]:
    """What the last event on this part asks for: `kernel` (a place), `weights`, `drawn`, `paper` or `lit`."""
    found = st.session_state.get(key, {}).get("event")
    return found if isinstance(found, dict) else {}


def picture(drawn: Any) -> NDArray[np.uint8] | None:
    """The picture (28, 28) that the browser says was drawn, if it is one at all."""
    try:
        pixels = base64.b64decode(drawn, validate=True) if isinstance(drawn, str) and len(drawn) < 2000 else b""
    except ValueError:
        return None
    return np.frombuffer(pixels, np.uint8).reshape(28, 28) if len(pixels) == 784 else None


def _sheet(stage: Stage) -> dict[str, str] | None:
    """What is drawn on: the drawing itself, and what nothing and full ink are at each pixel, for the preview."""
    if stage.drawn is None or not stage.drawable:
        return None
    drawn = base64.b64encode(stage.drawn.tobytes()).decode()
    return {"drawn": drawn, "paper": _floats(stage.paper), "ink": _floats(stage.ink)}


def _floats(values: NDArray[np.floating]) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def _rgb(colours: Sequence[str]) -> list[list[int]]:
    return [list(plotly.colors.hex_to_rgb(one)) for one in colours]


def _words() -> dict[str, str]:
    return {
        "window": _("Under the window"),
        "multiply": _("Window × weights = products"),
        "weights": _("Weights"),
        "edit": _("Drag or type the weights"),
        "input": _("The picture that the window moves over"),
        "output": _("What comes out: arrow keys move the cell, space plays"),
        "play": _("Play"),
        "pause": _("Pause"),
        "back": _("One cell back"),
        "on": _("One cell on"),
        "speed": _("Time for a cell"),
        "draw": _("Draw your own"),
        "clear": _("Clear"),
        "digit": _("Back to the digit"),
        "sum": _("Sum"),
        "with_bias": _("Sum + bias"),
        "sum_of": _("Sum of {count} products"),
        "bias": _("bias"),
        "largest": _("Largest of {count}"),
        "won": _("pixel in row {row}, column {column} won"),
        "tie": _("{count} are equally large; the first counts, as in torch"),
        "mean": _("Mean of {count}"),
        "batch_norm": _("BatchNorm"),
        "relu": _("ReLU"),
        "sigmoid": _("Sigmoid"),
        "tanh": _("tanh"),
        "cell": _("Output row {row}, column {column}: {value}"),
        "point": _(
            "Point at a pixel here to see which outputs it feeds, or at an output to see its window. A click chooses; "
            "then the arrow keys go on."
        ),
        "pen": _("Draw with mouse, finger or pen: what comes out follows."),
        "pixel": _("Input row {row}, column {column}, value {value}: feeds {count} of {all} outputs"),
        "cushion": _("Padding, value {value}: feeds {count} of {all} outputs"),
        "weight": _("Weight in row {row}, column {column}"),
        "choose": _("Choose the kernel"),
        "nothing": _("No output"),
        "empty": _("Draw here"),
        "large": _("Frame: the window, {reach} pixels wide. Dashed: the picture, {n}."),
    }
