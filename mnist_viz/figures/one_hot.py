"""Labels as vectors: the matrix of a batch with its digits, and the two ways from a vector or an index to the loss."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.analysis.labelling import Ways
from mnist_viz.figures import style
from mnist_viz.figures.numbers import written
from mnist_viz.text import _

_LABEL, _FIRST = 1.0, 2.25  # where the label as a number and the column of class 0 stand; the digit stands at 0
_TILE = 30  # pixels of a digit and a line of paper on each side
_ROW = 34  # pixels on the screen of a row of the sum
_ONE = "#ffffff"  # read on violet


def matrix(
    images: NDArray[np.uint8],
    vectors: NDArray[np.floating],
    surprises: Sequence[float],
    addresses: Sequence[str],
    title: str,
) -> go.Figure:
    """A row for each digit of a batch: its picture, its label as number and vector, and what it adds to the loss.

    `surprises`: -ln p of each digit's label.
    """
    rows, classes = vectors.shape
    last = _FIRST + classes + 0.75  # where the middle of the column of losses stands
    wide, high = last + 1.3, rows + 0.9
    result = style.figure(
        title,
        alt=_("{count} digits and their labels as rows of ten, one of which is 1: {labels}.").format(
            count=rows, labels=", ".join(str(one) for one in vectors.argmax(axis=1))
        ),
        height=round(high * 36),
        top=26,
    )
    places = [_FIRST + one for one in range(classes)]
    said = [
        [
            _("{address}: {one} for class {label}").format(address=address, one=int(one), label=label)
            for label, one in enumerate(row)
        ]
        for address, row in zip(addresses, vectors, strict=True)
    ]
    hover = {"texttemplate": "%{z}", "hovertemplate": "%{text}<extra></extra>"}
    _cells(result, vectors, said, x=places, y=list(range(rows)), **hover)
    tiles = np.full((rows * _TILE, _TILE), np.nan, np.float32)
    for row, image in enumerate(images):
        tiles[row * _TILE + 1 : (row + 1) * _TILE - 1, 1:-1] = image
    result.add_heatmap(
        z=tiles,
        x0=-0.5 + 0.5 / _TILE,
        dx=1 / _TILE,
        y0=-0.5 + 0.5 / _TILE,
        dy=1 / _TILE,
        zmin=0,
        zmax=255,
        colorscale=style.GREY,
        showscale=False,
        hoverinfo="none",
        hoverongaps=False,
    )
    for row, label in enumerate(vectors.argmax(axis=1)):
        _word(result, _LABEL, row, f"<b>{label}</b>")
    for row, surprise in enumerate(surprises):
        _word(result, last, row, f"{surprise:.4f}" if surprise >= 5e-5 else "< 0.0001")
    _word(result, last, rows + 0.05, f"<b>{np.mean(surprises):.4f}</b>")
    result.add_annotation(
        text=_("mean: the loss of this batch"),
        x=_FIRST + classes - 0.5,
        y=rows + 0.05,
        xanchor="right",
        showarrow=False,
    )
    style.squares(result, wide, high)
    result.update_xaxes(
        range=[-0.6, wide - 0.1],
        side="top",
        tickvals=[_LABEL, *places, last],
        ticktext=[_("label"), *(str(one) for one in range(classes)), _("−ln p")],
        tickfont={"size": style.SIZE},
    )
    result.update_yaxes(range=[rows + 0.4, -0.56], visible=False)
    return result


def outline(chosen: int) -> dict[str, Any]:
    """What is laid over the row of the matrix that is chosen."""
    box = {"x0": 0, "x1": 1, "xref": "paper", "y0": chosen - 0.52, "y1": chosen + 0.52}
    return {"type": "rect", **box, "line": {"color": style.INK, "width": 2.5}}


def _cells(result: go.Figure, inked: NDArray[np.floating], text: Sequence[Sequence[str]], **more: Any) -> None:
    """A table of fields, those that are 1 inked; `more` says where they lie and what they show of the text."""
    for value, ground, colour in ((0, style.PANEL, style.INK), (1, style.VIOLET, _ONE)):
        here = inked == value
        result.add_heatmap(
            z=np.where(here, inked, np.nan),
            text=np.where(here, text, ""),
            textfont={"size": style.SIZE, "color": colour},
            colorscale=[[0, ground], [1, ground]],
            zmin=0,
            zmax=1,
            xgap=2,
            ygap=2,
            showscale=False,
            hoverongaps=False,
            **more,
        )


def both_ways(ways: Ways, title: str) -> go.Figure:
    """The terms of the cross-entropy of one digit, class by class: nine are 0; the outlined row is what an index names.

    Columns: the one-hot vector, the probabilities, -ln p, and the product of the first with the last.
    """
    classes, label = len(ways.vector), int(ways.vector.argmax())
    result = style.figure(
        title,
        alt=_("The sum of ten products is {sum:.4f}; −ln of the probability of class {label} is {one:.4f}.").format(
            sum=ways.by_vector, label=label, one=ways.by_index
        ),
        height=(classes + 1) * _ROW,
        left=36,
        top=26,
    )
    inked = np.zeros((classes, 4))
    inked[label, [0, 3]] = 1
    words = [
        [f"{vector:.0f}", _short(float(share)), f"{surprise:.4f}", f"{term:.4f}" if vector else "0"]
        for vector, share, surprise, term in zip(
            ways.vector, ways.probabilities, ways.surprises, ways.terms, strict=True
        )
    ]
    _cells(result, inked, words, texttemplate="%{text}", hoverinfo="skip")
    _word(result, 3, classes, f"<b>{ways.by_vector:.4f}</b>")
    result.add_annotation(text=_("sum of the ten"), x=2.45, y=classes, xanchor="right", showarrow=False)
    box = {"x0": -0.5, "x1": 3.5, "y0": label - 0.5, "y1": label + 0.5}
    result.add_shape(type="rect", **box, line={"color": style.INK, "width": 2.5})
    result.update_xaxes(
        range=[-0.52, 3.52],
        side="top",
        tickvals=[0, 1, 2, 3],
        ticktext=[_("vector"), _("p, rounded"), _("−ln p"), _("product")],
        tickfont={"size": style.SIZE},
        fixedrange=True,
    )
    result.update_yaxes(
        range=[classes + 0.5, -0.52],
        tickvals=list(range(classes)),
        ticktext=[f"<b>{one}</b> " if one == label else f"{one} " for one in range(classes)],
        tickfont={"size": style.SIZE},
        fixedrange=True,
    )
    return result


def _short(share: float) -> str:
    """Four digits that count, two where a power of ten stands beside them: more is wider than its column."""
    said = written(share, 4)
    return written(share, 2) if "×" in said else said


def _word(figure: go.Figure, x: float, y: float, text: str) -> None:
    figure.add_annotation(text=text, x=x, y=y, showarrow=False, font={"size": style.SIZE})
