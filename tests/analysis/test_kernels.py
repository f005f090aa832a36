"""A kernel's word and its weights: there and back, other sizes, nonsense."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import ndimage

from mnist_viz.analysis import kernels

NUMBERS = some.integers(-2000, 2000).map(lambda hundredths: hundredths / 100)


@given(some.sampled_from((9, 25)).flatmap(lambda count: some.lists(NUMBERS, min_size=count, max_size=count)))
def test_weights_come_back_from_their_word(numbers: list[float]) -> None:
    side = int(len(numbers) ** 0.5)
    weights = np.array(numbers, np.float32).reshape(side, side)
    assert np.array_equal(kernels.parse(kernels.write(weights)), weights)


@pytest.mark.parametrize("side", kernels.SIDES)
@pytest.mark.parametrize("name", kernels.PRESETS)
def test_a_preset_is_its_own_word(name: str, side: int) -> None:
    weights = kernels.preset(name, side)
    assert weights.shape == (side, side) and weights.dtype == np.float32
    assert kernels.write(kernels.parse(f"{name}{side}")) == f"{name}{side}"


def test_presets_do_what_their_names_say() -> None:
    picture = np.random.default_rng(0).random((12, 12)).astype(np.float32)
    assert np.array_equal(ndimage.correlate(picture, kernels.preset("identity", 5)), picture)
    for name, axis in (("vertical", 1), ("horizontal", 0)):
        expected = ndimage.sobel(picture, axis)
        assert np.allclose(ndimage.correlate(picture, kernels.preset(name, 3), mode="reflect"), expected, atol=1e-5)
    assert np.allclose(
        ndimage.correlate(picture, kernels.preset("laplacian", 3), mode="reflect"), ndimage.laplace(picture), atol=1e-5
    )
    for side in kernels.SIDES:
        for name in ("vertical", "horizontal", "laplacian"):
            assert kernels.preset(name, side).sum() == 0
        for name in ("blur", "sharpen"):
            assert kernels.preset(name, side).sum() == pytest.approx(1)


def test_another_size_keeps_the_preset_or_the_numbers_in_the_middle() -> None:
    assert kernels.resized("blur3", 5) == "blur5" and kernels.resized("blur5", 5) == "blur5"
    own = "1_2_3_4_5_6_7_8_9.5"
    larger = kernels.resized(own, 5)
    assert np.array_equal(kernels.parse(larger), np.pad(kernels.parse(own), 1))
    assert kernels.resized(larger, 3) == own


@pytest.mark.parametrize("word", ["", "blur", "blur4", "1_2_3", "_".join("x" * 9), "_".join(["1"] * 16), "<b>"])
def test_nonsense_is_refused_in_one_sentence(word: str) -> None:
    with pytest.raises(ValueError, match="neither a preset with its size, such as vertical3, nor 9 or 25 numbers"):
        kernels.parse(word)


@pytest.mark.parametrize("wrong", ["21", "-20.5", "nan", "inf"])
def test_a_weight_out_of_bounds_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        kernels.parse("_".join(["0"] * 8 + [wrong]))
