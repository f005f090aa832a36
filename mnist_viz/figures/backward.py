"""One step back as pictures: prediction minus truth, the length of each layer's gradient, weights before and after."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.figures.numbers import written
from mnist_viz.text import _

Numbers = NDArray[np.floating]
_ROW = 118  # pixels: one of the three rows of bars
_BAR = 30  # pixels: a bar with its name
_STRIP = 70  # pixels: one row of weights


def error(shares: Numbers, label: int, difference: Numbers) -> go.Figure:
    """Three rows of bars, one a class: the probabilities, the truth, and their difference, which is signed."""
    truth = np.eye(len(shares))[label]
    result = style.figure(
        _("Prediction − truth = the gradient at the scores"),
        alt=_("Prediction minus truth for each class: {values}.").format(
            values=", ".join(f"{digit}: {written(float(value))}" for digit, value in enumerate(difference))
        ),
        height=3 * _ROW,
        bottom=34,
    )
    signs = [style.FOR if value > 0 else style.AGAINST for value in difference]
    rows = (
        (_("prediction"), shares, style.VIOLET),
        (_("− truth"), truth, style.INK),
        (_("= gradient"), difference, signs),
    )
    for number, (name, values, colour) in enumerate(rows):
        axis = "" if number == 2 else str(3 - number)
        result.add_bar(
            x=list(range(len(shares))),
            y=values,
            yaxis=f"y{axis}",
            marker={"color": colour},
            text=[_short(float(value)) for value in values],
            textposition="outside",
            textfont={"size": style.SMALL},
            constraintext="none",
            cliponaxis=False,
            hovertemplate=f"{name} %{{x}}: %{{y:.6g}}<extra></extra>",
        )
        low, high = (2 - number) / 3, (3 - number) / 3 - 0.05
        result.layout[f"yaxis{axis}"] = {
            "domain": [low, high],
            "range": [-1.75, 2.2] if number == 2 else [-0.12, 1.95],
            "showticklabels": False,
            "fixedrange": True,
            "zeroline": True,
            "zerolinecolor": style.INK,
        }
        style.name_row(result, f"<b>{name}</b>", axis)
    result.update_layout(bargap=0.35)
    result.update_xaxes(
        tickvals=list(range(len(shares))),
        ticktext=[f"<b>{digit}</b>" if digit == label else str(digit) for digit in range(len(shares))],
        range=[-0.6, len(shares) - 0.4],
        fixedrange=True,
        anchor="y",
    )
    return result


def lengths(names: Sequence[str], values: Sequence[float], *, chosen: int, title: str) -> go.Figure:
    """The length of each layer's gradient as a bar, in the order of the way back; the chosen one is outlined."""
    result = style.figure(
        title,
        alt=_("{title}: {values}.").format(
            title=title,
            values=", ".join(f"{name} {written(value)}" for name, value in zip(names, values, strict=True)),
        ),
        height=_BAR * len(names),
        left=min(190, 24 + 8 * max(map(len, names))),
        right=92,
        bottom=8,
    )
    result.add_bar(
        orientation="h",
        x=list(values),
        y=list(range(len(names))),
        text=[written(value) for value in values],
        textposition="outside",
        textfont={"size": style.SMALL},
        cliponaxis=False,
        customdata=list(names),
        marker={
            "color": [style.VIOLET if place == chosen else style.LINE for place in range(len(names))],
            "line": {"color": style.INK, "width": [1.5 if place == chosen else 0 for place in range(len(names))]},
        },
        hovertemplate="%{customdata}: %{x:.4g}<extra></extra>",
    )
    result.update_layout(bargap=0.3)
    result.update_xaxes(range=[0, max(values) or 1], visible=False, fixedrange=True)
    result.update_yaxes(
        range=[len(names) - 0.5, -0.5],
        tickvals=list(range(len(names))),
        ticktext=[f"<b>{name}</b> " if place == chosen else f"{name} " for place, name in enumerate(names)],
        fixedrange=True,
    )
    return result


def table(values: Numbers, title: str, *, names: str) -> go.Figure:
    """Signed numbers (positions, numbers) on one scale centred on 0; `names` says what a position is."""
    largest = float(np.abs(values).max())
    result = style.figure(
        title,
        alt=_("{title}: {rows} positions of {columns} numbers each, the largest absolute value is {largest}.").format(
            title=title, rows=len(values), columns=values.shape[1], largest=written(largest)
        ),
        height=260,
        left=62,
        bottom=56,
    )
    result.add_heatmap(
        z=values,
        zmin=-(largest or 1),
        zmax=largest or 1,
        colorscale=style.DIVERGING,
        colorbar={
            "thickness": 14,
            "outlinewidth": 0,
            "tickfont": {"size": style.SMALL},
            "nticks": 4,
            "exponentformat": "power",
        },
        hovertemplate=_("{name} %{y}, number %{x}: %{z:.3g}").replace("{name}", names) + "<extra></extra>",
    )
    result.update_xaxes(title_text=_("number"), fixedrange=True, showline=True)
    result.update_yaxes(title_text=names, autorange="reversed", fixedrange=True, showline=True)
    return result


def weights(panels: Sequence[tuple[str, Numbers, float]], title: str) -> go.Figure:
    """Signed pictures (rows, columns) with their names, each on a scale to its own largest; a single row as a strip."""
    rows, columns = panels[0][1].shape
    strip = rows == 1
    gap = 0.9 if strip else max(1, columns // 7)
    result = style.figure(
        title,
        alt=_("{title}: {count} pictures of {rows} by {columns} weights.").format(
            title=title, count=len(panels), rows=rows, columns=columns
        ),
        height=_STRIP * len(panels) if strip else 300,
        top=0 if strip else 28,
    )
    for number, (name, values, largest) in enumerate(panels):
        across, down = (0, number * (rows + gap)) if strip else (number * (columns + gap), 0)
        result.add_heatmap(
            z=np.round(values / (largest or 1), 3).astype(np.float32),
            x0=across,
            y0=down,
            customdata=values,
            zmin=-1,
            zmax=1,
            colorscale=style.DIVERGING,
            showscale=False,
            hovertemplate=f"{name}: %{{customdata:.4g}}<extra></extra>",
        )
        box = {"x0": across - 0.5, "x1": across + columns - 0.5, "y0": down - 0.5, "y1": down + rows - 0.5}
        result.add_shape(type="rect", **box, line={"color": style.LINE, "width": 1})
        result.add_annotation(
            text=f"<b>{name}</b>",
            x=across - 0.5 if strip else across + columns / 2 - 0.5,
            y=down - 0.5,
            xanchor="left" if strip else "center",
            yanchor="bottom",
            showarrow=False,
            font={"size": style.SMALL},
        )
    if strip:
        result.update_xaxes(range=[-0.5, columns - 0.5], fixedrange=True)
        result.update_yaxes(range=[len(panels) * (1 + gap) - 0.5 - gap, -0.5 - gap], fixedrange=True)
    else:
        style.squares(result, len(panels) * (columns + gap) - gap, rows)
    result.update_xaxes(visible=False)
    result.update_yaxes(visible=False)
    return result


def _short(value: float) -> str:
    """Two decimals; the pointer finds the others."""
    if 0 < abs(value) < 0.005:
        return "≈0"
    return f"{value:.2f}".replace("-", "−") if value else "0"
