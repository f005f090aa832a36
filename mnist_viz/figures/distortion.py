"""What a network stands: its accuracy along a slider, and below it as what one digit is read there."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.text import _

_NARROW = 0.035  # of the axis; a shorter stretch has no room for a digit


def endurance(
    amounts: Sequence[float],
    shares: NDArray[np.floating],
    intervals: NDArray[np.floating],
    *,
    digits: int,
    at: float,
    stretches: Sequence[tuple[float, float, int]],
    axis: str,
    title: str,
    whose: str,
) -> go.Figure:
    """Accuracy `shares` (0..1) of `digits` at `amounts`, their 95 % `intervals` (2, N), and the present value `at`.

    `stretches`: (from, to, digit) from the left to the right, as what the one digit `whose` is read.
    """
    low, high = stretches[0][0], stretches[-1][1]
    result = style.figure(
        title,
        alt=_("{title}. At {at:g} the digit is read as {read}.").format(
            title=title, at=at, read=next(digit for start, end, digit in stretches if start <= at <= end)
        ),
        height=200,
        left=44,
        right=14,
        top=26,
        bottom=58,
    )
    _accuracy(result, amounts, shares, intervals)
    _ribbon(result, stretches, at, high - low)
    for words, pane in (
        (_("% right of {count:,} test digits, this change alone").format(count=digits), "y"),
        (whose, "y2"),
    ):
        place = {"x": 0, "xref": "x domain", "y": 1, "yref": f"{pane} domain", "xanchor": "left", "yanchor": "bottom"}
        result.add_annotation(text=words, showarrow=False, font={"size": style.SMALL}, **place)
    result.add_shape(
        type="line", x0=at, x1=at, y0=0, y1=1, yref="paper", line={"color": style.INK, "width": 2, "dash": "dot"}
    )
    horizontal = {"range": [low, high], "fixedrange": True, "nticks": 7}
    result.update_layout(
        barmode="overlay",
        bargap=0,
        xaxis={**horizontal, "anchor": "y2", "title": {"text": axis}, "showline": True},
        yaxis={"domain": [0.36, 1], "range": [0, 101], "tickvals": [0, 50, 100], "showgrid": True},
        yaxis2={"domain": [0, 0.18], "range": [-0.5, 0.5], "visible": False, "anchor": "x"},
    )
    result.update_yaxes(fixedrange=True)
    return result


def _accuracy(
    figure: go.Figure, amounts: Sequence[float], shares: NDArray[np.floating], intervals: NDArray[np.floating]
) -> None:
    lower, upper = 100 * intervals
    figure.add_scatter(
        x=[*amounts, *reversed(amounts)],
        y=[*upper, *lower[::-1]],
        fill="toself",
        fillcolor=style.TEST,
        opacity=0.35,
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=list(amounts),
        y=100 * shares,
        customdata=np.stack([lower, upper], axis=1),
        mode="lines+markers",
        line={"color": style.TEST, "width": 3},
        marker={"color": style.TEST, "size": 8, "line": {"color": style.INK, "width": 1}},
        cliponaxis=False,
        hovertemplate=_("at %{x}: %{y:.1f} %<br>95 % interval %{customdata[0]:.1f} to %{customdata[1]:.1f} %")
        + "<extra></extra>",
    )


def _ribbon(figure: go.Figure, stretches: Sequence[tuple[float, float, int]], at: float, wide: float) -> None:
    here = [start <= at <= end for start, end, _digit in stretches]
    figure.add_bar(
        orientation="h",
        yaxis="y2",
        y=[0] * len(stretches),
        base=[start for start, _end, _digit in stretches],
        x=[end - start for start, end, _digit in stretches],
        width=0.98,
        text=[f"<b>{digit}</b>" if end - start > _NARROW * wide else "" for start, end, digit in stretches],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": style.SIZE, "color": ["#ffffff" if one else style.INK for one in here]},
        marker={
            "color": [style.VIOLET if one else style.PANEL for one in here],
            "line": {"color": style.INK, "width": 1},
        },
        customdata=[[start, end, digit] for start, end, digit in stretches],
        hovertemplate=_("from %{customdata[0]:.2f} to %{customdata[1]:.2f} read as %{customdata[2]}")
        + "<extra></extra>",
    )
