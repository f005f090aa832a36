"""Smoothing, against pandas and by hand."""

import numpy as np
import pandas as pd
import pytest

from mnist_viz.analysis.smoothing import smoothed


def test_smoothing_is_the_debiased_average_of_pandas() -> None:
    values = np.random.default_rng(0).normal(2, 1, 200)
    expected = pd.Series(values).ewm(alpha=0.1, adjust=True).mean()
    assert np.allclose(smoothed(values, 0.9), expected)


def test_what_is_constant_stays_so_and_weight_0_changes_nothing() -> None:
    assert np.allclose(smoothed([3.0] * 9, 0.99), 3)
    assert smoothed([1.0, 5.0, 2.0], 0).tolist() == [1, 5, 2]


def test_what_is_missing_stays_missing_and_does_not_count() -> None:
    shown = smoothed([2.0, None, float("inf"), 4.0], 0.5)
    assert shown[0] == 2 and np.isnan(shown[1]) and np.isinf(shown[2])
    assert shown[3] == pytest.approx((0.5 * 2 + 4) / 1.5)


@pytest.mark.parametrize("weight", [-0.1, 1.0])
def test_a_weight_that_would_never_forget_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        smoothed([1.0], weight)
