"""A batch step by step: a row for each tensor with its shape, its type, its memory as a bar and its range as a line."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mnist_viz.analysis.stages import Stage
from mnist_viz.figures import style
from mnist_viz.text import _

_ROW = 27  # pixels on the screen
_TICKS = (-100, -10, 0, 10, 100)
_COLUMNS = {
    "name": 0.0,
    "shape": 0.2,
    "dtype": 0.355,
    "bytes": 0.43,
    "range": 0.655,
    "low": 0.86,
    "mean": 0.93,
    "high": 1.0,
}
_PREFIXES = ("B", "kB", "MB", "GB")


def size(count: int) -> str:
    """Bytes as they are read, in steps of a thousand: 784 B, 50.2 kB, 1.6 MB."""
    value, place = float(count), 0
    while value >= 1000 and place < len(_PREFIXES) - 1:
        value, place = value / 1000, place + 1
    return f"{count} B" if place == 0 else f"{value:.1f} {_PREFIXES[place]}"


def number(value: float) -> str:
    """A value of a tensor in at most five letters or so."""
    if not isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1000:
        return f"{value:.0f}".replace("-", "−")
    if abs(value) < 0.005:
        return "0.00"
    return (f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}").replace("-", "−")


def journey(stages: Sequence[Stage], names: Mapping[str, str], title: str) -> go.Figure:
    """All tensors of the way from the top to the bottom; `names` are shown for the names of steps.

    Bars of tensors that take no memory of their own are empty. The ranges lie on an axis that is linear between -1 and
    1 and nearly logarithmic beyond.
    """
    count, rows = len(stages), list(range(len(stages)))
    result = style.figure(
        title,
        alt="; ".join(f"{names[one.name]}: {one.shape}, {one.dtype}, {size(one.bytes)}" for one in stages) + ".",
        height=(count + 2) * _ROW,
        top=4,
    )
    most = max(one.bytes for one in stages)
    said = [
        _("{name}<br>{bytes:,} bytes<br>from {low:.4g} to {high:.4g}, mean {mean:.4g}").format(
            name=names[one.name], bytes=one.bytes, low=one.low, high=one.high, mean=one.mean
        )
        + ("<br>" + _("the same memory as before, seen otherwise") if one.shares else "")
        for one in stages
    ]
    result.add_bar(
        orientation="h",
        x=[one.bytes for one in stages],
        y=rows,
        width=0.62,
        xaxis="x2",
        text=[size(one.bytes) for one in stages],
        textposition="outside",
        textfont={"size": style.SMALL},
        cliponaxis=False,
        marker={
            "color": ["rgba(0,0,0,0)" if one.shares else style.VIOLET for one in stages],
            "line": {"color": style.VIOLET, "width": 1.5},
        },
        customdata=said,
        hovertemplate="%{customdata}<extra></extra>",
    )
    ends = [value for one in stages for value in (*np.arcsinh([one.low, one.high]), np.nan)]
    known = [value for value in ends if isfinite(value)]
    low, high = min(known), max(known)
    ticks = [tick for tick in _TICKS if low <= np.arcsinh(tick) <= high]
    result.add_scatter(  # lines of a grid that ends below the heads
        x=np.repeat(np.arcsinh(ticks), 3),
        y=np.tile([-0.5, count - 0.5, np.nan], len(ticks)),
        mode="lines",
        xaxis="x3",
        line={"color": style.LINE, "width": 1},
        hoverinfo="skip",
    )
    result.add_scatter(
        x=ends, y=np.repeat(rows, 3), mode="lines", xaxis="x3", line={"color": style.INK, "width": 3}, hoverinfo="skip"
    )
    result.add_scatter(
        x=np.arcsinh([one.mean for one in stages]),
        y=rows,
        mode="markers",
        xaxis="x3",
        marker={"size": 10, "color": style.VIOLET, "line": {"color": style.GROUND, "width": 1.5}},
        customdata=said,
        hovertemplate="%{customdata}<extra></extra>",
    )
    result.add_scatter(  # the whole row answers the pointer
        x=np.tile(np.linspace(0, 1, 40), count),
        y=np.repeat(rows, 40),
        mode="markers",
        marker={"size": 16, "opacity": 0},
        customdata=np.repeat(said, 40),
        hovertemplate="%{customdata}<extra></extra>",
    )
    for row, one in enumerate(stages):
        shape = "(" + ", ".join(f"{length:,}" for length in one.shape) + ("," if len(one.shape) == 1 else "") + ")"
        for column, text, side in (
            ("name", _named(one, names), "left"),
            ("shape", shape, "left"),
            ("dtype", one.dtype, "left"),
            ("low", number(one.low), "right"),
            ("mean", number(one.mean), "right"),
            ("high", number(one.high), "right"),
        ):
            _word(result, _COLUMNS[column], row, text, side)
    heads = {
        "name": (_("step"), "left"),
        "shape": (_("shape"), "left"),
        "dtype": (_("type"), "left"),
        "bytes": (_("memory"), "left"),
        "range": (_("range, ● mean"), "left"),
        "low": (_("least"), "right"),
        "mean": (_("mean"), "right"),
        "high": (_("largest"), "right"),
    }
    for column, (text, side) in heads.items():
        _word(result, _COLUMNS[column], -1, text, side)
    for tick in ticks:
        result.add_annotation(
            text=number(tick), x=np.arcsinh(tick), xref="x3", y=count, showarrow=False, font={"size": style.SMALL}
        )
    reach = (low - 0.3, high + 0.3)
    result.update_layout(
        barmode="overlay",
        xaxis={"domain": [0, 1], "range": [0, 1], "visible": False, "fixedrange": True},
        xaxis2={**_hidden(_COLUMNS["bytes"], 0.565), "range": [0, most]},
        xaxis3={
            **_hidden(_COLUMNS["range"], 0.8),
            "range": reach,
        },
        yaxis={"range": [count + 0.5, -1.5], "visible": False, "fixedrange": True},
    )
    return result


def outline(chosen: int) -> dict[str, Any]:
    """What is laid over the row that is chosen."""
    box = {"x0": 0, "x1": 1, "xref": "paper", "y0": chosen - 0.5, "y1": chosen + 0.5}
    return {"type": "rect", **box, "line": {"color": style.INK, "width": 2}}


def _named(stage: Stage, names: Mapping[str, str]) -> str:
    kind = stage.kind if stage.name == names[stage.name] else ""
    return f"<b>{names[stage.name]}</b> {kind}"


def _hidden(start: float, end: float) -> dict[str, object]:
    return {"domain": [start, end], "visible": False, "fixedrange": True, "anchor": "y"}


def _word(figure: go.Figure, x: float, row: int, text: str, side: str) -> None:
    figure.add_annotation(
        text=text, x=x, xref="paper", y=row, xanchor=side, showarrow=False, font={"size": style.SMALL}
    )


def histogram(stage: Stage, name: str) -> go.Figure:
    """How often each value occurs in a tensor, on an axis of square roots, so that few are seen beside many."""
    result = style.figure(
        _("{name}: {count:,} numbers").format(name=name, count=sum(stage.histogram)),
        alt=_("From {low} to {high}, mean {mean}.").format(
            low=number(stage.low), high=number(stage.high), mean=number(stage.mean)
        ),
        height=130,
        left=12,
        right=12,
        bottom=36,
    )
    low, high = (stage.low, stage.high) if isfinite(stage.low + stage.high) else (0.0, 1.0)
    high = high if high > low else low + 1
    step = (high - low) / len(stage.histogram)
    result.add_bar(
        x=low + step * (np.arange(len(stage.histogram)) + 0.5),
        y=np.sqrt(stage.histogram),
        width=step,
        marker={"color": style.VIOLET, "line": {"width": 0}},
        customdata=stage.histogram,
        hovertemplate=_("around %{x:.3g}: %{customdata:,} numbers") + "<extra></extra>",
    )
    result.add_shape(
        type="line", x0=stage.mean, x1=stage.mean, y0=0, y1=1, yref="paper", line={"color": style.INK, "width": 1.5}
    )
    result.update_xaxes(range=[low - step, high + step], fixedrange=True, nticks=6)
    result.update_yaxes(visible=False, fixedrange=True)
    return result
