"""How the digits are distributed: over the ten labels and over the 256 grey values."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.text import _

_PATTERN = {"train": "", "val": "/", "test": "x"}


def labels(counts: Mapping[str, NDArray[np.integer]], title: str | None = None) -> go.Figure:
    """Share of each label in each part, in percent; `counts`: for train, val, test the (10,) digits of each label."""
    names = {"train": _("training"), "val": _("validation"), "test": _("test")}
    shares = {part: 100 * count / max(int(count.sum()), 1) for part, count in counts.items()}
    least = min(float(share.min()) for share in shares.values())
    most = max(float(share.max()) for share in shares.values())
    result = style.figure(
        title or _("How frequent each label is"),
        alt=_("A label makes between {least} % and {most} % of a part.").format(
            least=f"{least:.1f}", most=f"{most:.1f}"
        ),
        height=300,
        left=58,
        top=36,
        bottom=58,
    )
    for part, count in counts.items():
        result.add_bar(
            x=list(range(len(count))),
            y=shares[part],
            customdata=count,
            name=names[part],
            marker={
                "color": style.PARTS[part],
                "line": {"color": style.PARTS[part], "width": 1.5},
                "pattern": {
                    "shape": _PATTERN[part],
                    "size": 5,
                    "fillmode": "overlay",
                    "fgcolor": style.GROUND,
                },
            },
            hovertemplate=_("{part}: label %{x}<br>%{customdata:,} digits, %{y:.2f} %").replace("{part}", names[part])
            + "<extra></extra>",
        )
    result.update_layout(
        barmode="group",
        bargap=0.25,
        showlegend=True,
        legend=style.LEGEND,
    )
    result.update_xaxes(title_text=_("label"), dtick=1, fixedrange=True)
    result.update_yaxes(title_text=_("share of the part (%)"), range=[0, 1.08 * most], fixedrange=True, showgrid=True)
    return result


def grey_values(histogram: NDArray[np.integer], title: str | None = None) -> go.Figure:
    """How often each of the 256 grey values occurs, on a logarithmic axis; the share of paper is written out."""
    total = int(histogram.sum())
    share = 100 * int(histogram[0]) / max(total, 1)
    words = _("{share} % of all pixels<br>are 0: paper").format(share=f"{share:.1f}")
    exponents = range(int(np.ceil(np.log10(max(int(histogram.max()), 10)))) + 1)
    result = style.figure(
        title or _("How frequent each grey value is"),
        alt=_("Histogram of {total} grey values: {words}.").format(
            total=f"{total:,}", words=words.replace("<br>", " ")
        ),
        height=300,
        left=100,
        right=24,
        bottom=58,
    )
    result.add_bar(
        x=list(range(len(histogram))),
        y=histogram,
        marker={"color": style.INK, "opacity": 0.7, "line": {"width": 0}},
        hovertemplate=_("grey value %{x}<br>%{y:,} pixels") + "<extra></extra>",
    )
    result.add_annotation(
        text=words,
        x=0,
        y=np.log10(max(int(histogram[0]), 1)),
        ax=34,
        ay=0,
        align="left",
        xanchor="left",
        arrowcolor=style.INK,
        arrowwidth=1.5,
        arrowhead=0,
    )
    result.update_layout(bargap=0)
    result.update_xaxes(
        title_text=_("grey value: 0 paper, 255 ink"),
        tickvals=[0, 64, 128, 192, 255],
        range=[-2, 257],
        fixedrange=True,
    )
    result.update_yaxes(
        title_text=_("pixels"),
        type="log",
        range=[0, exponents[-1] + 0.1],
        tickvals=[10**exponent for exponent in exponents[::2]],
        tickformat=",d",
        fixedrange=True,
        showgrid=True,
    )
    return result
