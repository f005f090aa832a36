"""Differences within pairs: a point a seed, their mean and its interval, right or left of the line of no difference."""

from collections.abc import Sequence
from math import ceil, floor

import plotly.graph_objects as go

from mnist_viz.figures import style
from mnist_viz.figures.comparison import HEIGHT, Look
from mnist_viz.text import _

MOST = 5  # ticks fit beside each other on a phone
APART = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)  # percentage points between two of them
LEAST = 0.5  # percentage points: where nothing differs, the axis still has a length


def differences(
    values: Sequence[float],
    interval: tuple[float, float, float] | None,
    looks: tuple[Look, Look],
    title: str,
    *,
    of: int = 0,
) -> go.Figure:
    """`values`: by how much (a share) the second of two sides is better, for seeds 0, 1, ...; none before any is known.

    `interval`: their mean and its ends, None before all are known; `looks`: of the two sides, and of the points where
    that side is better. There is room for `of` seeds, or for as many as there are.
    """
    points = [100 * float(value) for value in values]
    middle, low, high = [100 * float(value) for value in interval or (0, 0, 0)]
    result = style.figure(
        title, alt=_alternative(points, interval and (middle, low, high)), height=HEIGHT, left=70, right=12, bottom=58
    )
    rows, ends = len(points), [0, low, high, *points]
    beyond = max(LEAST, max(ends) - min(ends)) / 4
    left, right = min(ends) - beyond, max(ends) + beyond
    result.add_vline(x=0, line={"color": style.INK, "width": 1.5})
    for seed, point in enumerate(points):
        look = looks[point > 0]
        result.add_scatter(
            x=[0, point],
            y=[seed, seed],
            mode="lines+markers",
            line={"color": look.colour, "width": 2},
            marker={
                "symbol": look.symbol,
                "size": [0, 12],
                "color": look.colour,
                "opacity": 1,
                "line": {"color": style.INK, "width": 1},
            },
            hovertemplate=_("seed {seed}: {points} percentage points").format(seed=seed, points=signed(point))
            + "<extra></extra>",
        )
    if interval:
        result.add_scatter(
            x=[middle],
            y=[rows],
            mode="markers",
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [high - middle],
                "arrayminus": [middle - low],
                "color": style.INK,
                "thickness": 3,
                "width": 8,
            },
            marker={"symbol": "circle", "size": 9, "color": style.GROUND, "line": {"color": style.INK, "width": 2}},
            hovertemplate=_("mean {mean}, 95 % interval {low} to {high} percentage points").format(
                mean=signed(middle), low=signed(low), high=signed(high)
            )
            + "<extra></extra>",
        )
    names = [_("seed {seed}").format(seed=seed) for seed in range(rows)] + ([f"<b>{_('mean')}</b>"] if interval else [])
    apart = next(one for one in APART if (right - left) / one <= MOST)
    ticks = [apart * place for place in range(ceil(left / apart), floor(right / apart) + 1)]
    result.update_xaxes(
        range=[left, right],
        tickvals=ticks,
        ticktext=[signed(tick, f"{abs(tick):g}") for tick in ticks],
        title_text=_("percentage points better with it"),
        showline=True,
        fixedrange=True,
    )
    result.update_yaxes(
        range=[max(rows, of, 3) + 0.6, -0.6], tickvals=list(range(len(names))), ticktext=names, fixedrange=True
    )
    return result


def signed(points: float, said: str = "") -> str:
    """Percentage points, `said` without their sign or in two decimals, with it, a true minus; nothing has none."""
    said = said or f"{abs(points):.2f}"
    sign = "" if float(said) == 0 else "+" if points > 0 else "\N{MINUS SIGN}"
    return sign + said


def _alternative(points: Sequence[float], interval: tuple[float, float, float] | None) -> str:
    if not points:
        return _("Differences: none is known yet.")
    listed = ", ".join(map(signed, points))
    if not interval:
        return _("Differences in percentage points of each seed so far: {points}.").format(points=listed)
    middle, low, high = map(signed, interval)
    return _(
        "Differences in percentage points of each seed: {points}; their mean {mean}, 95 % interval {low} to {high}."
    ).format(points=listed, mean=middle, low=low, high=high)
