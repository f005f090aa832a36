"""Pictures of 28x28 pixels laid out as one large picture, so that they share pixels, scale and colour bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style

_SIDE = 28
_GAP = 3  # pixels of a digit between two tiles side by side
_LETTER, _LINE = 6.9, 18  # pixels on the screen: width of a letter, height of a line of a tile's title
_WIDTH = 780  # pixels on the screen: as wide as a mosaic grows


@dataclass(frozen=True)
class Tiles:
    """Tiles in reading order: `values` (rows, columns of pixels) with NaN between them, and for each tile in `corners`
    row and column of its upper left pixel.
    """

    values: NDArray[np.floating]
    corners: tuple[tuple[int, int], ...]

    @property
    def wide(self) -> int:
        """Width in pixels of the tiles."""
        return int(self.values.shape[1])

    @property
    def high(self) -> int:
        """Height in pixels of the tiles."""
        return int(self.values.shape[0])


@dataclass(frozen=True)
class Mosaic(Tiles):
    """Digits with titles. `inside` (rows, columns, 3): row in the tile, column in the tile, number of the tile.

    `titles`: broken into lines. `above`: pixels on the screen that those of the first row take in the margin of the
    figure.
    """

    inside: NDArray[np.int16]
    titles: tuple[str, ...]
    above: int

    @property
    def height(self) -> int:
        """Height on the screen in pixels, with its colour scale, where the window is wide enough."""
        return round((self.high + self.wide / 27) * min(12.0, _WIDTH / self.wide))


def lay_out(images: NDArray[np.generic], titles: Sequence[str], columns: int) -> Mosaic:
    """Lay (N, 28, 28) pictures out in `columns`; above each there is room for its title, in a narrow window too."""
    columns = min(columns, len(images))
    wide = columns * _SIDE + (columns - 1) * _GAP
    pixel = (style.NARROW - 16) / wide
    broken = [wrap(title, int(_SIDE * pixel / _LETTER)) for title in titles]
    above = max(map(len, broken)) * _LINE + 6
    step = _SIDE + ceil(above / pixel)
    values = np.full(((len(images) - 1) // columns * step + _SIDE, wide), np.nan)
    inside = np.zeros((*values.shape, 3), dtype=np.int16)  # a quarter of what the browser would get otherwise
    corners = []
    for number, image in enumerate(images):
        row, column = number // columns * step, number % columns * (_SIDE + _GAP)
        here = np.s_[row : row + _SIDE, column : column + _SIDE]
        values[here] = image
        inside[here] = np.dstack([*np.mgrid[:_SIDE, :_SIDE], np.full((_SIDE, _SIDE), number)])
        corners.append((row, column))
    return Mosaic(values, tuple(corners), inside, tuple(map("<br>".join, broken)), above)


def dress(
    figure: go.Figure, mosaic: Mosaic, colours: style.Scale, labels: tuple[str, str, str], *, low: float = 0
) -> None:
    """Give a figure the axes of the mosaic, a frame and a title for each tile, and the colour scale below."""
    both = style.scale(figure, colours, labels, wide=mosaic.wide, high=mosaic.high, low=low)
    style.squares(figure, mosaic.wide, both)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    frame(figure, mosaic)


def frame(figure: go.Figure, mosaic: Mosaic) -> None:
    """A frame around each tile, and its title above it."""
    for (row, column), title in zip(mosaic.corners, mosaic.titles, strict=True):
        figure.add_shape(
            type="rect",
            x0=column - 0.5,
            x1=column + _SIDE - 0.5,
            y0=row - 0.5,
            y1=row + _SIDE - 0.5,
            line={"color": style.LINE, "width": 1},
        )
        figure.add_annotation(
            text=title,
            x=column + _SIDE / 2 - 0.5,
            y=row - 0.5,
            yanchor="bottom",
            showarrow=False,
            font={"size": style.SMALL},
        )
