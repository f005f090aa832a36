"""Two networks on the same digits: how many both read rightly, only the one, only the other, neither."""

import plotly.graph_objects as go

from mnist_viz.figures import style
from mnist_viz.figures.comparison import Look
from mnist_viz.text import _

CELLS = (("both", "first"), ("second", "neither"))
"""The cells: in the upper row the first network is right, in the left column the second."""
_FAINT = 0.35  # of a run's colour: ink is read on it in both themes


def fourfold(counts: dict[str, int], looks: tuple[Look, Look], *, chosen: str, title: str) -> go.Figure:
    """Four counts by their names in CELLS; where only one network is right, the cell has its colour.

    `chosen` is outlined: a cell's name, or `one` for both cells in which exactly one network is right.
    """
    first, second = looks
    words = {
        "both": _("both right"),
        "first": _("only {letter} right").format(letter=first.letter),
        "second": _("only {letter} right").format(letter=second.letter),
        "neither": _("both wrong"),
    }
    result = style.figure(
        title,
        alt="; ".join(f"{words[name]}: {counts[name]:,}" for row in CELLS for name in row) + ".",
        height=210,
        left=92,
        top=30,
    )
    result.add_heatmap(
        z=[[0, 1], [2, 0]],
        zmin=0,
        zmax=2,
        colorscale=[[0.0, style.PANEL], [0.5, first.colour], [1.0, second.colour]],
        showscale=False,
        opacity=_FAINT,
        xgap=4,
        ygap=4,
        customdata=[[counts[name] for name in row] for row in CELLS],
        text=[[words[name] for name in row] for row in CELLS],
        hovertemplate=_("%{text}: %{customdata:,} digits") + "<extra></extra>",
    )
    for row, names in enumerate(CELLS):
        for column, name in enumerate(names):
            result.add_annotation(
                text=f"<b>{counts[name]:,}</b>",
                x=column,
                y=row,
                yshift=10,
                showarrow=False,
                font={"size": 26, "color": style.INK},
            )
            result.add_annotation(text=words[name], x=column, y=row, yshift=-20, showarrow=False)
            if chosen == name or (chosen == "one" and name in ("first", "second")):
                box = {"x0": column - 0.48, "x1": column + 0.48, "y0": row - 0.48, "y1": row + 0.48}
                result.add_shape(type="rect", **box, line={"color": style.INK, "width": 2.5})
    right, wrong = _("{letter} right"), _("{letter} wrong")
    across = [words.format(letter=second.letter) for words in (right, wrong)]
    down = [words.format(letter=first.letter) for words in (right, wrong)]
    result.update_xaxes(range=[-0.5, 1.5], tickvals=[0, 1], ticktext=across, side="top", fixedrange=True)
    result.update_yaxes(range=[1.5, -0.5], tickvals=[0, 1], ticktext=down, fixedrange=True)
    return result
