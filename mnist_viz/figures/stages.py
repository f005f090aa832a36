"""Digits before and after a step: large on their way, many above each other, and how often each value occurs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.text import _

SIDE = 28
_ARROW, _BETWEEN, _ROWS = 8, 2, 3  # pixels of a digit: between two stages, two tiles of a row, two rows
_LINE = 20  # pixels on the screen


@dataclass(frozen=True)
class Look:
    """How numbers become colours: 0 to `most` from paper to ink; where `signed`, blue below 0 and red above it."""

    most: float = 255
    signed: bool = False

    @property
    def kind(self) -> dict[str, object]:
        """The same for a heatmap."""
        colours = style.DIVERGING if self.signed else style.GREY
        return {"zmin": -self.most if self.signed else 0, "zmax": self.most, "colorscale": colours}


GREY = Look()


@dataclass(frozen=True)
class Stage:
    """A picture (28, 28) on its way, and what is written under it, in lines."""

    values: NDArray[np.generic]
    words: tuple[str, ...]
    look: Look = GREY


def stages(shown: Sequence[Stage], title: str, *, width: int = 540, most: float = 4.5) -> go.Figure:
    """Pictures from left to right with an arrow between two, in `width` pixels; a pixel of a digit is `most` wide."""
    wide = len(shown) * SIDE + (len(shown) - 1) * _ARROW
    pixel = min(most, width / wide)
    result = style.figure(
        title,
        alt=f"{title}: {', '.join(' '.join(stage.words) for stage in shown)}.",
        height=round(SIDE * pixel),
        bottom=6 + _LINE * max(len(stage.words) for stage in shown),
    )
    for place, stage in enumerate(shown):
        left = place * (SIDE + _ARROW)
        _tile(result, stage.values, 0, left, stage.look)
        _frame(result, 0, left)
        result.add_annotation(
            text="<br>".join(stage.words),
            x=left + SIDE / 2 - 0.5,
            y=SIDE - 0.5,
            yanchor="top",
            showarrow=False,
            font={"size": style.SMALL},
        )
        if place:
            result.add_annotation(
                text="→",
                x=left - _ARROW / 2 - 0.5,
                y=SIDE / 2 - 0.5,
                showarrow=False,
                font={"size": 22},
            )
    _bare(result, wide, SIDE)
    return result


def rows(
    shown: Sequence[NDArray[np.generic]], title: str, *, looks: Sequence[Look] | None = None, width: int = 540
) -> go.Figure:
    """Rows of pictures, each (N, 28, 28), under each other in `width` pixels; a row has the look of its place."""
    count = max(map(len, shown))
    wide = count * (SIDE + _BETWEEN) - _BETWEEN
    high = len(shown) * (SIDE + _ROWS) - _ROWS
    result = style.figure(
        title,
        alt=_("{title}: {rows} rows of {count} pictures.").format(title=title, rows=len(shown), count=count),
        height=round(high * width / wide),
    )
    for number, row in enumerate(shown):
        for place, values in enumerate(row):
            at = number * (SIDE + _ROWS), place * (SIDE + _BETWEEN)
            _tile(result, values, *at, looks[number] if looks else GREY)
            _frame(result, *at)
    _bare(result, wide, high)
    return result


def histogram(
    edges: NDArray[np.floating],
    before: NDArray[np.integer],
    after: NDArray[np.integer],
    title: str,
    *,
    axis: str,
    ticks: dict[float, str] | None = None,
) -> go.Figure:
    """How many pixels lie between each two `edges` before (filled) and after (a line), on one logarithmic axis."""
    top = int(np.ceil(np.log10(max(int(before.max()), int(after.max()), 10))))
    lines = max((label.count("<br>") for label in ticks.values()), default=0) if ticks else 0
    result = style.figure(
        title,
        alt=_("{title}: the most frequent has {before} pixels before and {after} after.").format(
            title=title, before=f"{int(before.max()):,}", after=f"{int(after.max()):,}"
        ),
        height=150,
        left=92,
        right=16,
        top=28,
        bottom=56 + lines * _LINE,
    )
    middles, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    between = np.stack([edges[:-1], edges[1:]], axis=1)
    hover = _("%{customdata[0]:.3~g} to %{customdata[1]:.3~g}<br>%{customdata[2]:,} pixels")
    result.add_bar(
        x=middles,
        y=before,
        width=width,
        name=_("before"),
        customdata=np.column_stack([between, before]),
        hovertemplate=hover + "<extra></extra>",
        opacity=0.3,  # of the whole, so that the legend is as pale
        marker={"color": style.INK, "line": {"width": 0}},
    )
    result.add_scatter(
        x=np.repeat(edges, 2)[1:-1],
        y=np.repeat(np.maximum(after, 0.5), 2),  # a logarithm has no 0: half a pixel lies below the axis
        name=_("after"),
        mode="lines",
        customdata=np.repeat(np.column_stack([between, after]), 2, axis=0),
        hovertemplate=hover + "<extra></extra>",
        line={"color": style.VIOLET, "width": 2.5},
    )
    result.update_layout(showlegend=True, legend=style.LEGEND, bargap=0)
    shown = {"tickvals": list(ticks), "ticktext": list(ticks.values())} if ticks else {}
    result.update_xaxes(title_text=axis, range=[edges[0], edges[-1]], fixedrange=True, showline=True, **shown)
    result.update_yaxes(
        title_text=_("pixels"),
        type="log",
        range=[0, top + 0.1],
        tickvals=[10**exponent for exponent in range(0, top + 1, 2)],
        tickformat=",d",
        fixedrange=True,
        showgrid=True,
    )
    return result


def errors(values: dict[str, float], title: str, *, chosen: str) -> go.Figure:
    """How far each picture is from the clean digit, in grey values, as bars with their numbers; the `chosen` stands
    out.
    """
    result = style.figure(
        title,
        alt=f"{title}: {', '.join(f'{name} {value:.1f}' for name, value in values.items())}.",
        height=30 * len(values),
        left=150,
        right=60,
    )
    result.add_bar(
        x=list(values.values()),
        y=list(values),
        orientation="h",
        text=[f"<b>{value:.1f}</b>" if name == chosen else f"{value:.1f}" for name, value in values.items()],
        textposition="outside",
        textfont={"size": style.SMALL, "color": style.INK},
        cliponaxis=False,
        marker={
            "color": [style.VIOLET if name == chosen else style.LINE for name in values],
            "line": {"color": style.INK, "width": 1},
        },
        hoverinfo="skip",
    )
    result.update_layout(bargap=0.3)
    result.update_xaxes(visible=False, range=[0, max(*values.values(), 1)], fixedrange=True)
    result.update_yaxes(autorange="reversed", fixedrange=True)
    return result


def _tile(figure: go.Figure, values: NDArray[np.generic], top: int, left: int, look: Look) -> None:
    whole = np.issubdtype(values.dtype, np.integer)
    number = "%{z}" if whole else "%{z:.2f}"
    figure.add_heatmap(
        z=values if whole else np.asarray(values, np.float32),
        x0=left,
        y0=top,
        dx=1,
        dy=1,
        showscale=False,
        hovertemplate=number + "<extra></extra>",
        **look.kind,
    )


def _frame(figure: go.Figure, top: int, left: int) -> None:
    corners = {"x0": left - 0.5, "x1": left + SIDE - 0.5, "y0": top - 0.5, "y1": top + SIDE - 0.5}
    figure.add_shape(type="rect", line={"color": style.LINE, "width": 1}, **corners)


def _bare(figure: go.Figure, wide: int, high: int) -> None:
    style.squares(figure, wide, high)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
