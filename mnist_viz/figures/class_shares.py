"""How each class comes out in the parts of a split: its share in each, around the pool's own, with chance's spread."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from mnist_viz.analysis.class_shares import ClassShares
from mnist_viz.figures import style
from mnist_viz.text import _

_SYMBOLS = {"train": "circle", "val": "square", "test": "diamond"}
_OFFSETS = {"train": -0.25, "val": 0.0, "test": 0.25}
_BAND = 0.17  # width of a band; the distance of two classes is 1
_EDGE = {"color": style.INK, "width": 1}  # by which bands are known, whatever their colour


def class_shares(found: Mapping[str, ClassShares], title: str) -> go.Figure:
    """Marks for train, val and test, bands within which chance leaves them 95 times of 100, lines for the pool."""
    names = {"train": _("training"), "val": _("validation"), "test": _("test")}
    pool = found["pool"]
    parts = {name: one for name, one in found.items() if name != "pool"}
    most = max(float(max(one.chance.max(), one.shares.max())) for one in parts.values())
    least = min(float(min(one.chance.min(), one.shares.min())) for one in parts.values())
    result = style.figure(
        title,
        alt=_("Of the pool a class makes {low:.1f} to {high:.1f} %, of a part {least:.1f} to {most:.1f} %.").format(
            low=100 * pool.shares.min(),
            high=100 * pool.shares.max(),
            least=100 * min(float(one.shares.min()) for one in parts.values()),
            most=100 * max(float(one.shares.max()) for one in parts.values()),
        ),
        height=300,
        left=58,
        top=52,
        bottom=58,
    )
    classes = np.arange(len(pool.counts))
    result.add_bar(
        x=[None],
        y=[None],
        name=_("where chance leaves 95 %"),
        marker={"color": style.GROUND, "line": _EDGE},
        showlegend=True,
    )
    result.add_scatter(
        x=np.stack([classes - 0.42, classes + 0.42, np.full(len(classes), np.nan)], axis=1).ravel(),
        y=100 * np.repeat(pool.shares, 3),
        mode="lines",
        line={"color": style.INK, "width": 2},
        name=_("the pool: {count:,}").format(count=pool.size),
        hoverinfo="skip",
    )
    for name, one in parts.items():
        places = classes + _OFFSETS[name]
        result.add_bar(
            x=places,
            base=100 * one.chance[:, 0],
            y=100 * (one.chance[:, 1] - one.chance[:, 0]),
            width=_BAND,
            marker={"color": _pale(style.PARTS[name]), "line": _EDGE},
            hoverinfo="skip",
            showlegend=False,
        )
        words = _("{part}, class %{customdata[0]}<br>%{customdata[1]:,} of {size} digits: %{y:.2f} %<br>").replace(
            "{part}", names[name]
        ) + _("chance leaves %{customdata[2]:.2f} to %{customdata[3]:.2f} %, the pool has %{customdata[4]:.2f} %")
        result.add_scatter(
            x=places,
            y=100 * one.shares,
            mode="markers",
            name=_("{part}: {count:,}").format(part=names[name], count=one.size),
            marker={
                "color": style.PARTS[name],
                "symbol": _SYMBOLS[name],
                "size": 10,
                "line": {"color": style.INK, "width": 1.2},
            },
            customdata=np.column_stack([classes, one.counts, 100 * one.chance, 100 * pool.shares]),
            hovertemplate=words.replace("{size}", f"{one.size:,}") + "<extra></extra>",
        )
    result.update_layout(barmode="overlay", showlegend=True, legend=style.LEGEND)
    result.update_xaxes(
        title_text=_("class"), tickvals=classes, range=[-0.55, len(classes) - 0.45], fixedrange=True, showgrid=False
    )
    room = 0.06 * (most - least)
    result.update_yaxes(
        title_text=_("share of the part (%)"),
        range=[100 * (least - room), 100 * (most + room)],  # below 0 too: a mark at 0 % is seen whole
        fixedrange=True,
        showgrid=True,
    )
    return result


def _pale(colour: str) -> str:
    """A colour through which the ground is seen, while the edge around it is not pale."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"rgba({red},{green},{blue},0.3)"
