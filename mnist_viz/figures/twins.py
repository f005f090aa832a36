"""Digits of two parts that are nearly the same: how near they are on the whole, and the nearest pairs as pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.text import _

_SIDE, _BETWEEN, _GAP = 28, 2, 8  # pixels of a digit: a picture, the line within a pair, the room between two pairs
_WORDS = 19  # pixels of a digit: the line under a pair, in a narrow window too
_PIXEL = 2.7  # pixels on the screen, where there is room
_BIN = 50  # of the distance, Euclidean over all pixels
_LOWER, _UPPER = 1.36, 1.52  # times the highest share: where two lines end, with room for three lines of words, and one


@dataclass(frozen=True)
class Pair:
    """A digit that is held back, the training digit nearest to it, their addresses, and how far they are apart."""

    held: NDArray[np.uint8]
    learned: NDArray[np.uint8]
    held_id: str
    learned_id: str
    labels: tuple[int, int]
    distance: float


def distances(
    found: Mapping[str, NDArray[np.floating]], moved: float, title: str, chosen: float | None = None
) -> go.Figure:
    """How far the digits of `val` and `test` are from the nearest training digit, as shares of their part.

    `moved`: how far the median test digit is from itself moved by one pixel to the right; `chosen`: the distance of the
    digit that is looked at.
    """
    names = {"val": _("validation"), "test": _("test")}
    most = _BIN * int(np.ceil(max(float(one.max()) for one in found.values()) / _BIN))
    edges = np.arange(0, most + _BIN, _BIN)
    shares = {name: 100 * np.histogram(one, edges)[0] / len(one) for name, one in found.items()}
    top = max(float(one.max()) for one in shares.values())
    result = style.figure(
        title,
        alt=_(
            "Most have a Euclidean distance of {low:,.0f} to {high:,.0f} to the nearest training digit, the nearest "
            "{least:.0f}. Moved by one pixel to the right, the median test digit is {moved:,.0f} from itself."
        ).format(
            low=min(float(np.quantile(one, 0.1)) for one in found.values()),
            high=max(float(np.quantile(one, 0.9)) for one in found.values()),
            least=min(float(one.min()) for one in found.values()),
            moved=moved,
        ),
        height=290,
        left=58,
        top=36,
        bottom=58,
    )
    for name, share in shares.items():
        result.add_scatter(
            x=np.repeat(edges, 2)[1:-1],
            y=np.repeat(share, 2),
            mode="lines",
            name=names[name],
            line={"color": style.PARTS[name], "width": 2.5, "dash": "solid" if name == "test" else "dot"},
            fill="tozeroy" if name == "test" else None,
            fillcolor=style.LINE,
            hovertemplate=_("{part}: %{y:.1f} % between two steps of 50").replace("{part}", names[name])
            + "<extra></extra>",
        )
    words = _("median digit<br>moved right<br>by one pixel")
    left = chosen is None or chosen >= moved  # the line of the chosen digit is higher: it would cut through the words
    _mark(result, moved, _LOWER * top, words, "dash", left=left)
    if chosen is not None:
        _mark(result, chosen, _UPPER * top, _("the chosen digit"), "solid", left=chosen > most / 2)
    result.update_layout(showlegend=True, legend=style.LEGEND)
    result.update_xaxes(title_text=_("Euclidean distance over 784 pixels"), range=[0, most], fixedrange=True)
    result.update_yaxes(title_text=_("digits (%)"), range=[0, (_UPPER + 0.02) * top], fixedrange=True, showgrid=True)
    return result


def _mark(figure: go.Figure, place: float, top: float, words: str, dash: str, *, left: bool) -> None:
    """A line from the axis to `top`, and at its end words on one side of it."""
    line = {"color": style.INK, "width": 1.5, "dash": dash}
    figure.add_shape(type="line", x0=place, x1=place, y0=0, y1=top, line=line)
    figure.add_annotation(
        text=words,
        x=place,
        y=top,
        xanchor="right" if left else "left",
        yanchor="top",
        xshift=-6 if left else 6,
        align="right" if left else "left",
        font={"size": style.SMALL},
        showarrow=False,
    )


def pairs(shown: Sequence[Pair], title: str, columns: int) -> go.Figure:
    """Pairs side by side: left the digit held back, right the training digit; under them label, distance, label."""
    columns = min(columns, len(shown))
    rows = -(-len(shown) // columns)
    wide = 2 * _SIDE + _BETWEEN
    values = np.full((rows * (_SIDE + _WORDS), columns * (wide + _GAP) - _GAP), np.nan, np.float32)
    result = style.figure(
        title,
        alt=_("{count} pairs at Euclidean distances of {least:.0f} to {most:.0f}.").format(
            count=len(shown),
            least=min(one.distance for one in shown),
            most=max(one.distance for one in shown),
        ),
        height=round(values.shape[0] * _PIXEL),
    )
    corners = [(at // columns * (_SIDE + _WORDS), at % columns * (wide + _GAP)) for at in range(len(shown))]
    result.add_scatter(
        x=[left + side * (_SIDE + _BETWEEN) + _SIDE / 2 - 0.5 for _top, left in corners for side in (0, 1)],
        y=[top + _SIDE / 2 - 0.5 for top, _left in corners for _side in (0, 1)],
        ids=[name for one in shown for name in (one.held_id, one.learned_id)],
        text=[
            _("{address}, labelled {label}").format(address=name, label=label)
            for one in shown
            for name, label in zip((one.held_id, one.learned_id), one.labels, strict=True)
        ],
        mode="markers",
        marker={"size": 44, "opacity": 0, "symbol": "square"},
        hovertemplate="%{text}<extra></extra>",
    )
    for one, (top, left) in zip(shown, corners, strict=True):
        for side, image in enumerate((one.held, one.learned)):
            corner = left + side * (_SIDE + _BETWEEN)
            values[top : top + _SIDE, corner : corner + _SIDE] = image
            box = {"x0": corner - 0.5, "x1": corner + _SIDE - 0.5, "y0": top - 0.5, "y1": top + _SIDE - 0.5}
            result.add_shape(type="rect", **box, line={"color": style.LINE, "width": 1})
        line = (
            (f"<b>{one.labels[0]}</b>", left - 0.5, "left"),
            (f"{one.distance:.0f}", left + wide / 2 - 0.5, "center"),
            (f"<b>{one.labels[1]}</b>", left + wide - 0.5, "right"),
        )
        for words, place, anchor in line:
            _under(result, words, place, top + _SIDE, anchor)
    result.add_heatmap(
        z=values, zmin=0, zmax=255, colorscale=style.GREY, showscale=False, hoverinfo="skip", hoverongaps=False
    )
    style.squares(result, values.shape[1], values.shape[0])
    result.update_xaxes(visible=False)
    result.update_yaxes(visible=False)
    return result


def _under(figure: go.Figure, words: str, x: float, y: float, side: str) -> None:
    figure.add_annotation(
        text=words, x=x, y=y, xanchor=side, yanchor="top", showarrow=False, font={"size": style.SMALL}
    )
