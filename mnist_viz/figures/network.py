"""The network as a picture: a column a stage, a block a layer, each with what it puts out for the digit."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import sequential

from mnist_viz.figures import channels, png, style
from mnist_viz.text import _

_COLUMN, _GAP = 3.36, 0.24  # width of a column and of the gap to the next, in heights of a block
_BLOCK, _MOST = 56, 80  # pixels on the screen: a block's picture at the usual width, height of a block at most
_BARS = 16  # as many plain numbers are shown as bars
_HEAD = 0.5  # height of the line above the columns, in heights of a block
_LEADING = 1.5  # height of a line of words in heights of its letters, and some room
_TILE = 0.86  # of a block's height
_COLOURS = png.gradient(sequential.Cividis)
_SIGNED = png.signed(style.AGAINST, style.FOR)

Values = NDArray[np.floating]


@dataclass(frozen=True)
class Block:
    """A layer: the lines of words beside its picture, the sentence for whoever points at it, and what it puts out.

    What is `signed` has a scale around 0.
    """

    lines: tuple[str, ...]
    words: str
    values: Values
    ink: bool = False
    signed: bool = False


def network(
    columns: Sequence[Sequence[Block]], *, chosen: tuple[int, int], title: str, heads: Sequence[str] = ()
) -> go.Figure:
    """The blocks, column by column; `chosen` (row, column) is outlined. z of a block is its place in reading order.

    `heads` are the words above the columns, "" where there are none.

    Each picture has its own scale, from 0 or its least value to its largest, in bytes: it is there to be looked at.
    `meta["fit"]["letters"]` is the share of the figure's height that letters may have to stay in their block.
    """
    rows, wide = max(map(len, columns)), len(columns) * _COLUMN - _GAP
    high = rows + (_HEAD if any(heads) else 0)
    places = [(row, column) for column, blocks in enumerate(columns) for row in range(len(blocks))]
    blocks = [columns[column][row] for row, column in places]
    result = style.figure(title, alt=_alternative(title, blocks), height=round(_MOST * high))
    result.add_heatmap(
        x=_edges(columns),
        y=np.arange(rows + 1) - 0.5,
        z=_numbered(columns, rows),
        customdata=_words(columns, rows),
        colorscale=[[0, style.PANEL], [1, style.PANEL]],
        showscale=False,
        hoverongaps=False,
        ygap=4,
        hovertemplate="%{customdata}<extra></extra>",
    )
    for block, (row, column) in zip(blocks, places, strict=True):
        _add_picture(result, block, left=column * _COLUMN - 0.5 + (1 - _TILE) / 2, top=row - _TILE / 2)
    result.add_scatter(
        x=[column * _COLUMN + 0.48 for _row, column in places],
        y=[row for row, _column in places],
        text=["<br>".join(block.lines) for block in blocks],
        mode="text",
        textposition="middle right",
        textfont={"size": style.SMALL, "color": style.INK},
        hoverinfo="skip",
    )
    _flow(result, [len(one) for one in columns])
    style.squares(result, wide, high)
    result.update_yaxes(range=[rows - 0.5, rows - 0.5 - high])
    if any(heads):
        _name_columns(result, heads)
    lines = max(len(block.lines) for block in blocks)
    meta = result.layout.meta
    result.layout.meta = {**meta, "fit": {**meta["fit"], "letters": 1 / (high * lines * _LEADING)}}
    result.update_xaxes(visible=False)
    result.update_yaxes(visible=False)
    row, column = chosen
    left = column * _COLUMN - 0.48
    line = {"color": style.INK, "width": 3}
    result.add_shape(type="rect", x0=left, x1=left + _COLUMN - _GAP - 0.04, y0=row - 0.46, y1=row + 0.46, line=line)
    return result


def _name_columns(figure: go.Figure, heads: Sequence[str]) -> None:
    figure.add_scatter(
        x=[column * _COLUMN - 0.48 for column in range(len(heads))],
        y=[-0.5 - _HEAD / 2] * len(heads),
        text=list(heads),
        mode="text",
        textposition="middle right",
        textfont={"size": style.SMALL, "color": style.INK},
        hoverinfo="skip",
    )


def _edges(columns: Sequence[Sequence[Block]]) -> NDArray[np.float64]:
    """Where the columns and the gaps between them begin and end."""
    return np.array([column * _COLUMN - 0.5 + part for column in range(len(columns)) for part in (0, _COLUMN - _GAP)])


def _numbered(columns: Sequence[Sequence[Block]], rows: int) -> NDArray[np.float32]:
    """The place of each block in reading order, NaN where there is none and in the gaps."""
    numbers = np.full((rows, 2 * len(columns) - 1), np.nan, np.float32)
    first = 0
    for column, blocks in enumerate(columns):
        numbers[: len(blocks), 2 * column] = np.arange(first, first + len(blocks))
        first += len(blocks)
    return numbers


def _words(columns: Sequence[Sequence[Block]], rows: int) -> list[list[str]]:
    words = [["" for _place in range(2 * len(columns) - 1)] for _row in range(rows)]
    for column, blocks in enumerate(columns):
        for row, block in enumerate(blocks):
            words[row][2 * column] = block.words
    return words


def _add_picture(figure: go.Figure, block: Block, *, left: float, top: float) -> None:
    """All channels of a layer in a square, or its plain numbers; ink in the theme's own colours."""
    values = block.values
    low, high = min(0.0, float(values.min())), float(values.max())
    if block.signed:
        high = float(np.abs(values).max())
        low = -high
    pixels = _pixels(values, low, high)
    side = _TILE / max(pixels.shape)
    if block.ink:
        figure.add_heatmap(
            z=pixels,
            x0=left + side / 2,
            dx=side,
            y0=top + side / 2,
            dy=side,
            zmin=0,
            zmax=1,
            colorscale=style.GREY,
            showscale=False,
            hoverinfo="skip",
        )
        return
    shares = np.rint((pixels - low) * ((png.NOTHING - 1) / ((high - low) or 1)))
    figure.add_layout_image(
        source=png.address(
            np.where(np.isnan(pixels), png.NOTHING, shares).astype(np.uint8),
            *(_SIGNED if block.signed else (_COLOURS,)),
        ),
        xref="x",
        yref="y",
        x=left,
        y=top + (_TILE - side * pixels.shape[0]) / 2,
        sizex=side * pixels.shape[1],
        sizey=side * pixels.shape[0],
        sizing="stretch",
    )


