"""The confusion matrix: what each digit was labelled, and what it was read as."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.text import _

_CELLS = {
    "x0": 0,
    "y0": 0,
    "zmin": 0,
    "showscale": False,
    "xgap": 2,
    "ygap": 2,
    "hoverongaps": False,
    "texttemplate": "%{text}",
}
_STRONG = 0.65  # from this share of the largest mistake on, the number in the cell is white


def confusion(
    counts: NDArray[np.integer],
    *,
    by_row: bool = False,
    chosen: tuple[int, int] | None = None,
    title: str | None = None,
) -> go.Figure:
    """(K, K) counts, rows as labelled, columns as read; mistakes on one scale, the diagonal plain.

    `by_row` shows percent of the label's digits instead of counts; `chosen` = (labelled, read as) is outlined.
    x and y of every cell are the classes.
    """
    classes = len(counts)
    right = np.eye(classes, dtype=bool)
    per_label = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    values = 100 * counts / per_label if by_row else counts.astype(float)
    mistakes = np.where(right, 0, values)
    strong = mistakes > _STRONG * max(float(mistakes.max()), 1e-9)
    words = _("How each label is read, in percent") if by_row else _("How each label is read, in digits")
    result = style.figure(title or words, alt=_alternative(counts), height=classes * 46, left=54, bottom=58)
    plain: style.Scale = [[0, style.PANEL], [1, style.PANEL]]
    written = np.vectorize(lambda value: _written(value, by_row), otypes=[object])(values)
    for where, colours, ink in (
        (right, plain, style.INK),
        (~right & ~strong, style.COUNTS, style.INK),
        (strong, style.COUNTS, "white"),
    ):
        result.add_heatmap(
            z=np.where(where, values, np.nan),
            text=np.where(where, written, ""),
            customdata=counts,
            zmax=float(mistakes.max()) or 1,
            colorscale=colours,
            textfont={"color": ink},
            **_CELLS,
        )
    result.update_traces(hovertemplate=_("labelled %{y}, read as %{x}<br>%{customdata:,} digits") + "<extra></extra>")
    style.squares(result, classes, classes)
    ticks: dict[str, Any] = {"tickmode": "linear", "dtick": 1, "tickfont": {"size": style.SIZE}}
    result.update_xaxes(title_text=_("read as"), **ticks)
    result.update_yaxes(title_text=_("labelled"), **ticks)
    if chosen is not None:
        row, column = chosen
        result.add_shape(
            type="rect",
            x0=column - 0.5,
            x1=column + 0.5,
            y0=row - 0.5,
            y1=row + 0.5,
            line={"color": style.INK, "width": 3},
        )
    return result


def _written(value: float, by_row: bool) -> str:
    if value == 0:
        return ""
    if not by_row:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 0.05 else "<0.1"


def _alternative(counts: NDArray[np.integer]) -> str:
    mistakes = counts * (1 - np.eye(len(counts), dtype=counts.dtype))
    row, column = np.unravel_index(int(mistakes.argmax()), mistakes.shape)
    if mistakes[row, column] == 0:
        return _("Confusion matrix: all {total} digits are read as labelled.").format(total=f"{counts.sum():,}")
    return _("Confusion matrix: {wrong} of {total} digits are misread; {count} times a {label} as {read}.").format(
        wrong=f"{mistakes.sum():,}",
        total=f"{counts.sum():,}",
        count=int(mistakes[row, column]),
        label=row,
        read=column,
    )
