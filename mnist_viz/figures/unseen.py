"""What leaks from digits that should be unseen: where they end when all are cut, and what they do to the mean."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.analysis.unseen import Content
from mnist_viz.figures import mosaic, style
from mnist_viz.text import _


def contents(rows: Mapping[str, Content], title: str) -> go.Figure:
    """One bar a way of cutting: what is learned from, then what is held back, coloured by MNIST's file it came from."""
    result = style.figure(
        title,
        alt=" ".join(
            _("{way}: held back are {train:,} digits of the training file and {test:,} of the test file.").format(
                way=name, train=one.held_back[0], test=one.held_back[1]
            )
            for name, one in rows.items()
        ),
        height=72 * len(rows),
        left=8,
        right=8,
        top=36,
        bottom=8,
    )
    names = (_("of MNIST's training file"), _("of MNIST's test file"))
    colours = (style.TRAINING, style.TEST)
    for place, one in enumerate(rows.values()):
        start = 0
        for held, counts in ((False, one.learned), (True, one.held_back)):
            for of_test, count in enumerate(counts):
                if not count:
                    continue
                result.add_bar(
                    orientation="h",
                    x=[count],
                    base=[start],
                    y=[place],
                    width=0.46,
                    marker={
                        "color": colours[of_test],
                        "pattern": {
                            "shape": "/" if held else "",
                            "size": 7,
                            "fillmode": "overlay",
                            "fgcolor": style.GROUND,
                            "solidity": 0.25,
                        },
                        "line": {"color": style.INK, "width": 2.5 if held else 0},
                    },
                    showlegend=False,
                    hovertemplate=(_("held back") if held else _("learned from"))
                    + f": {count:,} "
                    + names[of_test]
                    + "<extra></extra>",
                )
                start += count
    for name, colour in zip(names, colours, strict=True):
        result.add_bar(x=[None], y=[None], name=name, marker={"color": colour})
    result.add_bar(
        x=[None],
        y=[None],
        name=_("held back"),
        marker={"color": style.GROUND, "line": {"color": style.INK, "width": 2.5}},
    )
    for place, name in enumerate(rows):
        result.add_annotation(
            text=name,
            x=0,
            y=place - 0.27,
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font={"size": style.SMALL},
        )
    whole = max(sum(one.learned) + sum(one.held_back) for one in rows.values())
    result.update_layout(barmode="overlay", showlegend=True, legend=style.LEGEND)
    result.update_xaxes(range=[-0.002 * whole, 1.004 * whole], visible=False, fixedrange=True)
    result.update_yaxes(range=[len(rows) - 0.7, -0.72], visible=False, fixedrange=True)
    return result


def difference(values: NDArray[np.floating], title: str) -> go.Figure:
    """Differences of grey values (28, 28), signed, up to the largest: red where the unseen digits add ink."""
    laid = mosaic.lay_out(values[None], [""], 1)
    largest = float(np.abs(values).max()) or 1.0
    result = style.figure(
        title,
        alt=_("{title}: between {low:.2f} and {high:.2f} grey values.").format(
            title=title, low=float(values.min()), high=float(values.max())
        ),
        height=round(28 * 8.6),
        bottom=36,
    )
    result.add_heatmap(
        z=laid.values,
        customdata=laid.inside,
        zmin=-largest,
        zmax=largest,
        colorscale=style.DIVERGING,
        showscale=False,
        hovertemplate=_("row %{customdata[0]}, column %{customdata[1]}<br>%{z:+.2f} grey values") + "<extra></extra>",
    )
    mosaic.dress(result, laid, style.DIVERGING, (f"−{largest:.2f}", _("grey values"), f"+{largest:.2f}"))
    return result
