"""Scores of several runs: each mark where its number is, in the look of its run."""

import numpy as np
import pytest

from mnist_viz.figures import scores
from mnist_viz.figures.comparison import LOOKS


def test_each_class_has_a_mark_a_run_in_each_of_three_panels() -> None:
    values = np.random.default_rng(0).uniform(0.91, 1, (3, 4, 10))
    values[0, 1, 7] = np.nan
    figure = scores.by_class(values, LOOKS[:4], "T")
    assert len(figure.data) == 12
    for trace, (panel, run) in zip(figure.data, np.ndindex(3, 4), strict=True):
        assert np.allclose(trace.x, 100 * values[panel, run], equal_nan=True)
        assert np.rint(np.asarray(trace.y, float)).tolist() == list(range(10))
        assert (trace.name, trace.marker.symbol) == (LOOKS[run].letter, LOOKS[run].symbol)
        assert trace.xaxis == ("x", "x2", "x3")[panel]
    worst = int(np.argmax(np.ptp(values[2], axis=0)))
    assert f"class {worst} differs most" in figure.layout.meta["alt"]


def test_a_line_in_each_row_goes_from_the_lowest_to_the_highest() -> None:
    values = np.random.default_rng(0).uniform(0.5, 1, (3, 2, 10))
    shapes = scores.by_class(values, LOOKS[:2], "T").layout.shapes
    assert len(shapes) == 30
    assert (shapes[13].x0, shapes[13].x1) == (
        pytest.approx(100 * values[1, :, 3].min()),
        pytest.approx(100 * values[1, :, 3].max()),
    )


def test_a_class_without_a_score_anywhere_is_no_error() -> None:
    values = np.full((3, 2, 3), 0.9)
    values[:, :, 1] = np.nan
    assert len(scores.by_class(values, LOOKS[:2], "T").layout.shapes) == 6


def test_an_ensemble_has_a_row_a_member_and_its_own() -> None:
    members, without = np.array([0.99, 0.97]), np.array([0.97, 0.99])
    intervals = np.stack([members - 0.002, members + 0.001], axis=1)
    figure = scores.ensemble(0.992, members, without, intervals, looks=LOOKS[:2], title="T")
    by_name = [(trace.x[0], round(trace.y[0])) for trace in figure.data]
    assert by_name == [(99.2, 2), (99, 0), (97, 0), (97, 1), (99, 1)]
    low, high = figure.layout.xaxis.range
    assert low < 96.8 and 99.2 < high <= 100
    assert figure.layout.meta["alt"] == "Together 99.20 %; alone A 99.00 %, B 97.00 %."
