"""The axes of a learning curve: two panes beside or below each other, fixed before the first point is there."""

from math import ceil, floor, log10
from typing import Any

import plotly.graph_objects as go

from mnist_viz.figures import changes
from mnist_viz.text import _

LOSS_RANGE = (0.001, 5.0)  # from far below what a digit costs at 99.9 % to twice that of guessing, ln 10
LEAST = -7  # the power of ten below which no loss is shown: float32 knows no smaller one that is not 0
_MOST = 5  # numbers along an axis: as many as have room in half a page


def ticks(by: str, total: float, most: int = _MOST) -> int:
    """How many numbers an axis to `total` has at most. Steps are whole: no more than there are, and 0."""
    return min(most, int(total) + 1) if by == "step" else most


def lay(figure: go.Figure, by: str, total: float, ends: tuple[float, float], stacked: bool) -> None:
    """Give `curves.curve` its axes along `by` to `total`; `ends` are the smallest and the largest loss."""
    horizontal = {
        "range": [-0.05 * (total or 1), total or 1],
        "nticks": ticks(by, total),
        "title": {"text": _("step") if by == "step" else _("training seconds")},
        "showline": True,
    }
    upper = {**horizontal, "title": {"text": ""}}
    vertical = {"showgrid": True}
    figure.update_layout(
        xaxis={**(upper if stacked else horizontal), "domain": [0, 1] if stacked else [0, 0.43], "anchor": "y"},
        xaxis2={**horizontal, "domain": [0, 1] if stacked else [0.57, 1], "anchor": "y2"},
        yaxis={
            **vertical,
            "domain": [0.61, 1] if stacked else [0, 1],
            **_loss_axis(ends, stacked),
        },
        yaxis2={
            **vertical,
            "domain": [0, 0.42] if stacked else [0, 1],
            "range": [0, 100],
            "nticks": 6,
            "anchor": "x2",
        },
        **changes.axes(),
    )


def _loss_axis(ends: tuple[float, float], stacked: bool) -> dict[str, Any]:
    """The logarithmic axis of the loss, ended at the next power of ten where the smallest or the largest loss (`ends`)
    lies outside LOSS_RANGE.
    """
    low, high = map(log10, LOSS_RANGE)
    if ends[0] < LOSS_RANGE[0]:
        low = max(floor(log10(ends[0])), LEAST)
    if ends[1] > LOSS_RANGE[1]:
        high = ceil(log10(ends[1]))
    every = ceil((high - low) / (5 if stacked else 9))
    first = LEAST if every == 1 else round(low)  # a live axis may grow to there, and up to 10,000
    powers = range(first, max(4, ceil(high)) + 1, every)
    return {
        "type": "log",
        "range": [low, high],
        "tickvals": [10.0**power for power in powers],
        "ticktext": [_power(power) for power in powers],
    }


def _power(exponent: int) -> str:
    """A power of ten as a label of no more width than there is."""
    if exponent > 5:
        return f"10<sup>{exponent}</sup>"
    return f"{10**exponent:,}" if exponent >= 0 else f"{10.0**exponent:g}"
