"""The picture of differences within pairs: a point a seed, and the mean with its interval."""

import pytest

from mnist_viz.figures.comparison import LOOKS
from mnist_viz.figures.paired import differences, signed

TWO = (LOOKS[0], LOOKS[1])


def test_each_seed_has_its_point_in_the_colour_of_the_better_side_and_the_mean_its_interval() -> None:
    drawn = differences([0.01, -0.004, 0.02], (0.0087, -0.02, 0.037), TWO, "Gain")
    points, mean = drawn.data[:-1], drawn.data[-1]
    assert [one.x[-1] for one in points] == pytest.approx([1, -0.4, 2])
    assert [one.y[-1] for one in points] == [0, 1, 2]
    assert [one.marker.color for one in points] == [LOOKS[place].colour for place in (1, 0, 1)]
    assert mean.x[0] + mean.error_x.array[0] == pytest.approx(3.7)
    assert mean.x[0] - mean.error_x.arrayminus[0] == pytest.approx(-2)
    low, high = drawn.layout.xaxis.range
    assert low < -2 and high > 3.7
    assert drawn.layout.meta["alt"].endswith("their mean +0.87, 95 % interval −2.00 to +3.70.")


@pytest.mark.parametrize("widest", [0.0, 1e-4, 0.003, 0.3, 2.5])
def test_there_are_few_ticks_with_signs_and_0_is_among_them(widest: float) -> None:
    axis = differences([0.0, 0.0], (0.0, -widest, widest), TWO, "Gain").layout.xaxis
    assert 2 <= len(axis.tickvals) <= 6 and "0" in axis.ticktext
    assert all(text[0] in "+−" for text in axis.ticktext if text != "0")


def test_before_anything_is_known_it_is_empty_and_says_so() -> None:
    drawn = differences([], None, TWO, "Gain")
    assert len(drawn.data) == 0 and "none is known" in drawn.layout.meta["alt"]


def test_before_all_are_known_there_is_no_mean() -> None:
    drawn = differences([0.01, -0.004], None, TWO, "Gain", of=5)
    whole = differences([0.01, -0.004, 0, 0, 0], (0, -1, 1), TWO, "Gain")
    assert drawn.layout.yaxis.range == whole.layout.yaxis.range, "the seeds stay where they are"
    assert len(drawn.data) == 2 and list(drawn.layout.yaxis.ticktext) == ["seed 0", "seed 1"]
    assert drawn.layout.meta["alt"] == "Differences in percentage points of each seed so far: +1.00, −0.40."


def test_points_have_their_sign_and_nothing_has_none() -> None:
    assert [signed(one) for one in (1.084, -0.5, 0.001, -0.001)] == ["+1.08", "−0.50", "0.00", "0.00"]
