"""Curves side by side: every run is told by letter, colour, dash and mark, and its values are where they belong."""

import numpy as np
import pytest

from mnist_viz.figures.comparison import LOOKS, MOST, Line, curves


def line(count: int, start: float = 0.5) -> Line:
    steps = np.arange(count)
    return Line(steps / 10, start + 0.4 * steps / count, steps)


def test_eight_runs_differ_in_letter_colour_dash_and_mark() -> None:
    assert len(LOOKS) == 8
    for field in zip(*LOOKS, strict=True):
        assert len(set(field)) == 8


def test_accuracy_stands_on_an_axis_of_errors_with_the_best_on_top() -> None:
    figure = curves([line(5)], [], names=["one"], measure="accuracy", by="step", title="T")
    assert np.allclose(figure.data[0].y, 100 * (1 - line(5).y))
    assert np.allclose(figure.data[0].customdata[:, 0], 100 * line(5).y)
    low, high = figure.layout.yaxis.range
    assert low > high
    labels = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))
    assert labels[10] == "90" and labels[0.5] == "99.5"


def test_curves_that_lie_close_have_at_least_three_lines_to_be_read_by() -> None:
    for low, high in [(0.7, 0.83), (0.915, 0.935), (0.9921, 0.9949)]:
        close = Line(np.arange(2.0), np.array([low, high]), np.arange(2))
        axis = curves([close], [], names=["one"], measure="accuracy", by="epoch", title="T").layout.yaxis
        bottom, top = (10**end for end in axis.range)
        assert sum(top <= tick <= bottom for tick in axis.tickvals) >= 3
        assert [float(text) for text in axis.ticktext] == pytest.approx([100 - tick for tick in axis.tickvals])


def test_a_perfect_run_is_drawn_at_the_end_of_the_axis_and_named_as_it_is() -> None:
    perfect = Line(np.arange(2.0), np.ones(2), np.arange(2))
    figure = curves([perfect], [], names=["one"], measure="accuracy", by="epoch", title="T")
    assert (figure.data[0].y > 0).all() and (figure.data[0].customdata[:, 0] == 100).all()


def test_a_long_thin_line_is_drawn_with_few_points_and_keeps_its_last() -> None:
    figure = curves([line(3)], [line(5003)], names=["one"], measure="loss", by="step", title="T")
    thin = figure.data[0]
    assert len(thin.x) <= MOST and thin.x[-1] == 500.2


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_letters_of_lines_that_end_together_stand_apart(measure: str) -> None:
    same = [line(4), line(4), line(4)]
    figure = curves(same, [], names=["a", "b", "c"], measure=measure, by="step", title="T")
    shifts = sorted(note.yshift for note in figure.layout.annotations)
    assert np.diff(shifts).min() >= 15


def test_a_run_without_an_evaluation_is_no_error() -> None:
    nothing = Line(np.empty(0), np.empty(0), np.empty(0, np.int64))
    for measure in ("loss", "accuracy"):
        assert (
            "no evaluation"
            in curves([nothing], [], names=["a"], measure=measure, by="step", title="T").layout.meta["alt"]
        )
