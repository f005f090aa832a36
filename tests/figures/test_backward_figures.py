"""The pictures of the way and the way back: their numbers, their scales, and how numbers are written."""

import base64
import struct
import zlib
from typing import Any

import numpy as np
import pytest

from mnist_viz.figures import backward, channels, network, passage, png, repeats, style
from mnist_viz.figures.numbers import latex, latex_exp, latex_share, written, written_share

SHARES = np.array([0.1, 0.7, 0.2])


@pytest.mark.parametrize(
    ("value", "words", "formula"),
    [
        (0.0, "0", "0"),
        (-0.01234, "−0.0123", "(-0.0123)"),
        (65.206, "65.2", "65.2"),
        (9.996, "10.0", "10.0"),
        (-1276.4, "−1,276", "(-1276)"),
        (99_999.0, "99,999", "99999"),
        (0.0009996, "1.00\u00a0×\u00a010⁻³", r"1.00 \cdot 10^{-3}"),
        (4.2e-6, "4.20\u00a0×\u00a010⁻⁶", r"4.20 \cdot 10^{-6}"),
        (-123456.0, "−1.23\u00a0×\u00a010⁵", r"(-1.23 \cdot 10^{5})"),
        (float("inf"), "∞", "∞"),
        (float("nan"), "–", "–"),
    ],
)
def test_a_number_of_any_size_is_written_with_three_digits_that_count(value: float, words: str, formula: str) -> None:
    assert (written(value), latex(value)) == (words, formula)


@pytest.mark.parametrize(
    ("surprise", "words", "formula"),
    [
        (0.0128, "0.98728", "0.98728"),
        (0.0020, "0.998002", "0.998002"),
        (3.576e-5, "1\u00a0−\u00a03.576\u00a0×\u00a010⁻⁵", r"(1 - 3.576 \cdot 10^{-5})"),
        (9.4533, "7.843\u00a0×\u00a010⁻⁵", r"7.843 \cdot 10^{-5}"),
        (2000.0, "2.577\u00a0×\u00a010⁻⁸⁶⁹", r"2.577 \cdot 10^{-869}"),
        (0.0, "1.000", "1.000"),
        (float("inf"), "0", "0"),
        (float("nan"), "–", "–"),
    ],
)
def test_a_probability_is_written_so_that_its_logarithm_can_be_taken(surprise: float, words: str, formula: str) -> None:
    assert (written_share(surprise, 4), latex_share(surprise, 4)) == (words, formula)


@pytest.mark.parametrize("digits", [3, 4, 5])
def test_who_takes_the_logarithm_of_a_written_probability_finds_the_written_loss(digits: int) -> None:
    for surprise in np.geomspace(1.1e-3, 6.9, 60):
        assert written(-np.log(float(written_share(surprise, digits))), digits) == written(surprise, digits)


@pytest.mark.parametrize("power", [-800.0, -3.2, 0.0, 5.0, 710.0, 1000 * np.log(10)])
def test_e_to_any_power_is_written_though_no_float_is_so_large(power: float) -> None:
    mantissa, _dot, ten = latex_exp(power, 6).partition(r" \cdot 10^")
    assert np.log(float(mantissa)) + int(ten[1:-1] or 0) * np.log(10) == pytest.approx(power, abs=1e-5)


def test_prediction_minus_truth_is_drawn_as_three_rows_of_bars() -> None:
    figure = backward.error(SHARES, 2, SHARES - np.eye(3)[2])
    rows: Any = [trace.y for trace in figure.data]
    np.testing.assert_allclose(np.array(rows[0]) - np.array(rows[1]), rows[2])
    assert list(figure.data[2].marker.color) == [style.FOR, style.FOR, style.AGAINST]
    assert list(figure.data[2].text) == ["0.10", "0.70", "−0.80"]


def test_a_signed_picture_has_one_scale_around_0_and_says_its_largest() -> None:
    values = np.array([[[0.5, -2.0]], [[0.0, 1.0]]], np.float32)
    for figure in (channels.signed(values, "maps"), backward.table(values[:, 0], "table", names="row")):
        assert (figure.data[0].zmin, figure.data[0].zmax) == (-2, 2)
        assert figure.data[0].colorscale[1] == (0.5, style.GROUND)
        assert "the largest absolute value is 2.00" in figure.layout.meta["alt"]


def test_a_gradient_that_is_0_everywhere_can_be_drawn() -> None:
    nothing = np.zeros((2, 3, 3), np.float32)
    channels.signed(nothing, "maps")
    backward.table(nothing[0], "table", names="row")
    backward.lengths(["a", "b"], [0.0, 0.0], chosen=0, title="lengths")
    backward.weights([("w", nothing[0], 0.0)], "weights")


def test_a_signed_block_is_transparent_at_0_and_full_at_its_ends() -> None:
    colours, opacities = png.signed(style.AGAINST, style.FOR)
    assert (opacities[0], opacities[127], opacities[254]) == (255, 0, 255)
    assert "#" + bytes(colours[0]).hex() == style.AGAINST and "#" + bytes(colours[254]).hex() == style.FOR
    block = network.Block(("one",), "one", np.array([[[-1.0, 0.0, 0.5]]]), signed=True)
    figure = network.network([[block]], chosen=(0, 0), title="network")
    image = base64.b64decode(figure.layout.images[0].source.partition(",")[2])
    start = image.index(b"IDAT")
    (length,) = struct.unpack(">I", image[start - 4 : start])
    assert zlib.decompress(image[start + 4 : start + 4 + length])[1:4] == bytes([0, 127, 190])


def test_a_score_is_added_up_bar_by_bar() -> None:
    figure = passage.weighted_sum(["a", "b", "bias"], np.array([2.0, -0.5, 0.25]), 1.75, "score")
    assert list(figure.data[0].base) == [0, 2, 1.5, 0]
    assert list(figure.data[0].x) == [2, -0.5, 0.25, 1.75]


def test_a_loss_that_ran_away_leaves_its_point_out() -> None:
    figure = repeats.losses(np.array([1.0, np.inf, np.nan]), chosen=1)
    assert list(figure.data[0].y) == [1.0, None, None]
    assert list(figure.data[0].customdata) == ["1.00", "∞", "–"]
    assert figure.layout.yaxis.exponentformat == "power"
    both = np.stack([SHARES, np.full(3, np.nan)])
    assert list(repeats.shares(both, label=1, chosen=0).data[0].y) == pytest.approx([70, 0])


def test_each_picture_of_weights_has_a_scale_of_its_own_and_its_true_numbers() -> None:
    before, gradient = np.array([[1.0, -2.0]]), np.array([[0.001, 0.004]])
    figure = backward.weights([("before", before, 2.0), ("gradient", gradient, 0.004)], "weights")
    np.testing.assert_allclose(figure.data[0].z, [[0.5, -1]])
    np.testing.assert_allclose(figure.data[1].z, [[0.25, 1]])
    np.testing.assert_allclose(figure.data[1].customdata, gradient)
