"""Over-fitting seen: the gap between what a network learned of its own digits and of others, named on the curve."""

from collections.abc import Iterable, Mapping
from typing import Any

import plotly.graph_objects as go

from mnist_viz.figures import style
from mnist_viz.text import _

GAP = 2.0  # points of accuracy from which it is named: below, the batches of an epoch differ as much by chance


def gap(records: Iterable[Mapping[str, Any]]) -> tuple[float, float] | None:
    """The accuracy (percent) on the batches of the last epoch and on the validation digits after it.

    None where the training has not ended, or where the first is not more than GAP points above the second.
    """
    records = list(records)
    if not any(record["kind"] in ("finished", "stopped") for record in records):
        return None
    looks = [record for record in records if record["kind"] == "evaluation" and record["part"] == "val"]
    taken = [record for record in records if record["kind"] == "step" and record["accuracy"] is not None]
    last = [record["accuracy"] for record in taken if record["epoch"] > taken[-1]["epoch"] - 1 + 1e-9]
    if not last or not looks:
        return None
    training, validation = 100 * sum(last) / len(last), 100 * looks[-1]["accuracy"]
    return (training, validation) if training - validation > GAP else None


def name_gap(figure: go.Figure, records: list[Mapping[str, Any]], by: str) -> None:
    """A line from the last validation accuracy up to the training accuracy, in the pane of `curves.curve` for accuracy;
    a replay shows it at the end alone.
    """
    both = gap(records)
    if both is None:
        return
    end = next(record for record in reversed(records) if record["kind"] == "step")
    training, validation = both
    figure.add_scatter(
        x=[end[by]] * 2,
        y=[validation, training],
        customdata=[[end["step"], end["seconds"]]] * 2,
        text=[_("gap {points:.1f} points").format(points=training - validation), ""],
        mode="lines+markers+text",
        textposition="bottom left",
        textfont={"size": style.SIZE, "color": style.INK},
        line={"color": style.INK, "width": 2, "dash": "dot"},
        marker={"symbol": "line-ew-open", "size": 14, "color": style.INK, "line": {"width": 2}},
        cliponaxis=False,
        hovertemplate=_(
            "training {training:.1f} % in the last epoch,<br>validation {validation:.1f} % after it"
        ).format(training=training, validation=validation)
        + "<extra></extra>",
        xaxis="x2",
        yaxis="y2",
    )
