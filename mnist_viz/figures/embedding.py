"""A map of digits: each a point where the network's features put it, neighbours beside neighbours."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.text import _

COLOURINGS = ("label", "read", "right")
_HEIGHT = 440  # pixels
_POINT = 5  # pixels across
_STEPS: style.Scale = [[(n + side) / 10, colour] for n, colour in enumerate(style.DIGITS) for side in (0, 1)]
_RIGHT, _WRONG = style.DIGITS[3], style.VIOLET  # a mistake has the colour that it has in the confusion matrix
_TOOLS = {  # upright, so that the legend keeps its place
    "orientation": "v",
    "bgcolor": "rgba(0,0,0,0)",
    "color": style.LINE,
    "activecolor": style.INK,
    "remove": ["select2d", "zoomIn2d", "zoomOut2d", "sendChartToCloud"],
}
_BEYOND = 1.04  # the picture is so much wider than the points lie apart


class _Points(NamedTuple):
    """Digits on a map: places (N, 2), classes (N, 2) as labelled and as read, and an address each.

    Addresses are an array too: plotly looks through a list of 10,000 item by item.
    """

    places: NDArray[np.float32]
    classes: NDArray[np.uint8]
    ids: NDArray[np.str_]

    def where(self, mask: NDArray[np.bool_]) -> "_Points":
        return _Points(self.places[mask], self.classes[mask], self.ids[mask])


def embedding(
    places: NDArray[np.float32],
    labels: NDArray[np.uint8],
    read: NDArray[np.integer],
    *,
    by: str,
    part: str,
    name: str,
    version: str,
) -> go.Figure:
    """Digits of a part at their `places` (N, 2) on the map `name`, coloured by `label`, by class `read`, or by `right`.

    Every point has its digit's address as id. Another `version` of the places begins with a fresh zoom.
    """
    classes = labels if by == "label" else read
    wrong = labels != read
    result = style.figure(
        _title(by, name), alt=_alternative(places, labels, wrong, name), height=_HEIGHT, top=34 if by == "right" else 0
    )
    both = np.stack([labels, read], axis=1).astype(np.uint8)
    points = _Points(places, both, np.array([f"{part}-{index}" for index in range(len(places))]))
    marks: dict[str, Any] = {"size": _POINT, "line": {"width": 0.5, "color": style.INK}}
    if by == "right":
        marks |= {"color": _RIGHT}
    else:
        marks |= {"color": classes.astype(np.uint8), "colorscale": _STEPS, "cmin": -0.5, "cmax": 9.5}
    _points(result, points, marks)
    if by != "right":
        result.data[0].meta = {"colours": style.DIGITS}  # of each class: plotly mixes one a point from a scale, slowly
    if by == "right":
        crosses = {"size": 11, "symbol": "x", "color": _WRONG, "line": {"width": 1, "color": style.INK}}
        _points(result, points.where(wrong), crosses)
        result.data[1].unselected = {"marker": {"opacity": 1}}  # few, and what one looks for
        result.data[0].name = _("read rightly: {count}").format(count=f"{int((~wrong).sum()):,}")
        result.data[1].name = _("read wrongly: {count}").format(count=f"{int(wrong.sum()):,}")
        still = {"itemsizing": "constant", "itemclick": False, "itemdoubleclick": False}
        result.update_layout(showlegend=True, legend={**style.LEGEND, **still})
    _write_classes(result, places, classes)
    _axes(result, places)
    result.update_layout(dragmode="lasso", clickmode="event", uirevision=version, modebar=_TOOLS)
    return result


def rings(places: NDArray[np.float32], chosen: int | None, nearest: Sequence[int]) -> list[dict[str, Any]]:
    """What is laid over a map: a ring around the `chosen` digit, a thin one around each of its `nearest`.

    Of a size on the map, not on the screen: beside shapes sized in pixels plotly.js misplaces the line of a lasso.
    """
    drawn = [(int(index), 0.013, 1.5) for index in nearest]
    if chosen is not None:
        drawn.append((chosen, 0.022, 4))
    _middle, half = _square(places)
    return [
        {
            "type": "circle",
            "x0": float(places[index, 0] - share * 2 * half),
            "x1": float(places[index, 0] + share * 2 * half),
            "y0": float(places[index, 1] - share * 2 * half),
            "y1": float(places[index, 1] + share * 2 * half),
            "line": {"color": style.INK, "width": width},
        }
        for index, share, width in drawn
    ]


def ranges(places: NDArray[np.float32]) -> tuple[list[float], list[float]]:
    """From where to where the axes of a map go, across and up: a square that holds all the points."""
    (across, up), half = _square(places)
    return [across - half, across + half], [up - half, up + half]


def _points(figure: go.Figure, points: _Points, marks: dict[str, Any]) -> None:
    figure.add_scattergl(
        x=points.places[:, 0],
        y=points.places[:, 1],
        ids=points.ids,
        customdata=points.classes,
        mode="markers",
        marker=marks,
        unselected={"marker": {"opacity": 0.15}},
        hovertemplate=_("labelled %{customdata[0]}, read as %{customdata[1]}") + "<extra></extra>",
    )


def _write_classes(figure: go.Figure, places: NDArray[np.float32], classes: NDArray[np.integer]) -> None:
    """Each class by its digit, in the middle of its points."""
    look = {"showarrow": False, "bgcolor": style.GROUND, "borderpad": 1, "opacity": 0.85}
    font = {"size": style.SIZE, "color": style.INK}
    middles = {number: np.median(places[classes == number], axis=0) for number in np.unique(classes).tolist()}
    figure.update_layout(
        annotations=[
            {"x": float(x), "y": float(y), "text": f"<b>{number}</b>", "font": font, **look}
            for number, (x, y) in middles.items()
        ]
    )


def _square(places: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    """The middle of the points and half the side of a square that holds them all."""
    low, high = places.min(axis=0).astype(np.float64), places.max(axis=0).astype(np.float64)
    return (low + high) / 2, _BEYOND * max(float((high - low).max()), 1e-6) / 2


def _axes(figure: go.Figure, places: NDArray[np.float32]) -> None:
    """The same scale on both axes, and no numbers: only who lies beside whom means something."""
    across, up = ranges(places)
    figure.update_xaxes(range=across, showticklabels=False)
    figure.update_yaxes(range=up, showticklabels=False, scaleanchor="x", scaleratio=1)
    figure.layout.meta = {**figure.layout.meta, "fit": {"share": 1.0, "plus": 0.0}}


def _title(by: str, name: str) -> str:
    words = {
        "label": _("{name} of the test digits, coloured by label"),
        "read": _("{name} of the test digits, coloured by what they are read as"),
        "right": _("{name} of the test digits, read rightly or wrongly"),
    }
    return words[by].format(name=name)


def _alternative(places: NDArray[np.float32], labels: NDArray[np.uint8], wrong: NDArray[np.bool_], name: str) -> str:
    return _("{name}: {count} digits of {classes} labels as points, {wrong} of them read wrongly.").format(
        name=name, count=f"{len(places):,}", classes=len(np.unique(labels)), wrong=int(wrong.sum())
    )