def _pixels(values: Values, low: float, high: float) -> Values:
    """Maps side by side; a table as it is; few plain numbers as bars from top to bottom, many as a square."""
    if values.ndim == 3:
        return channels.lay_out(values, width=_BLOCK, height=_BLOCK, gap=1).values
    if values.ndim == 2:
        return values
    if len(values) > _BARS:
        square = np.full(ceil(len(values) ** 0.5) ** 2, np.nan)
        square[: len(values)] = values
        return square.reshape(ceil(len(values) ** 0.5), -1)
    return _bars(values, min(low, 0.0), max(high, 0.0))


def _bars(values: Values, low: float, high: float) -> Values:
    """A bar a number from where 0 is, to the left of it where the number is below 0."""
    side = 2 * len(values) - 1
    share = side / ((high - low) or 1)
    zero = round(-low * share)
    bars = np.full((side, side), np.nan)
    for number, value in enumerate(values):
        end = round((float(value) - low) * share)
        bars[2 * number, min(zero, end) : max(zero, end)] = value
    return bars


def _flow(figure: go.Figure, lengths: Sequence[int]) -> None:
    """Lines from the last block of each column to the first of the next."""
    x: list[float | None] = []
    y: list[float | None] = []
    for column, length in enumerate(lengths[:-1]):
        right = (column + 1) * _COLUMN - 0.5
        x += [right - _GAP, right - _GAP / 2, right - _GAP / 2, right - 0.06, None]
        y += [length - 1, length - 1, 0, 0, None]
    line = {"color": style.INK, "width": 1.5, "simplify": False}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")
    figure.add_scatter(
        x=[(column + 1) * _COLUMN - 0.56 for column in range(len(lengths) - 1)],
        y=[0] * (len(lengths) - 1),
        mode="markers",
        marker={"symbol": "triangle-right", "size": 9, "color": style.INK},
        hoverinfo="skip",
    )


def _alternative(title: str, blocks: Sequence[Block]) -> str:
    return _("{title}: {layers}.").format(title=title, layers="; ".join(block.words for block in blocks))
