"""The learning curve of a run: live while it trains, to be replayed once it has ended."""

from mnist_viz import text
from mnist_viz.figures import curves
from mnist_viz.server.board import Snapshot, board
from mnist_viz.server.curve import both_phases, cursor, route_of, whole_chart
from mnist_viz.text import _
from mnist_viz.training.launch import FROM_NOTHING
from mnist_viz.ui import words
from mnist_viz.ui.components import figure


def learning_curve(
    snapshot: Snapshot, *, key: str, by: str = "step", stacked: bool = False, replay: bool = True, title: str
) -> None:
    """Show loss and accuracy of a run by `step` or by `seconds` of training, one below the other where `stacked`.

    One that started from another run's checkpoint has the same from nothing beside it, as soon as that begins.
    A training that has ended can be replayed, unless `replay` says no.
    """
    other = board().beside(snapshot)
    ended = snapshot.ended and (other is None or other.ended)
    steps, seconds = whole_chart(snapshot, other)
    beside = None if snapshot.config.get("then") != FROM_NOTHING else () if other is None else other.records
    drawn = curves.curve(
        snapshot.records, by, steps=steps, seconds=seconds, stacked=stacked, title=title, beside=beside
    )
    live = None
    if not ended:
        live = figure.Live(
            route_of(snapshot.run.id, by, text.language()),
            cursor(snapshot, other),
            both_phases(snapshot, other),
            steps if by == "step" else seconds,
        )
    figure.show(drawn, key=key, live=live, replay=replay and ended and snapshot.last("step") is not None)


def axis_choice() -> str:
    """The control that says along what the curve runs."""
    return words.segmented(
        "by", _("Horizontal axis"), {"step": _("by step"), "seconds": _("by time")}, default="step", bare=True
    )
