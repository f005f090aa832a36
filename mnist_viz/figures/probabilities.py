"""Ten bars: how probable the network finds each class."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.text import _, probability


def probabilities(
    shares: NDArray[np.floating], *, label: int | None = None, title: str | None = None, row: int = 32
) -> go.Figure:
    """(K,) probabilities as bars with their percent; words mark the class it is read as and the one it is labelled.

    `row` is the height of a bar with its gap in pixels.
    """
    read = int(shares.argmax())
    result = style.figure(
        title or _("Ten probabilities"),
        alt=_("Read as {read} with {share}.").format(read=read, share=probability(float(shares[read]))),
        height=len(shares) * row,
        left=124 if label is None else 150,
        right=84,
        bottom=8,
    )
    marked = [digit in (read, label) for digit in range(len(shares))]
    result.add_bar(
        orientation="h",
        x=100 * shares,
        y=list(range(len(shares))),
        text=[probability(float(share)) for share in shares],
        textposition="outside",
        textfont={"size": style.SMALL},
        cliponaxis=False,
        constraintext="none",
        marker={
            "color": [style.VIOLET if digit == read else style.LINE for digit in range(len(shares))],
            "line": {"color": style.INK, "width": [1.5 if mark else 0 for mark in marked]},
        },
        customdata=[probability(float(share), 3) for share in shares],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
    result.update_layout(bargap=0.3)
    result.update_xaxes(range=[0, 100], visible=False, fixedrange=True)
    result.update_yaxes(
        range=[len(shares) - 0.5, -0.5],
        tickvals=list(range(len(shares))),
        ticktext=[_name(digit, read, label) for digit in range(len(shares))],
        tickfont={"size": style.SIZE},
        fixedrange=True,
        showline=True,
    )
    return result


def _name(digit: int, read: int, label: int | None) -> str:
    if digit == read == label:
        words = _("read and labelled {digit}")
    elif digit == read:
        words = _("read as {digit}")
    elif digit == label:
        words = _("labelled {digit}")
    else:
        words = "{digit}"
    return words.format(digit=f"<b>{digit}</b>" if digit in (read, label) else digit) + " "
