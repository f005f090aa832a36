"""Lines of what is inside a training: the right numbers, names that leave each other room, the chosen step marked."""

from itertools import pairwise

import pytest

from mnist_viz.figures import inside
from mnist_viz.figures.style import SMALL

LINES = {f"layer{number}": [(0, 1.0), (1, 0.5), (2, 0.4), (128, 0.01 * (number + 1) / 7)] for number in range(7)}


def test_a_line_a_layer_goes_through_its_lengths() -> None:
    drawn = inside.gradients(LINES, at=2)
    assert [trace.name for trace in drawn.data] == list(LINES)
    assert (
        tuple(drawn.data[3].y) == (1.0, 0.5, 0.4, pytest.approx(0.04 / 7))
        and tuple(drawn.data[3].customdata)[-1] == 128
    )
    assert tuple(drawn.layout.yaxis.range) == (-3, 0)
    assert drawn.layout.shapes[0].x0 == drawn.data[0].x[2]
    assert inside.gradients(LINES, at=None).layout.shapes == ()


def test_no_name_stands_on_another_or_below_the_picture() -> None:
    for drawn in (inside.gradients(LINES, at=None), inside.dead({f"a{n}": [(0, 0.0)] for n in range(12)}, at=None)):
        places = sorted((1 - one.y) * inside.HEIGHT for one in drawn.layout.annotations)
        assert all(later - earlier >= SMALL for earlier, later in pairwise(places))
        assert places[0] >= -1 and places[-1] <= inside.HEIGHT + 1


def test_dead_shares_are_in_percent_on_an_axis_that_seldom_moves() -> None:
    few = inside.dead({"activation1": [(0, 0.0), (1, 0.125)]}, at=None)
    assert tuple(few.data[0].y) == (0, 12.5) and tuple(few.layout.yaxis.range) == (0, 20)
    assert tuple(inside.dead({"a": [(0, 0.5)]}, at=None).layout.yaxis.range) == (0, 100)


def test_a_layer_without_a_gradient_is_on_the_axis() -> None:
    drawn = inside.gradients({"head": [(0, 0.0), (1, 0.3)], "none": []}, at=None)
    assert drawn.data[0].y[0] > 0 and drawn.layout.yaxis.range[0] <= -12
