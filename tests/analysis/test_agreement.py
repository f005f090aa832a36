"""Rank correlations against SciPy's, and the blurred digit against SciPy's filter."""

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.stats import spearmanr

from mnist_viz.analysis.agreement import rank_correlations
from mnist_viz.analysis.baselines import BLUR, blurred
from mnist_viz.data.mnist import digits


def test_rank_correlations_are_those_of_scipy_with_many_equal_values() -> None:
    maps = digits("test").images[:4].astype(np.float32)
    wanted = spearmanr(maps.reshape(4, -1), axis=1).statistic
    assert np.allclose(rank_correlations(maps), wanted)


def test_a_map_that_is_the_same_everywhere_agrees_with_none() -> None:
    found = rank_correlations(np.stack([np.ones((28, 28)), np.arange(784.0).reshape(28, 28)]))
    assert np.isnan(found[0]).all()
    assert np.isclose(found[1, 1], 1)


def test_the_blurred_digit_is_that_of_scipy() -> None:
    for image in digits("test").images[:5]:
        wanted = gaussian_filter(image / 255, BLUR, mode="constant", truncate=4)
        assert np.allclose(blurred(image), wanted, atol=1e-6)
