"""Precision and recall of every class, with their intervals."""

from math import floor

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.text import _


def precision_recall(
    precision: NDArray[np.float64],
    recall: NDArray[np.float64],
    precision_interval: NDArray[np.float64],
    recall_interval: NDArray[np.float64],
    title: str | None = None,
) -> go.Figure:
    """Two marks a class, (K,) shares from 0 to 1 each, with their (K, 2) intervals; the axis says where it begins."""
    classes = len(precision)
    lowest = 100 * float(np.nanmin([np.nanmin(precision_interval), np.nanmin(recall_interval)]))
    begin = max(0, floor(lowest) if lowest > 90 else 10 * floor(lowest / 10))
    result = style.figure(
        title or _("How far each class can be trusted"),
        alt=_("Lowest recall: {recall} % for {worst}; lowest precision: {precision} % for {least}.").format(
            recall=f"{100 * np.nanmin(recall):.1f}",
            worst=int(np.nanargmin(recall)),
            precision=f"{100 * np.nanmin(precision):.1f}",
            least=int(np.nanargmin(precision)),
        ),
        height=classes * 36,
        left=40,
        right=30,
        top=54,
        bottom=78,
    )
    found, right = _("recall: found of those labelled so"), _("precision: right of those read so")
    _marks(result, found, 100 * recall, 100 * recall_interval, symbol="circle", colour=style.INK, shift=-0.2)
    _marks(result, right, 100 * precision, 100 * precision_interval, symbol="diamond", colour=style.VIOLET, shift=0.2)
    result.update_layout(showlegend=True, legend=style.LEGEND)
    words = _("percent, with 95 % intervals<br>the axis begins at {begin} %").format(begin=begin)
    result.update_xaxes(range=[begin, 100], title_text=words, showgrid=True, nticks=6, fixedrange=True)
    result.update_yaxes(range=[classes - 0.5, -0.5], dtick=1, fixedrange=True, tickfont={"size": style.SIZE})
    return result


def _marks(
    figure: go.Figure,
    name: str,
    share: NDArray[np.float64],
    interval: NDArray[np.float64],
    *,
    symbol: str,
    colour: str,
    shift: float,
) -> None:
    figure.add_scatter(
        x=share,
        y=[label + shift for label in range(len(share))],
        mode="markers",
        name=name,
        cliponaxis=False,
        marker={"symbol": symbol, "size": 11, "color": colour, "line": {"color": style.INK, "width": 1}},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": interval[:, 1] - share,
            "arrayminus": share - interval[:, 0],
            "color": colour,
            "thickness": 2,
            "width": 0,
        },
        customdata=np.column_stack([np.arange(len(share)), interval]),
        hovertemplate=_(
            "{name}<br>%{customdata[0]}: %{x:.2f} %, 95 % interval %{customdata[1]:.2f} to %{customdata[2]:.2f}"
        ).replace("{name}", name)
        + "<extra></extra>",
    )
