"""Runs side by side: their learning curves on one chart, each told by its letter, colour, dash and mark."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.figures.curve_axes import ticks as numbers
from mnist_viz.text import _

HEIGHT, BESIDE = 300, 480  # pixels, as in the learning curve of one run
MOST = 400  # points of a thin line at most: more than a screen shows apart
LETTER = 12  # pixels that a letter is wide
NEAR = 0.04  # of the axis' length: so near each other, letters could overlap
LEAST_LOSS = 1e-5  # no loss below it is drawn: nobody tells it from 0
LEAST_ERROR = 0.02  # percent, one of the 5,000 validation digits: where "none is wrong" is drawn
ERRORS = (90, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02)
FINER = tuple(digit * power for power in (10, 1, 0.1, 0.01) for digit in (9, 8, 7, 6, 5, 4, 3, 2.5, 2, 1.5, 1))
"""Errors in percent at which a line is drawn, and where curves are so close that it would be only one or two."""


class Look(NamedTuple):
    """How a run is told from the others on every picture; `sign` is its symbol as a character."""

    letter: str
    colour: str
    dash: str
    symbol: str
    sign: str


LOOKS = tuple(
    Look(*look)
    for look in (
        ("A", style.DIGITS[0], "solid", "circle", "●"),
        ("B", style.DIGITS[6], "9px 4px", "diamond", "◆"),
        ("C", style.VIOLET, "2px 3px", "square", "■"),
        ("D", style.DIGITS[5], "9px 3px 2px 3px", "triangle-up", "▲"),
        ("E", style.DIGITS[8], "16px 4px", "pentagon", "⬟"),
        ("F", style.DIGITS[1], "5px 3px", "star", "★"),
        ("G", style.DIGITS[2], "16px 3px 2px 3px", "triangle-down", "▼"),
        ("H", style.DIGITS[9], "4px 2px 1px 2px", "hexagon", "⬢"),
    )
)
"""As many runs as can be told apart."""


class Line(NamedTuple):
    """A curve: where it is along the axis, its loss or its share of right digits, and the step of each point."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    steps: NDArray[np.int64]


class Band(NamedTuple):
    """Between which values several curves lie along the axis: `low` and `high`, and the look of their mean."""

    look: Look
    x: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def curves(
    validation: Sequence[Line],
    training: Sequence[Line],
    *,
    looks: Sequence[Look] = LOOKS,
    bands: Sequence[Band] = (),
    names: Sequence[str],
    measure: str,
    by: str,
    title: str,
) -> go.Figure:
    """`loss` or `accuracy` of up to eight runs by step, epoch or seconds: validation with marks, training thin.

    `training` is empty or has a line a run. Accuracy stands on an axis of errors, so that 99 % and 99.5 % are as far
    apart as 98 % and 99 %. The run under the pointer stands out. A line that is the mean of several has a band.
    """
    beside = 18 + LETTER * max((len(look.letter) for look, _line in zip(looks, validation, strict=False)), default=1)
    alt = _alternative(validation, measure)
    result = style.figure(title, alt=alt, height=HEIGHT, left=66, right=beside, bottom=58)
    result.layout.meta = {**result.layout.meta, "beside": BESIDE, "stands_out": True}
    for band in bands:
        result.add_scatter(**_filled(band, measure))
    for kind, lines in (("training", training), ("validation", validation)):
        for look, line, name in zip(looks, lines, names, strict=False):
            result.add_scatter(**_trace(look, line, name, measure=measure, thin=kind == "training"))
    edges = [Line(band.x, edge, np.empty(0, np.int64)) for band in bands for edge in (band.low, band.high)]
    _axes(result, [*validation, *training, *edges], measure, by)
    _letters(result, len(bands) + len(training))
    return result


def _trace(look: Look, line: Line, name: str, *, measure: str, thin: bool) -> dict[str, Any]:
    every = ceil(len(line.x) / MOST) if thin and len(line.x) else 1
    kept = slice(len(line.x) % every and len(line.x) % every - 1, None, every)
    x, y, steps = line.x[kept], line.y[kept], line.steps[kept]
    shown = y if measure == "loss" else 100 * y
    return {
        "x": x,
        "y": _height(y, measure),
        "customdata": np.column_stack([shown, steps]),
        "name": look.letter,
        "meta": look.letter,
        "mode": "lines" if thin else "lines+markers",
        "opacity": 0.55 if thin else 1,
        "line": {"color": look.colour, "width": 1.2} if thin else _bold(look),
        "marker": {"symbol": look.symbol, "size": 9, "color": look.colour, "line": {"color": style.INK, "width": 1}},
        "cliponaxis": thin,
        "hovertemplate": _hover(look, name, measure, thin),
    }


