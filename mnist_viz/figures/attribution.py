"""Which pixels speak for a class and which against it: signed maps under the outline of the digit."""

from collections.abc import Sequence
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import mosaic, style
from mnist_viz.text import _

_LEFT, _LINE = 52, 20  # pixels on the screen: room for "for 9", height of a line of a column's title
_LETTERS = 11  # of a column's title in a line: what four columns hold in the narrowest window
_PIXEL, _WIDTH = 8.0, 960.0  # pixels on the screen: how wide a pixel of a digit and the whole grid grow


def attribution(
    maps: NDArray[np.floating],
    image: NDArray[np.uint8],
    *,
    classes: Sequence[str],
    methods: Sequence[str],
    title: str | None = None,
) -> go.Figure:
    """Maps (classes, methods, 28, 28), signed, a row a class and a column a method, over the digit `image` (28, 28).

    Each method is divided by its largest absolute value over all classes, so that its maps can be compared.
    `classes` and `methods`: what they are called; a pane is called "Integrated gradients for 9".
    """
    rows, columns = maps.shape[:2]
    titles = [_("{method} for {label}").format(method=method, label=label) for label in classes for method in methods]
    laid = mosaic.lay_out(_scaled(maps).reshape(rows * columns, *image.shape), titles, columns)
    result = style.figure(
        title or _("Which pixels speak for and against"),
        alt=_("Signed maps of {pixels} pixels: {names}.").format(pixels=image.size, names=", ".join(titles)),
        height=laid.height,
        top=laid.above,
        bottom=60,
    )
    _draw(result, laid, image)
    return result


def beside(maps: NDArray[np.floating], image: NDArray[np.uint8], *, classes: Sequence[str], title: str) -> go.Figure:
    """The maps (classes, 28, 28) of one method side by side, on one scale; the `title` names the method."""
    titles = [_("for {label}").format(label=label) for label in classes]
    laid = mosaic.lay_out(_scaled(maps[:, np.newaxis])[:, 0], titles, len(classes))
    result = style.figure(
        title,
        alt=_("{title}: signed maps of {pixels} pixels.").format(title=title, pixels=image.size),
        height=laid.height,
        top=laid.above,
        bottom=60,
    )
    _draw(result, laid, image)
    return result


def grid(
    maps: NDArray[np.floating],
    image: NDArray[np.uint8],
    *,
    classes: Sequence[str],
    methods: Sequence[str],
    title: str | None = None,
) -> go.Figure:
    """The same as a grid of at most four columns: what the columns are is said once above, the class at the left.

    Tiles are as large with one method as with four, so that grids can stand below each other.
    """
    rows, columns = maps.shape[:2]
    names = [wrap(method, _LETTERS, break_long_words=False) for method in methods]
    laid = mosaic.lay_out(_scaled(maps).reshape(rows * columns, *image.shape), [""] * rows * columns, columns)
    pixel = min(_PIXEL, _WIDTH / laid.wide)
    result = style.figure(
        title or _("Which pixels speak for and against"),
        alt=_("Maps of {pixels} pixels by {methods}, each for {classes}.").format(
            pixels=image.size, methods=", ".join(methods), classes=", ".join(classes)
        ),
        height=round((laid.high + laid.wide / 27) * pixel),
        left=_LEFT,
        top=_LINE * max(map(len, names)),
        bottom=60,
    )
    _draw(result, laid, image)
    middle = image.shape[1] / 2 - 0.5
    for (row, column), name in zip(laid.corners[:columns], names, strict=True):
        result.add_annotation(
            text="<br>".join(name),
            x=column + middle,
            y=row - 0.5,
            yanchor="bottom",
            showarrow=False,
            font={"size": style.SMALL},
        )
    for (row, column), label in zip(laid.corners[::columns], classes, strict=True):
        result.add_annotation(
            text=_("for {label}").format(label=f"<b>{label}</b>"),
            x=column - 0.5,
            y=row + middle,
            xanchor="right",
            xshift=-4,
            showarrow=False,
            font={"size": style.SMALL},
        )
    return result


def _scaled(maps: NDArray[np.floating]) -> NDArray[np.float64]:
    """Each method divided by its largest absolute value over all classes; maps are (classes, methods, 28, 28)."""
    largest = np.abs(maps).max(axis=(0, 2, 3), keepdims=True)
    scaled: NDArray[np.float64] = np.divide(maps, largest, out=np.zeros(maps.shape), where=largest > 0)
    return scaled


def _draw(result: go.Figure, laid: mosaic.Mosaic, image: NDArray[np.uint8]) -> None:
    """The tiles on one scale, the scale below them, and the outline of the digit on each."""
    result.add_heatmap(
        z=laid.values,
        customdata=laid.inside,
        zmin=-1,
        zmax=1,
        colorscale=style.DIVERGING,
        showscale=False,
        hoverongaps=False,
        hovertemplate=_("row %{customdata[0]}, column %{customdata[1]}<br>%{z:.2f} of the strongest pixel")
        + "<extra></extra>",
    )
    labels = (_("against (−1)"), _("0<br>±1: the strongest pixel of each method"), _("for (+1)"))
    mosaic.dress(result, laid, style.DIVERGING, labels, low=-1)
    draw_outline(result, laid, image)


def draw_outline(result: go.Figure, laid: mosaic.Mosaic, image: NDArray[np.uint8]) -> None:
    """Draw the outline of the digit `image` (28, 28) on each tile."""
    x, y = outline(image)
    result.add_scatter(
        x=np.concatenate([x + column for _row, column in laid.corners]),
        y=np.concatenate([y + row for row, _column in laid.corners]),
        mode="lines",
        line={"color": style.INK, "width": 1.5, "simplify": False},
        hoverinfo="skip",
        cliponaxis=False,
    )


def outline(image: NDArray[np.uint8], threshold: float = 127.5) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The border between the pixels above `threshold` and the others, along the edges of pixels.

    Closed lines as x and y, a pixel's centre at its column and row, with NaN after each line.
    """
    inked = np.pad(image > threshold, 1)
    ahead: dict[tuple[int, int], list[tuple[int, int]]] = {}  # corner -> next corners, with the ink on the right
    for row, column in zip(*np.nonzero(inked), strict=True):
        edges = {
            (-1, 0): ((row, column), (row, column + 1)),
            (0, 1): ((row, column + 1), (row + 1, column + 1)),
            (1, 0): ((row + 1, column + 1), (row + 1, column)),
            (0, -1): ((row + 1, column), (row, column)),
        }
        for (down, right), (start, end) in edges.items():
            if not inked[row + down, column + right]:
                ahead.setdefault(start, []).append(end)
    line: list[tuple[float, float]] = []
    while ahead:
        first = corner = next(iter(ahead))
        line.append(first)
        while corner in ahead:
            following = ahead[corner].pop()
            if not ahead[corner]:
                del ahead[corner]
            corner = following
            line.append(corner)
            if corner == first:
                break
        line.append((np.nan, np.nan))
    points = np.array(line or [(np.nan, np.nan)], dtype=float) - 1.5  # the padding, and half a pixel
    return points[:, 1], points[:, 0]
