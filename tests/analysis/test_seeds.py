"""Groups of runs that differ in chance alone, and the band of their curves, by hand."""

import numpy as np

from mnist_viz.analysis.seeds import band, groups


def test_settings_that_differ_in_the_seed_alone_are_a_group() -> None:
    settings = [
        {"seed": 0, "rate": 0.1},
        {"rate": 0.1, "seed": 1},
        {"seed": 0, "rate": 0.2},
        {"seed": 0, "rate": 0.1},
    ]
    assert groups(settings) == [(0, 1, 3), (2,)]


def test_a_band_has_lowest_mean_and_highest_at_the_steps_that_all_have() -> None:
    steps = [np.array([0, 1, 2, 4]), np.array([0, 2, 4, 8])]
    values = [np.array([1.0, 9.0, 3.0, 5.0]), np.array([3.0, 3.0, 4.0, 7.0])]
    common, ends = band(steps, values)
    assert common.tolist() == [0, 2, 4]
    assert ends.tolist() == [[1, 3, 4], [2, 3, 4.5], [3, 3, 5]]


def test_curves_without_a_common_step_have_an_empty_band() -> None:
    common, ends = band([np.array([0]), np.empty(0, np.int64)], [np.array([1.0]), np.empty(0)])
    assert common.size == 0 and ends.shape == (3, 0)
