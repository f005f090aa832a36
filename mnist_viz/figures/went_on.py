"""Where a training went on after it had been left, marked on its learning curve by a thin line."""

from collections.abc import Iterable, Mapping
from typing import Any

import plotly.graph_objects as go

from mnist_viz.figures import style
from mnist_viz.text import _


def mark(figure: go.Figure, records: Iterable[Mapping[str, Any]], by: str, total: float) -> None:
    """A line through both panes of `curves.curve` at every such place along `by`, and beside the last what it is, where
    curves and the labels of changed settings mostly are not.

    `total` is where the axis ends: the words stand on the side of the line that has more room.
    """
    places = [record[by] for record in records if record["kind"] == "gone_on"]
    for place in places:
        for pane in ("", "2"):
            figure.add_shape(
                type="line",
                x0=place,
                x1=place,
                y0=0,
                y1=1,
                xref=f"x{pane}",
                yref=f"y{pane} domain",
                layer="below",
                opacity=0.5,
                line={"color": style.INK, "width": 1.5, "dash": "dot"},
            )
    if places:
        is_late = places[-1] > total / 2
        for pane, height in (("", 0.75), ("2", 0.25)):
            figure.add_annotation(
                text=_("went on here"),
                x=places[-1],
                y=height,
                xref=f"x{pane}",
                yref=f"y{pane} domain",
                xanchor="right" if is_late else "left",
                xshift=-4 if is_late else 4,
                showarrow=False,
                font={"size": style.SMALL},
            )
