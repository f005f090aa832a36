"""How right several runs are beside each other: dots by class, and dots of an ensemble and its members."""

from collections.abc import Sequence
from math import floor

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.figures.comparison import Look
from mnist_viz.text import _

ROW = 32  # pixels a class
_GAP = 0.06  # of the width, between the three panels
_SPREAD = 0.5  # of a row, over which the marks of several runs are spread


def by_class(scores: NDArray[np.float64], looks: Sequence[Look], title: str) -> go.Figure:
    """Precision, recall and F1 (3, runs, classes) side by side: a row a class, a mark a run, from 0 to 1 each.

    A grey line in each row goes from the lowest to the highest, so that its length is how much the runs differ.
    """
    shown = 100 * scores
    classes, lowest = scores.shape[2], float(np.nanmin(shown))
    begin = max(0, floor(lowest - 0.2) if lowest > 90 else 10 * floor(lowest / 10))
    apart = np.ptp(np.where(np.isnan(shown[2]), lowest, shown[2]), axis=0)
    result = style.figure(
        title,
        alt=_("The F1 of class {label} differs most, by {points} points.").format(
            label=int(apart.argmax()), points=f"{apart.max():.1f}"
        ),
        height=classes * ROW,
        left=30,
        right=24,
        top=34,
        bottom=62,
    )
    result.layout.meta = {**result.layout.meta, "stands_out": True}
    width = (1 - 2 * _GAP) / 3
    headings = (_("Precision"), _("Recall"), _("F1"))
    for panel, (heading, values) in enumerate(zip(headings, shown, strict=True)):
        suffix = "" if panel == 0 else str(panel + 1)
        axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        for label in np.flatnonzero(np.isfinite(values).any(axis=0)):
            ends = [np.nanmin(values[:, label]), np.nanmax(values[:, label])]
            result.add_shape(
                type="line",
                layer="below",
                xref=axes["xaxis"],
                yref=axes["yaxis"],
                x0=ends[0],
                x1=ends[1],
                y0=label,
                y1=label,
                line={"color": style.LINE, "width": 10},
            )
        for place, look in enumerate(looks):
            shift = _SPREAD * ((place + 0.5) / len(looks) - 0.5)
            result.add_scatter(
                x=values[place],
                y=np.arange(classes) + shift,
                mode="markers",
                meta=look.letter,
                name=look.letter,
                cliponaxis=False,
                marker=_mark(look),
                customdata=np.arange(classes),
                hovertemplate=f"<b>{look.letter}</b> {heading} %{{customdata}}: %{{x:.2f}} %<extra></extra>",
                **axes,
            )
        begins = panel * (width + _GAP)
        words = _("percent, from {begin} %").format(begin=begin)
        result.update_layout(
            {
                f"xaxis{suffix}": {
                    "domain": [begins, begins + width],
                    "anchor": f"y{suffix}",
                    "range": [begin, 100],
                    "nticks": 5,
                    "showgrid": True,
                    "title": {"text": words},
                    "fixedrange": True,
                },
                f"yaxis{suffix}": {
                    "anchor": f"x{suffix}",
                    "range": [classes - 0.5, -0.5],
                    "dtick": 1,
                    "showticklabels": panel == 0,
                    "tickfont": {"size": style.SIZE},
                    "fixedrange": True,
                },
            }
        )
        result.add_annotation(
            text=f"<b>{heading}</b>",
            x=begins,
            y=1,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=6,
            showarrow=False,
        )
    return result


def ensemble(
    together: float,
    members: NDArray[np.float64],
    without: NDArray[np.float64],
    intervals: NDArray[np.float64],
    *,
    looks: Sequence[Look],
    title: str,
) -> go.Figure:
    """The accuracy of members and of all together, shares each: a row a member, with its (runs, 2) interval, and a
    hollow mark for the ensemble without it; a row and a line through all rows for the whole ensemble.
    """
    rows = len(members)
    values = 100 * np.concatenate([members, without, intervals.ravel(), [together]])
    span = max(0.2, float(np.ptp(values)))
    ends = [values.min() - 0.04 * span, min(100.0, values.max() + 0.04 * span)]
    result = style.figure(
        title,
        alt=_("Together {together} %; alone {members}.").format(
            together=f"{100 * together:.2f}",
            members=", ".join(f"{look.letter} {100 * one:.2f} %" for look, one in zip(looks, members, strict=True)),
        ),
        height=42 * (rows + 1),
        left=56,
        right=30,
        top=34,
        bottom=58,
    )
    result.add_vline(x=100 * together, line={"color": style.INK, "width": 2, "dash": "dash"})
    result.add_scatter(
        x=[100 * together],
        y=[rows],
        mode="markers+text",
        text=[f"<b>{100 * together:.2f} %</b>"],
        textposition="middle left" if 100 * together > sum(ends) / 2 else "middle right",
        textfont={"color": style.INK, "size": style.SIZE},
        showlegend=False,
        cliponaxis=False,
        marker={"symbol": "diamond", "size": 15, "color": style.INK},
        hovertemplate=_("all together: %{x:.2f} %") + "<extra></extra>",
    )
    alone, others = _("{letter} alone: %{x:.2f} %"), _("all but {letter}: %{x:.2f} %")
    for place, look in enumerate(looks):
        result.add_scatter(
            x=[100 * members[place]],
            y=[place - 0.12],
            mode="markers",
            name=_("alone, with its 95 % interval"),
            showlegend=place == 0,
            cliponaxis=False,
            marker=_mark(look, 13),
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [100 * (intervals[place, 1] - members[place])],
                "arrayminus": [100 * (members[place] - intervals[place, 0])],
                "color": look.colour,
                "thickness": 2,
                "width": 0,
            },
            hovertemplate=alone.replace("{letter}", look.letter) + "<extra></extra>",
        )
        result.add_scatter(
            x=[100 * without[place]],
            y=[place + 0.22],
            mode="markers",
            name=_("all but this one"),
            showlegend=place == 0,
            cliponaxis=False,
            marker={"symbol": "circle", "size": 13, "color": style.GROUND, "line": {"color": style.INK, "width": 2}},
            hovertemplate=others.replace("{letter}", look.letter) + "<extra></extra>",
        )
    result.update_layout(showlegend=True, legend=style.LEGEND)
    result.update_xaxes(range=ends, showgrid=True, nticks=7, title_text=_("test accuracy (%)"), showline=True)
    result.update_yaxes(
        range=[rows + 0.6, -0.6],
        tickvals=list(range(rows + 1)),
        ticktext=[*(f"<b>{look.letter}</b>" for look in looks), f"<b>{_('all')}</b>"],
        fixedrange=True,
    )
    return result


def _mark(look: Look, size: int = 11) -> dict[str, object]:
    return {"symbol": look.symbol, "size": size, "color": look.colour, "line": {"color": style.INK, "width": 1}}
