"""The learning curve, whole and piece by piece."""

from math import log10
from typing import Any

import numpy as np
import pytest

from mnist_viz.figures import comparison, curves, overfitting, style

Records = list[dict[str, Any]]


@pytest.mark.parametrize("by", ["step", "seconds"])
@pytest.mark.parametrize("size", [1, 3, 10])
def test_a_curve_grown_piece_by_piece_is_the_curve_drawn_at_once(records: Records, by: str, size: int) -> None:
    whole = curves.curve(records, by, steps=20, seconds=5.0)
    grown = curves.curve([], by, steps=20, seconds=5.0)
    for at in range(0, len(records), size):
        for piece in curves.extension(records[at : at + size], by):
            trace = grown.data[piece["trace"]]
            for field in ("x", "y", "customdata"):
                trace[field] = [*trace[field], *piece[field]]
    for ours, theirs in zip(grown.data, whole.data, strict=True):
        assert ours == theirs
    assert grown.layout.xaxis == whole.layout.xaxis
    assert grown.layout.yaxis2 == whole.layout.yaxis2


def test_the_four_traces_keep_their_order_colours_and_units(records: Records) -> None:
    losses, checked, accuracies, share = curves.curve(records, steps=20, seconds=5.0).data
    assert [trace.line.color for trace in (losses, checked, accuracies, share)] == [
        style.TRAINING,
        style.VALIDATION,
    ] * 2
    assert losses.y[0] == pytest.approx(1.1 * 2.3 * 0.8)
    assert checked.y[0] == pytest.approx(2.3)
    assert len(losses.x) == len(accuracies.x) == 20
    assert share.y[-1] == pytest.approx(100 * (1 - 2.3 * 0.8**20 / 2.6))
    assert [trace.yaxis for trace in (losses, checked, accuracies, share)] == ["y", "y", "y2", "y2"]


def test_test_digits_are_no_part_of_the_learning_curve(records: Records) -> None:
    assert 9.0 not in curves.curve(records, steps=20, seconds=5.0).data[1].y
    assert len(curves.extension(records)[1]["x"]) == 7


def test_a_loss_that_is_no_number_is_a_gap(records: Records) -> None:
    piece = curves.extension(records)[0]
    assert piece["y"][6] is None
    assert piece["x"][6] == 7


def test_every_point_knows_its_step_and_its_seconds(records: Records) -> None:
    for by in curves.BY:
        for piece in curves.extension(records, by):
            column = curves.BY.index(by)
            assert [pair[column] for pair in piece["customdata"]] == piece["x"]
            assert len(piece["x"]) == len(piece["y"])


def test_the_axes_do_not_move_while_it_learns(records: Records) -> None:
    early = curves.curve(records[:5], steps=20, seconds=5.0).layout
    late = curves.curve(records, steps=20, seconds=5.0).layout
    for axis in ("xaxis", "xaxis2", "yaxis", "yaxis2"):
        assert early[axis] == late[axis]
    assert late.xaxis.range[1] == 20
    assert curves.curve(records, "seconds", steps=20, seconds=6.0).layout.xaxis.range[1] == 6


@pytest.mark.parametrize("total", [1, 2, 3, 7])
def test_an_axis_of_few_steps_has_no_room_for_half_of_one(total: int) -> None:
    taken = [{"kind": "step", "step": step, "seconds": step / 9, "loss": 1, "accuracy": 0.5} for step in (1, total)]
    line = comparison.Line(np.array([1.0, total]), np.ones(2), np.array([1, total]))
    compared = comparison.curves([line], [], names=["run"], measure="loss", by="step", title="Loss")
    for axis in (curves.curve(taken, steps=total, seconds=9).layout.xaxis, compared.layout.xaxis):
        least = (axis.range[1] - axis.range[0]) / axis.nticks
        assert axis.dtick is None and 0.5 < least <= max(1, total / 2), "plotly goes on to the next of 0.5, 1, 2, 5, 10"
    assert curves.curve(taken, "seconds", steps=total, seconds=2.0).layout.xaxis.nticks == 5


