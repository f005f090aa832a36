"""Inside a training: a line a layer, of the length of its gradient or of its share of dead units, by step."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from math import ceil, floor, log2, log10
from typing import Any

import plotly.graph_objects as go

from mnist_viz.figures import style
from mnist_viz.figures.comparison import LOOKS
from mnist_viz.text import _

HEIGHT = 230  # pixels
_BESIDE = 118  # pixels that the names of the layers need
_TOP = 30  # pixels
_LEAST = 1e-12  # a gradient that is shorter is drawn here
Points = Sequence[tuple[int, float]]
"""Of each look its step and the value there."""


def gradients(lines: Mapping[str, Points], *, at: int | None) -> go.Figure:
    """The length of each layer's gradient on a logarithmic axis; the step `at` is marked, if one is."""
    values = [max(value, _LEAST) for points in lines.values() for _step, value in points]
    low, high = floor(log10(min(values, default=0.01))), ceil(log10(max(values, default=1)))
    high = max(high, low + 1)
    ends = [
        _("{name} {length:.2g}").format(name=name, length=points[-1][1]) for name, points in lines.items() if points
    ]
    result = _panel(
        _("How long each layer's gradient is"),
        alt=_("Length of the gradient of each layer at the last look: {values}.").format(values=", ".join(ends)),
    )
    powers = range(low, high + 1, ceil((high - low) / 6))
    result.update_yaxes(
        type="log", range=[low, high], tickvals=[10.0**one for one in powers], ticktext=[_power(one) for one in powers]
    )
    said = _("step %{customdata:,}: gradient of length %{y:.3g}")
    _draw(
        result, {name: [(step, max(value, _LEAST)) for step, value in points] for name, points in lines.items()}, said
    )
    _names(result, lambda value: (high - log10(value)) / (high - low))
    _mark(result, at)
    return result


def dead(lines: Mapping[str, Points], *, at: int | None) -> go.Figure:
    """The share of dead units of each ReLU, in percent."""
    most = max((value for points in lines.values() for _step, value in points), default=0)
    top = 100 if most > 0.2 else 20
    ends = [_("{name} {share:.0%}").format(name=name, share=points[-1][1]) for name, points in lines.items() if points]
    result = _panel(
        _("Dead units of each ReLU (%)"),
        alt=_("Share of dead units at the last look: {values}.").format(values=", ".join(ends)),
    )
    result.update_yaxes(range=[0, top], nticks=5)
    said = _("step %{customdata:,}: %{y:.1f} % dead")
    _draw(result, {name: [(step, 100 * value) for step, value in points] for name, points in lines.items()}, said)
    _names(result, lambda value: 1 - value / top)
    _mark(result, at)
    return result


def _panel(title: str, *, alt: str) -> go.Figure:
    result = style.figure(title, alt=alt, height=HEIGHT, left=58, right=_BESIDE, top=_TOP, bottom=58)
    result.update_layout(showlegend=False)
    return result


def _place(step: int) -> float:
    """Where a step is along the axis: each look twice as far as the one before stands one further."""
    return log2(step + 1)


def _draw(figure: go.Figure, lines: Mapping[str, Points], said: str) -> None:
    last = max((step for points in lines.values() for step, _value in points), default=1)
    for look, (name, points) in zip(cycle(LOOKS), lines.items(), strict=False):
        figure.add_scatter(
            x=[_place(step) for step, _value in points],
            y=[value for _step, value in points],
            customdata=[step for step, _value in points],
            name=name,
            mode="lines+markers",
            line={"color": look.colour, "width": 2.5, "dash": look.dash},
            marker={"symbol": look.symbol, "size": 8, "color": look.colour, "line": {"color": style.INK, "width": 1}},
            meta=look.sign,
            cliponaxis=False,
            hovertemplate=f"<b>{name}</b><br>{said}<extra></extra>",
        )
    ends = _place(max(last, 1))
    powers = [0, *(2**power for power in range(0, 24, 2 if last < 10_000 else 4) if 2**power <= last)]
    figure.update_xaxes(
        range=[-0.04 * ends, 1.02 * ends],
        tickvals=[_place(step) for step in powers],
        ticktext=[f"{step:,}" for step in powers],
        title_text=_("step"),
        showline=True,
        fixedrange=True,
    )
    figure.update_yaxes(showgrid=True, fixedrange=True)


def _names(figure: go.Figure, down: Any) -> None:
    """Each layer's name beside the end of its line, pushed down from those in whose place it would stand, or up where
    they would leave the picture. `down` says how far down a value lies, as a share.
    """
    drawn = [(down(trace.y[-1]) * HEIGHT, trace) for trace in figure.data if len(trace.y)]
    ends = sorted(drawn, key=lambda one: one[0])
    places: list[float] = []
    for place, _trace in ends:
        places.append(max(place, places[-1] + style.SMALL + 1) if places else place)
    over = places[-1] - HEIGHT if places else 0
    limit = float(HEIGHT)
    for number in range(len(places) - 1, -1, -1):
        if over <= 0:
            break
        places[number] = min(places[number], limit)
        limit = places[number] - style.SMALL - 1
    for (_wanted, trace), place in zip(ends, places, strict=True):
        figure.add_annotation(
            text=f'<span style="color:{trace.line.color}">{trace.meta}</span> {trace.name}',
            xref="x domain",
            yref="y domain",
            x=1,
            y=1 - place / HEIGHT,
            xshift=8,
            xanchor="left",
            yanchor="middle",
            showarrow=False,
            font={"size": style.SMALL, "color": style.INK},
        )


def _mark(figure: go.Figure, at: int | None) -> None:
    if at is not None:
        figure.add_shape(
            type="line",
            yref="y domain",
            x0=_place(at),
            x1=_place(at),
            y0=0,
            y1=1,
            line={"color": style.INK, "width": 1.5, "dash": "dot"},
        )


def _power(exponent: int) -> str:
    return f"{10.0**exponent:g}" if exponent >= -4 else f"10<sup>{exponent}</sup>".replace("-", "−")
