"""What a layer puts out, or the filters it looks through: all its channels in one picture, on one scale."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.figures.mosaic import Tiles
from mnist_viz.figures.numbers import written
from mnist_viz.text import _

_ROOM = 21  # pixels on the screen: a line with the number above a map
_LARGEST = 1.35  # a picture grows to this much of the width it is laid out for, where the window is wider
WHOLE, HALF = 850, 420  # pixels on the screen: a picture as wide as the page, and one of two side by side
_HIGH = 300  # pixels on the screen
_FINE = 10  # pixels: the maps of fewer are drawn with several for each, so that gaps between them can be narrow
_DENSE = 20_000  # pixels of filters from which on they travel as bytes


@dataclass(frozen=True)
class Sheet(Tiles):
    """Maps. `number` of the map to which each pixel belongs; `tile`: rows and columns of one map.

    `pixel`: how wide one is on the screen, where there is room.
    """

    number: NDArray[np.uint16]
    tile: tuple[int, int]
    pixel: float


def lay_out(images: NDArray[np.generic], *, width: int, height: int, gap: int, room: int = 0) -> Sheet:
    """Lay (N, rows, columns) out so that each is as large as fits into `width` x `height` pixels on the screen.

    Between them are `gap` of their own pixels, and above each `room` pixels on the screen for its number.
    """
    count, rows, columns = map(int, images.shape)

    def size(ahead: int) -> float:
        high = height / ceil(count / ahead) - room
        return min(width / (ahead * (columns + gap) - gap), max(1.0, high) / (rows + (0 if room else gap)))

    full = [ahead for ahead in range(1, count + 1) if gap or count % ahead == 0]  # without gaps no place stays empty
    ahead = max(full, key=size)
    pixel = size(ahead)
    above = ceil(room / pixel) if room else gap
    down, right = rows + above, columns + gap
    values = np.full((ceil(count / ahead) * down, ahead * right - gap), np.nan, np.float32)
    number = np.zeros(values.shape, np.uint16)
    corners = [(at // ahead * down + above, at % ahead * right) for at in range(count)]
    for at, (row, column) in enumerate(corners):
        here = np.s_[row : row + rows, column : column + columns]
        values[here], number[here] = images[at], at
    unused = 0 if room else above
    corners = [(row - unused, column) for row, column in corners]
    return Sheet(values[unused:], tuple(corners), number[unused:], (rows, columns), pixel)


def maps(values: NDArray[np.floating], title: str, *, width: int = WHOLE) -> go.Figure:
    """Feature maps (channels, rows, columns) on one scale, from their least value or 0 to their largest."""
    low, high = min(0.0, float(values.min())), float(values.max())
    result, _laid = _sheet(
        values,
        title,
        alt=_("{title}: {count} maps of {rows} by {columns}, from {low:.2f} to {high:.2f}.").format(
            title=title, count=len(values), rows=values.shape[1], columns=values.shape[2], low=low, high=high
        ),
        width=width,
        colours=style.STATISTIC,
        ends=(low, high if high > low else low + 1),
        labels=(_number(low), _("one scale for all"), _number(high)),
        hover=_("channel %{customdata}: %{z:.3f}"),
    )
    return result


def filters(weights: NDArray[np.floating], title: str, *, width: int = HALF) -> go.Figure:
    """Filters (N, rows, columns), signed, in whole percent of the largest weight of all, each in a frame.

    Very many pixels travel as bytes and stand without gaps and numbers, which bytes could not leave out.
    """
    largest = float(np.abs(weights).max())
    dense = weights.size > _DENSE
    result, laid = _sheet(
        np.rint(100 * weights / (largest or 1)).astype(np.int8),
        title,
        alt=_("{title}: {count} pictures of {rows} by {columns} weights, the largest is {largest:.3f}.").format(
            title=title, count=len(weights), rows=weights.shape[1], columns=weights.shape[2], largest=largest
        ),
        width=width,
        colours=style.DIVERGING,
        ends=(-100, 100),
        labels=(_number(-largest), "0", _number(largest)),
        hover=_("filter %{customdata}: %{z} % of the largest"),
        dense=dense,
    )
    _frame(result, laid)
    return result


def signed(values: NDArray[np.floating], title: str, *, width: int = WHOLE) -> go.Figure:
    """Signed maps (channels, rows, columns), on one scale centred on 0 up to the largest absolute value, in frames."""
    largest = float(np.abs(values).max())
    result, laid = _sheet(
        values,
        title,
        alt=_("{title}: {count} maps of {rows} by {columns}, the largest absolute value is {largest}.").format(
            title=title, count=len(values), rows=values.shape[1], columns=values.shape[2], largest=written(largest)
        ),
        width=width,
        colours=style.DIVERGING,
        ends=(-(largest or 1), largest or 1),
        labels=(written(-largest), "0", written(largest)),
        hover=_("channel %{customdata}: %{z:.3g}"),
    )
    _frame(result, laid)
    return result


def _frame(figure: go.Figure, laid: Sheet) -> None:
    """A frame around each map."""
    rows, columns = laid.tile
    x: list[float | None] = []
    y: list[float | None] = []
    for row, column in laid.corners:
        left, top = column - 0.5, row - 0.5
        x += [left, left + columns, left + columns, left, left, None]
        y += [top, top, top + rows, top + rows, top, None]
    line = {"color": style.LINE, "width": 1, "simplify": False}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", cliponaxis=False)


def numbers(values: NDArray[np.floating], title: str, *, names: str, width: int = WHOLE) -> go.Figure:
    """Plain numbers (N,) as bars; `names` says what the horizontal axis counts."""
    result = style.figure(
        title,
        alt=_("{title}: {count} numbers from {low:.2f} to {high:.2f}.").format(
            title=title, count=len(values), low=float(values.min()), high=float(values.max())
        ),
        height=240 if width == WHOLE else 300,
        left=62,
        bottom=56,
    )
    result.add_bar(
        x=np.arange(len(values)),
        y=values,
        marker={"color": style.VIOLET, "line": {"width": 0}},
        hovertemplate=_("{name} %{x}: %{y:.4g}").replace("{name}", names) + "<extra></extra>",
    )
    result.update_layout(bargap=0.25 if len(values) <= 32 else 0.0)
    few = {"dtick": 1} if len(values) <= 16 else {"nticks": 10}
    result.update_xaxes(title_text=names, range=[-0.6, len(values) - 0.4], fixedrange=True, **few)
    result.update_yaxes(nticks=5, fixedrange=True, zeroline=True, zerolinecolor=style.INK, exponentformat="power")
    return result


def table(values: NDArray[np.floating], title: str, *, names: str) -> go.Figure:
    """Numbers (positions, numbers) as one picture on one scale; `names` says what a position is."""
    low, high = min(0.0, float(values.min())), float(values.max())
    result = style.figure(
        title,
        alt=_("{title}: {rows} positions of {columns} numbers each, from {low:.2f} to {high:.2f}.").format(
            title=title, rows=len(values), columns=values.shape[1], low=low, high=high
        ),
        height=260,
        left=62,
        bottom=56,
    )
    result.add_heatmap(
        z=values.astype(np.float32),
        zmin=low,
        zmax=high if high > low else low + 1,
        colorscale=style.STATISTIC,
        colorbar={"thickness": 14, "outlinewidth": 0, "tickfont": {"size": style.SMALL}, "nticks": 4},
        hovertemplate=_("{name} %{y}, number %{x}: %{z:.3f}").replace("{name}", names) + "<extra></extra>",
    )
    result.update_xaxes(title_text=_("number"), fixedrange=True)
    result.update_yaxes(title_text=names, autorange="reversed", fixedrange=True)
    return result


def _sheet(
    images: NDArray[np.generic],
    title: str,
    *,
    alt: str,
    width: int,
    colours: style.Scale,
    ends: tuple[float, float],
    labels: tuple[str, str, str],
    hover: str,
    dense: bool = False,
) -> tuple[go.Figure, Sheet]:
    """Pictures with their numbers above them, and the colour scale below; and how they are laid out."""
    times = max(1, round(_FINE / images.shape[2]))
    images = images.repeat(times, axis=1).repeat(times, axis=2)
    columns = images.shape[2]
    gap, room = (0, 0) if dense else (max(1, columns // 10), _ROOM)
    laid = lay_out(images, width=width - 16, height=_HIGH, gap=gap, room=room)
    result = style.figure(title, alt=alt, height=0, bottom=36)
    result.add_heatmap(
        z=laid.values.astype(images.dtype) if dense else laid.values,
        customdata=laid.number.astype(np.min_scalar_type(len(images))),
        zmin=ends[0],
        zmax=ends[1],
        colorscale=colours,
        showscale=False,
        hoverongaps=False,
        hovertemplate=hover + "<extra></extra>",
    )
    both = style.scale(result, colours, labels, wide=laid.wide, high=laid.high)
    style.squares(result, laid.wide, both)
    result.layout.height += round(both * laid.pixel * _LARGEST)
    result.update_xaxes(visible=False)
    result.update_yaxes(visible=False)
    if not dense:
        result.add_scatter(
            x=[column + (columns - 1) / 2 for _row, column in laid.corners],
            y=[row - 0.5 for row, _column in laid.corners],
            text=list(map(str, range(len(images)))),
            mode="text",
            textposition="top center",
            textfont={"size": style.SMALL, "color": style.INK},
            hoverinfo="skip",
            cliponaxis=False,
        )
    return result, laid


def _number(value: float) -> str:
    return (f"{value:.2f}" if not value or abs(value) >= 0.095 else f"{value:.2g}").replace("-", "−")