def test_a_loss_that_runs_away_is_on_the_axis(records: Records) -> None:
    usual = curves.curve(records, steps=20, seconds=5.0).layout
    assert usual.yaxis.range[1] == pytest.approx(log10(5))
    wild = [*records, {"kind": "step", "step": 21, "epoch": 1.0, "seconds": 6.0, "loss": 42_500.0, "accuracy": 0.1}]
    axis = curves.curve(wild, steps=21, seconds=6.0).layout.yaxis
    assert tuple(axis.range) == (-3, 5)
    assert dict(zip(axis.ticktext, axis.tickvals, strict=True))["10,000"] == 10_000
    beyond = curves.curve([{**wild[-1], "loss": 1e38}], steps=21, seconds=6.0).layout.yaxis
    assert beyond.range[1] >= 38 and len(beyond.tickvals) < 10


def test_a_loss_that_goes_down_to_nothing_is_on_the_axis(records: Records) -> None:
    tiny = [*records, {"kind": "step", "step": 21, "epoch": 1.0, "seconds": 6.0, "loss": 3e-6, "accuracy": 1.0}]
    axis = curves.curve(tiny, steps=21, seconds=6.0).layout.yaxis
    assert axis.range[0] == -6 and 1e-6 in axis.tickvals
    nothing = [*tiny, {**tiny[-1], "step": 22, "loss": 0.0}]
    assert curves.curve(nothing, steps=22, seconds=6.0).layout.yaxis.range[0] == -6


def test_few_steps_are_seen_singly_and_many_are_no_more_to_draw(records: Records) -> None:
    for trace in curves.curve(records, steps=20, seconds=5.0).data[::2]:
        assert trace.mode == "lines+markers"
        assert 0 < trace.marker.maxdisplayed <= 100


def test_who_takes_longer_than_foreseen_is_still_shown(records: Records) -> None:
    assert curves.curve(records, "seconds", steps=20, seconds=2.0).layout.xaxis.range[1] == 5


def test_the_run_beside_is_dashed_and_grown_in_traces_of_its_own(records: Records) -> None:
    other = [{**one, "loss": 1.5 * one["loss"]} if one.get("loss") else one for one in records]
    whole = curves.curve(records, steps=20, seconds=5.0, beside=other)
    begun = curves.curve(records, steps=20, seconds=5.0, beside=())
    assert len(whole.data) == len(begun.data) == 8 and not begun.data[5].x
    for piece in curves.extension(other, beside=True):
        for field in ("x", "y", "customdata"):
            begun.data[piece["trace"]][field] = piece[field]
    for ours, theirs in zip(begun.data, whole.data, strict=True):
        assert ours == theirs
    assert {trace.line.dash for trace in whole.data[:4]} == {None}
    assert None not in {trace.line.dash for trace in whole.data[4:]}
    assert [trace.yaxis for trace in whole.data[4:]] == ["y", "y", "y2", "y2"]
    assert whole.data[5].y[0] == pytest.approx(1.5 * 2.3)
    assert sum("from nothing" in str(note.text) for note in whole.layout.annotations) == 1
    assert len(curves.curve(records, steps=20, seconds=5.0).data) == 4


def test_an_unknown_axis_is_refused_plainly(records: Records) -> None:
    with pytest.raises(ValueError, match="by='epoch' is not one of step, seconds: draw the curve by step"):
        curves.extension(records, "epoch")


def test_in_a_narrow_place_the_accuracy_stands_below_the_loss() -> None:
    figure = curves.curve([], steps=10, seconds=1.0, stacked=True)
    assert figure.layout.xaxis.domain == figure.layout.xaxis2.domain == (0, 1)
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0]


def ended(training: list[float], validation: float, *, steps_per_epoch: int = 2) -> Records:
    """A training whose batches were read as well as `training` says, and the validation digits in the end."""
    made: Records = [{"kind": "start", "steps": len(training)}]
    for step, accuracy in enumerate(training, start=1):
        moment = {"step": step, "epoch": step / steps_per_epoch, "seconds": 0.5 * step}
        made.append({"kind": "step", **moment, "loss": 0.1, "accuracy": accuracy, "rate": 0.01})
    made.append({"kind": "evaluation", "part": "val", **moment, "loss": 0.5, "accuracy": validation})
    return [*made, {"kind": "finished", "test_accuracy": validation}]


