"""Means of differences within pairs, against scipy and a table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mnist_viz.analysis import paired

SHARES = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=2, max_size=12)


@given(SHARES)
def test_the_interval_is_that_of_scipys_paired_test(pairs: list[tuple[int, int]]) -> None:
    without, with_it = np.array(pairs).T / 5000
    told = paired.mean(with_it - without)
    assert told.value == pytest.approx((with_it - without).mean())
    if np.ptp(with_it - without) < 1e-9:
        return  # scipy has no interval where all differences are the same
    test = stats.ttest_rel(with_it, without)
    interval = test.confidence_interval(0.95)
    assert (told.low, told.high) == pytest.approx((interval.low, interval.high), abs=1e-12)
    assert told.beyond_chance == (test.pvalue < 0.05)


def test_five_pairs_have_the_factor_of_every_printed_table() -> None:
    gained = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    told = paired.mean(gained)
    assert told.high - told.value == pytest.approx(2.7764 * np.sqrt(2.5) / np.sqrt(5), abs=1e-4)
    assert told.beyond_chance and not paired.mean(gained - 3).beyond_chance


def test_differences_that_are_all_the_same_have_an_interval_without_length() -> None:
    assert paired.mean(np.zeros(3)) == (0, 0, 0) and not paired.mean(np.zeros(3)).beyond_chance
    assert paired.mean(np.full(3, 0.25)) == (0.25, 0.25, 0.25)
