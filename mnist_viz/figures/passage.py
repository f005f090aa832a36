"""What a layer does to numbers, as pictures: how they lie before and after it, and a score added up."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.figures.numbers import written, written_share
from mnist_viz.text import _

_ROW = 122  # pixels: one of the two histograms
_BAR = 31  # pixels: one number that is added
_RIGHT = 0.6  # from this probability on there is no room to the right of a point


def spreads(
    before: NDArray[np.integer], after: NDArray[np.integer], edges: NDArray[np.floating], words: tuple[str, str]
) -> go.Figure:
    """Two histograms on one horizontal axis, of what goes in and below it of what comes out; `words` name them.

    The height of a bar is the square root of its share of the fullest bin, so that rare numbers are seen beside the
    many zeros.
    """
    result = style.figure(
        _("The numbers before and after"),
        alt=" ".join(words).replace("<br>", " ").replace("<b>", "").replace("</b>", ""),
        height=2 * _ROW + 24,
        top=6,
        bottom=40,
    )
    middle = (edges[:-1] + edges[1:]) / 2
    for number, (counts, name) in enumerate(zip((before, after), words, strict=True)):
        axis = "" if number else "2"
        high = np.sqrt(counts / max(int(counts.max()), 1))
        result.add_bar(
            x=middle,
            y=high,
            yaxis=f"y{axis}",
            customdata=counts,
            marker={"color": style.VIOLET if number else style.LINE, "line": {"color": style.INK, "width": 0.5}},
            hovertemplate=_("near %{x:.3g}: %{customdata:,} numbers") + "<extra></extra>",
        )
        low = 0.0 if number else 0.55
        result.layout[f"yaxis{axis}"] = {"domain": [low, low + 0.45], "range": [0, 1.8], "visible": False}
        zero = {"x0": 0, "x1": 0, "y0": 0, "y1": 1.1, "yref": f"y{axis}"}
        result.add_shape(type="line", **zero, line={"color": style.INK, "width": 1})
        style.name_row(result, name, axis, align="left", font={"size": style.SMALL})
    result.update_layout(bargap=0)
    result.update_xaxes(
        range=[float(edges[0]), float(edges[-1])],
        nticks=6,
        fixedrange=True,
        anchor="y",
        showline=True,
    )
    return result


def weighted_sum(names: list[str], values: NDArray[np.floating], score: float, title: str) -> go.Figure:
    """Numbers that add up to a score, each beginning where the one before it ended; the score itself below."""
    ends = np.cumsum(values)
    starts = np.concatenate([[0.0], ends[:-1]])
    result = style.figure(
        title,
        alt=_("{title}: {values}; together {score}.").format(
            title=title,
            values=", ".join(f"{name} {written(float(value))}" for name, value in zip(names, values, strict=True)),
            score=written(score),
        ),
        height=_BAR * (len(names) + 1),
        left=140,
        right=70,
        bottom=8,
    )
    lengths, bases = [*values, score], [*starts, 0.0]
    colours = [style.FOR if value > 0 else style.AGAINST for value in values]
    result.add_bar(
        orientation="h",
        x=lengths,
        base=bases,
        y=list(range(len(names) + 1)),
        text=[written(float(value)) for value in lengths],
        textposition="outside",
        textfont={"size": style.SMALL, "color": style.INK},
        cliponaxis=False,
        marker={"color": [*colours, style.VIOLET], "line": {"color": style.INK, "width": 0.5}},
        hovertemplate="%{text}<extra></extra>",
    )
    low, high = min(0.0, float(ends.min()), score), max(0.0, float(ends.max()), score)
    result.update_layout(bargap=0.3)
    room = 0.06 * ((high - low) or 1)
    result.update_xaxes(
        range=[low - 2 * room if low < 0 else low, high + room],
        showticklabels=False,
        fixedrange=True,
        zeroline=True,
        zerolinecolor=style.INK,
    )
    result.update_yaxes(
        range=[len(names) + 0.5, -0.5],
        tickvals=list(range(len(names) + 1)),
        ticktext=[*(f"{name} " for name in names), f"<b>{_('the score')}</b> "],
        fixedrange=True,
    )
    return result


def surprise(share: float, loss: float, label: int, *, height: int = 270) -> go.Figure:
    """The curve of −ln p over p, with the point of the true label's probability; `height` pixels without its axis."""
    result = style.figure(
        _("Cross-entropy, −ln p"),
        alt=_("At a probability of {share} the cross-entropy is {loss}.").format(
            share=written_share(loss), loss=written(loss)
        ),
        height=height,
        left=58,
        right=20,
        top=10,
        bottom=56,
    )
    top = max(5.0, 1.15 * loss)
    curve = np.exp(-np.linspace(0, top, 160))
    result.add_scatter(x=curve, y=-np.log(curve), mode="lines", line={"color": style.INK, "width": 2}, hoverinfo="skip")
    words = f"−ln p({label}) = <b>{written(loss)}</b>"
    if share >= _RIGHT:  # its words stand in the empty corner above the curve
        result.add_shape(type="line", x0=share, x1=share, y0=loss, y1=0.55 * top, line={"color": style.INK, "width": 1})
        result.add_annotation(x=1, y=0.62 * top, text=words, xanchor="right", showarrow=False)
    result.add_scatter(
        x=[share],
        y=[loss],
        mode="markers+text",
        text=[f" {words} " if share < _RIGHT else ""],
        textposition="middle right",
        textfont={"size": style.SIZE},
        marker={"color": style.VIOLET, "size": 16, "line": {"color": style.INK, "width": 2}},
        cliponaxis=False,
        hovertemplate=f"p = {written_share(loss, 4)}<br>−ln p = {written(loss, 4)}<extra></extra>",
    )
    result.update_xaxes(
        title_text=_("probability of the true label"), range=[-0.04, 1], nticks=6, fixedrange=True, showline=True
    )
    result.update_yaxes(title_text=_("loss"), range=[0, top], nticks=5, fixedrange=True, showgrid=True)
    return result