def _height(y: NDArray[np.float64], measure: str) -> NDArray[np.float64]:
    """Where a value stands on its axis: a loss at itself, a share of right digits at its errors in percent."""
    return np.maximum(y, LEAST_LOSS) if measure == "loss" else np.maximum(100 * (1 - y), LEAST_ERROR)


def _filled(band: Band, measure: str) -> dict[str, Any]:
    red, green, blue = (int(band.look.colour[at : at + 2], 16) for at in (1, 3, 5))
    return {
        "x": np.concatenate([band.x, band.x[::-1]]),
        "y": _height(np.concatenate([band.low, band.high[::-1]]), measure),
        "meta": band.look.letter,
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": f"rgba({red},{green},{blue},0.25)",
        "hoverinfo": "skip",
    }


def _bold(look: Look) -> dict[str, Any]:
    return {"color": look.colour, "width": 3, "dash": look.dash}


def _hover(look: Look, name: str, measure: str, thin: bool) -> str:
    what = {
        ("loss", False): _("validation loss %{customdata[0]:.4f}"),
        ("loss", True): _("training loss %{customdata[0]:.4f}, smoothed"),
        ("accuracy", False): _("validation accuracy %{customdata[0]:.2f} %"),
        ("accuracy", True): _("training accuracy %{customdata[0]:.2f} %, smoothed"),
    }[measure, thin]
    plain = escape(name, quote=False).replace("{", "&#123;")  # of what people call a run plotly would make markup
    return f"<b>{look.letter}</b> {plain}<br>{what}<br>{_('step %{customdata[1]:,}')}<extra></extra>"


def _axes(figure: go.Figure, lines: Sequence[Line], measure: str, by: str) -> None:
    total = max((float(line.x.max()) for line in lines if len(line.x)), default=0) or 1
    words = {"step": _("step"), "epoch": _("epoch"), "seconds": _("training seconds")}[by]
    figure.update_xaxes(
        range=[-0.02 * total, 1.01 * total], nticks=numbers(by, total, 7), title_text=words, showline=True
    )
    values = np.concatenate([line.y[np.isfinite(line.y)] for line in lines]) if lines else np.empty(0)
    if measure == "loss":
        values = np.clip(values, LEAST_LOSS, None)
        low, high = (values.min(), values.max()) if len(values) else (0.01, 3)
        powers = range(floor(log10(low)), ceil(log10(high)) + 1)
        ticks = [digit * 10.0**power for power in powers for digit in (1, 2, 5)]
        ends = [log10(low) - 0.08, log10(high) + 0.08]
        labels, name = [f"{tick:g}" for tick in ticks], _("loss (nats)")
    else:
        errors = np.clip(100 * (1 - values), LEAST_ERROR, 100)
        low, high = (errors.min(), errors.max()) if len(errors) else (0.5, 95)
        ends = [log10(high) + 0.06, log10(low) - 0.06]
        seen = sum(ends[1] <= log10(tick) <= ends[0] for tick in ERRORS)
        ticks = list(ERRORS if seen > 2 else FINER)
        labels, name = [f"{100 - tick:g}" for tick in ticks], _("accuracy (%)")
    figure.update_yaxes(
        type="log", range=ends, tickvals=ticks, ticktext=labels, title_text=name, showgrid=True, showline=True
    )


def _letters(figure: go.Figure, first: int) -> None:
    """Each run's letter beside the end of its line, pushed down from those in whose place it would stand."""
    ends = [trace for trace in figure.data[first:] if len(trace.x) and np.isfinite(trace.y[-1])]
    (left, right), (low, high) = figure.layout.xaxis.range, figure.layout.yaxis.range
    taken: list[tuple[float, float]] = []
    for trace in sorted(ends, key=lambda one: (log10(one.y[-1]) - high) / (low - high)):
        across = (trace.x[-1] - left) / (right - left)
        place = down = HEIGHT * (log10(trace.y[-1]) - high) / (low - high)
        for other, used in taken:
            if abs(other - across) < NEAR and place < used + style.SIZE:
                place = used + style.SIZE
        taken.append((across, place))
        figure.add_annotation(
            text=f"<b>{trace.name}</b>",
            x=trace.x[-1],
            y=log10(trace.y[-1]),
            xshift=9,
            yshift=down - place,
            xanchor="left",
            showarrow=False,
            font={"color": style.INK},
        )


def _alternative(lines: Sequence[Line], measure: str) -> str:
    last = [line.y[-1] for line in lines if len(line.y)]
    if not last:
        return _("Learning curves: no evaluation yet.")
    if measure == "loss":
        words, values = _("Learning curves; the last validation losses: {values}."), [f"{value:.4f}" for value in last]
    else:
        words = _("Learning curves; the last validation accuracies in percent: {values}.")
        values = [f"{100 * value:.2f}" for value in last]
    return words.format(values=", ".join(values))