def test_the_gap_is_from_the_last_epochs_batches_to_the_last_look() -> None:
    records = ended([0.1, 0.3, 0.9, 1.0], 0.8)
    assert overfitting.gap(records) == pytest.approx((95.0, 80.0))
    named = curves.curve(records, steps=4, seconds=2.0).data[4]
    assert list(named.x) == [4, 4] and list(named.y) == pytest.approx([80.0, 95.0])
    assert named.text[0] == "gap 15.0 points"
    assert list(curves.curve(records, "seconds", steps=4, seconds=2.0).data[4].x) == [2.0, 2.0]


def test_a_replay_shows_the_gap_only_at_the_end() -> None:
    records = ended([0.1, 0.3, 0.9, 1.0], 0.8)
    assert [list(pair) for pair in curves.curve(records, steps=4, seconds=2.0).data[4].customdata] == [[4, 2.0]] * 2


@pytest.mark.parametrize(
    "records",
    [
        ended([0.1, 0.3, 0.81, 0.83], 0.8),  # two points are no more than chance
        ended([0.1, 0.3, 0.5, 0.6], 0.8),  # dropout, or an epoch in which it still learned
        ended([0.1, 0.3, 0.9, 1.0], 0.8)[:-1],  # not ended yet
        [one for one in ended([0.9, 1.0], 0.5) if one["kind"] != "evaluation"],
        [one for one in ended([0.9, 1.0], 0.5) if one["kind"] != "step"],
    ],
)
def test_where_nothing_is_over_fitted_nothing_is_named(records: Records) -> None:
    assert overfitting.gap(records) is None
    assert len(curves.curve(records, steps=4, seconds=2.0).data) == 4


def test_the_test_digits_are_no_side_of_the_gap() -> None:
    records = ended([0.9, 1.0], 0.8)
    records.insert(-1, {**records[-2], "part": "test", "accuracy": 0.2})
    assert overfitting.gap(records) == pytest.approx((95.0, 80.0))


@pytest.mark.parametrize(("place", "side"), [(4, "left"), (16, "right")])
def test_where_a_training_went_on_there_is_a_thin_line_and_the_last_says_what_it_is(
    records: Records, place: int, side: str
) -> None:
    marks = [{"kind": "gone_on", "step": step, "seconds": step / 10} for step in (2, place)]
    drawn = curves.curve([*records, *marks], steps=20, seconds=5.0)
    assert [(line.x0, line.xref) for line in drawn.layout.shapes] == [(2, "x"), (2, "x2"), (place, "x"), (place, "x2")]
    named = [one for one in drawn.layout.annotations if one.text == "went on here"]
    assert [(one.x, one.xanchor, one.xref) for one in named] == [(place, side, "x"), (place, side, "x2")]
    by_time = curves.curve([*records, *marks], "seconds", steps=20, seconds=5.0)
    assert by_time.layout.shapes[0].x0 == 0.2
    assert len(by_time.data) == len(curves.curve(records, steps=20, seconds=5.0).data), "the four lines are as ever"


def test_the_names_of_the_lines_leave_a_training_that_was_soon_stopped_its_corners() -> None:
    def corners(loss: float, accuracy: float) -> set[str]:
        told = [
            {"kind": "step", "step": step, "seconds": 0.1 * step, "loss": loss, "accuracy": accuracy} for step in (1, 2)
        ]
        drawn = curves.curve(told, steps=2, seconds=0.2)
        return {f"{note.yref} {note.yanchor}" for note in drawn.layout.annotations if "training" in str(note.text)}

    assert corners(2.3, 0.1) == {"y domain bottom", "y2 domain top"}
    assert corners(0.02, 0.99) == {"y domain top", "y2 domain bottom"}
