"""The same step on one digit again and again: its loss, its ten probabilities, and what becomes of other digits."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.figures.numbers import written
from mnist_viz.text import _, percent

Numbers = NDArray[np.floating]
_HEIGHT = 270  # pixels


def losses(values: Numbers, *, chosen: int) -> go.Figure:
    """The loss (nats) before the first step and after each; that after the `chosen` step is marked."""
    result = style.figure(
        _("Its loss after each step"),
        alt=_("The loss falls from {first} to {last} in {count} steps.").format(
            first=written(float(values[0])), last=written(float(values[chosen])), count=chosen
        ),
        height=_HEIGHT,
        left=58,
        right=24,
        top=10,
        bottom=56,
    )
    finite = values[np.isfinite(values)]
    result.add_scatter(
        x=list(range(len(values))),
        y=[float(one) if np.isfinite(one) else None for one in values],
        customdata=[written(float(one)) for one in values],
        mode="lines+markers",
        line={"color": style.VIOLET, "width": 3},
        marker={
            "color": [style.VIOLET if number <= chosen else style.GROUND for number in range(len(values))],
            "size": [16 if number == chosen else 9 for number in range(len(values))],
            "line": {
                "color": [style.INK if number == chosen else style.VIOLET for number in range(len(values))],
                "width": 2,
            },
        },
        cliponaxis=False,
        hovertemplate=_("after %{x} steps: %{customdata}") + "<extra></extra>",
    )
    top = 1.12 * float(finite.max(initial=0)) or 1.0
    result.update_xaxes(title_text=_("steps on this digit"), range=[-0.5, len(values) - 0.5], dtick=5, fixedrange=True)
    result.update_yaxes(
        title_text=_("loss"),
        range=[-0.03 * top, top],
        nticks=5,
        showgrid=True,
        fixedrange=True,
        zeroline=True,
        exponentformat="power",  # no "µ" for a millionth
    )
    return result


def shares(values: Numbers, *, label: int, chosen: int) -> go.Figure:
    """The probabilities (N + 1, classes) as one bar a step, cut into the classes; a wide piece has its digit in it."""
    result = style.figure(
        _("Its ten probabilities after each step"),
        alt=_("The probability of {label} goes from {first} to {last} in {count} steps.").format(
            label=label, first=percent(values[0][label]), last=percent(values[chosen][label]), count=chosen
        ),
        height=_HEIGHT,
        left=58,
        right=10,
        top=10,
        bottom=56,
    )
    order = [label, *(digit for digit in range(values.shape[1]) if digit != label)]
    for digit in order:
        result.add_bar(
            x=list(range(len(values))),
            y=100 * np.nan_to_num(values[:, digit]),
            text=[f"<b>{digit}</b>" if share > 0.08 else "" for share in values[:, digit]],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"size": style.SMALL, "color": "#000000" if digit in (1, 3, 7, 9) else "#ffffff"},
            marker={"color": style.DIGITS[digit % 10], "line": {"width": 0}},
            hovertemplate=_("after %{x} steps, {digit}: %{y:.4g} %").replace("{digit}", str(digit)) + "<extra></extra>",
        )
    box = {"x0": chosen - 0.5, "x1": chosen + 0.5, "y0": 0, "y1": 100.5}
    result.add_shape(type="rect", **box, line={"color": style.INK, "width": 3})
    result.update_layout(barmode="stack", bargap=0.15, uniformtext={"minsize": 11, "mode": "show"})
    result.update_xaxes(title_text=_("steps on this digit"), range=[-0.5, len(values) - 0.5], dtick=5, fixedrange=True)
    result.update_yaxes(title_text=_("probability (%)"), range=[0, 101], nticks=5, fixedrange=True)
    return result


def read_as(before: NDArray[np.integer], after: NDArray[np.integer], title: str) -> go.Figure:
    """How many of some digits (classes,) are read as each class before and after, two bars a class."""
    result = style.figure(
        title,
        alt=_("{title}: before {before}; after {after}.").format(
            title=title, before=", ".join(map(str, before)), after=", ".join(map(str, after))
        ),
        height=250,
        left=58,
        top=34,
        bottom=56,
    )
    looks = (
        (_("before"), before, {"color": style.LINE, "line": {"color": style.INK, "width": 1}}),
        (_("after"), after, {"color": style.VIOLET, "line": {"color": style.INK, "width": 1}}),
    )
    for name, counts, marker in looks:
        result.add_bar(
            x=list(range(len(counts))),
            y=counts,
            name=name,
            marker=marker,
            text=[f"{count}" for count in counts],
            textposition="outside",
            textfont={"size": style.SMALL},
            cliponaxis=False,
            hovertemplate=f"{name}: " + _("%{y} read as %{x}") + "<extra></extra>",
        )
    most = max(int(before.max()), int(after.max()), 1)
    result.update_layout(barmode="group", bargap=0.2, showlegend=True, legend=style.LEGEND)
    result.update_xaxes(title_text=_("read as"), dtick=1, fixedrange=True)
    result.update_yaxes(title_text=_("digits"), range=[0, 1.15 * most], nticks=4, fixedrange=True, showgrid=True)
    return result
