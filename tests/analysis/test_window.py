"""One window against torch: sizes, what is seen, sums, winners, BatchNorm; and a case by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from torch import nn
from torch.nn import functional

import models
from mnist_viz.analysis import sliding, window
from mnist_viz.analysis.sliding import Sliding
from mnist_viz.data.address import Address, digit
from models.built import Built

WINDOWS = some.builds(
    Sliding, some.integers(1, 7), padding=some.integers(0, 6), stride=some.integers(1, 6), dilation=some.integers(1, 6)
)


def pictures(least: int) -> some.SearchStrategy[np.ndarray]:
    return some.tuples(some.integers(least, 20), some.integers(0, 2**31 - 1)).map(
        lambda both: np.random.default_rng(both[1]).normal(size=(both[0], both[0])).astype(np.float32)
    )


@settings(max_examples=150, deadline=None)
@given(WINDOWS, pictures(1), some.floats(-2, 2, width=32))
def test_what_comes_out_is_what_torch_gives_or_is_refused_where_torch_refuses(
    one: Sliding, picture: np.ndarray, bias: float
) -> None:
    layer = nn.Conv2d(1, 1, one.side, one.stride, one.padding, one.dilation)
    weights = layer.weight[0, 0].detach().numpy()
    nn.init.constant_(layer.bias, bias)  # type: ignore[arg-type]
    given_in = torch.from_numpy(picture)[None, None]
    if sliding.refusal("weigh", one, len(picture)):
        assert one.places(len(picture)) == 0
        with pytest.raises(RuntimeError):
            layer(given_in)
        return
    expected = layer(given_in)[0, 0].detach().numpy()
    assert expected.shape == (one.places(len(picture)),) * 2
    assert np.array_equal(window.weigh(picture, weights, bias, one), expected)


@settings(max_examples=100, deadline=None)
@given(WINDOWS, some.integers(1, 20))
def test_the_rows_that_are_seen_are_those_on_which_an_output_depends(one: Sliding, length: int) -> None:
    seen = one.seen(length)
    assert len(seen) == length + 2 * one.padding
    if not one.places(length):
        assert not seen.any()
        return
    row = torch.zeros(1, 1, len(seen), requires_grad=True)
    functional.conv1d(row, torch.ones(1, 1, one.side), stride=one.stride, dilation=one.dilation).sum().backward()  # type: ignore[no-untyped-call]
    assert row.grad is not None
    assert np.array_equal(seen, row.grad[0, 0].numpy() > 0)
    over = one.left_over(length)
    assert not seen[len(seen) - over :].any() and seen[len(seen) - over - 1]


@settings(max_examples=150, deadline=None)
@given(WINDOWS, pictures(6))
def test_poolings_are_those_of_torch_or_are_refused_where_torch_refuses(one: Sliding, picture: np.ndarray) -> None:
    given_in = torch.from_numpy(picture)[None, None]
    largest = nn.MaxPool2d(one.side, one.stride, one.padding, one.dilation, return_indices=True)
    if sliding.refusal("max", one, len(picture)):
        with pytest.raises(RuntimeError):
            largest(given_in)
    else:
        values, winners = window.largest(picture, one)
        assert np.array_equal(values, largest(given_in)[0][0, 0].numpy())
        assert np.array_equal(picture.ravel()[winners], values)
    flat = Sliding(one.side, one.padding, one.stride)
    mean = nn.AvgPool2d(one.side, one.stride, one.padding)
    if sliding.refusal("mean", flat, len(picture)):
        with pytest.raises(RuntimeError):
            mean(given_in)
    else:
        assert np.array_equal(window.mean(picture, flat), mean(given_in)[0, 0].numpy())


def test_of_equally_large_pixels_the_first_wins() -> None:
    picture = np.array([[0, 1, 1, 1], [1, 1, 0, 1], [0, 0, 2, 0], [0, 0, 0, 2]], np.float32)
    best, winners = window.largest(picture, Sliding(2, 0, 2))
    assert best.tolist() == [[1, 1], [0, 2]] and winners.tolist() == [[1, 2], [8, 10]]


def test_a_small_sum_is_the_one_worked_out_by_hand() -> None:
    picture = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.float32)
    weights = np.array([[1, 0], [0, -1]], np.float32)
    assert window.weigh(picture, weights, 0.5, Sliding(2)).tolist() == [[-3.5, -3.5], [-3.5, -3.5]]
    values, winners = window.largest(picture, Sliding(2))
    assert values.tolist() == [[5, 6], [8, 9]] and winners.tolist() == [[4, 5], [7, 8]]
    assert window.mean(picture, Sliding(2)).tolist() == [[3, 4], [6, 7]]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Sliding(5, 2, 2), "27 / 2 = 13.5 is rounded down to 13: the last row and column are cut off (hatched); they"),
        (Sliding(3, 0, 2), "25 / 2 = 12.5 is rounded down to 12: the last row and column of the picture are cut off"),
        (Sliding(3, 1, 4), "27 / 4 = 6.75 is rounded down to 6: the last 3 rows and columns are cut off (hatched), 2"),
        (
            Sliding(2, 6, 6),
            "38 / 6 = 6.333 is rounded down to 6: the last 2 rows and columns are cut off (hatched); they",
        ),
        (Sliding(2, 0, 3), "26 / 3 = 8.667 is rounded down to 8: the last 2 rows and columns"),
        (Sliding(3, 1, 1), ""),
    ],
)
def test_what_is_cut_off_is_said_with_its_numbers(one: Sliding, words: str) -> None:
    said = sliding.remark(one, 28)
    assert said.startswith(words) and bool(said) == bool(words)


@pytest.mark.parametrize(
    ("one", "length", "between", "holes"),
    [
        (Sliding(2, 0, 3), 28, "8 rows and columns lie between", ""),
        (Sliding(2, 0, 3), 5, "One row and one column lie between", ""),
        (Sliding(3, 0, 2, 2), 29, "", "14 rows and columns lie in gaps that dilation leaves inside"),
        (Sliding(2, 0, 4, 2), 7, "One row and one column lie between", "2 rows and columns lie in gaps"),
        (Sliding(2, 0, 1, 2), 3, "", "One row and one column lie in a gap"),
        (Sliding(3, 0, 1, 2), 28, "", ""),
    ],
)
def test_rows_between_and_inside_windows_are_told_apart(one: Sliding, length: int, between: str, holes: str) -> None:
    said = sliding.remark(one, length)
    assert between in said and ("between the windows" in said) == bool(between)
    assert holes in said and ("dilation leaves inside the windows" in said) == bool(holes)


@pytest.mark.parametrize(
    ("way", "one", "words"),
    [
        ("weigh", Sliding(5, 0, 1, 8), "8·(5 − 1) + 1 = 33 pixels, and the picture with its padding has 28 + 2·0 = 28"),
        ("max", Sliding(2, 2), "A padding of 2 is more than half of the 2 pixels of the window, 2 / 2 = 1"),
        ("mean", Sliding(3, 2), "At most 1 is possible here."),
    ],
)
def test_what_is_impossible_is_said_in_a_sentence(way: sliding.Way, one: Sliding, words: str) -> None:
    assert words in sliding.refusal(way, one, 28)


def test_the_formula_is_filled_with_the_numbers() -> None:
    _letters, filled, result = Sliding(5, 2, 2).formula(28)
    assert filled == r"\left\lfloor\frac{28+2\cdot2-1\cdot(5-1)-1}{2}\right\rfloor+1"
    assert result == r"\lfloor13.5\rfloor+1=14"
    assert Sliding(3, 1).formula(28)[2] == "27+1=28"


@pytest.mark.parametrize("name", ["fast_cnn", "deep_cnn", "conv16_32", "conv32_64_same"])
def test_a_network_s_first_convolution_is_what_it_does_to_a_digit(name: str) -> None:
    torch.manual_seed(3)
    model, (image, _label) = models.build(name).eval(), digit(Address("test", 3520))
    found = window.first(model)
    assert found is not None
    seen = window.as_scaled(model, found.name, image)
    pixels = torch.tensor(image).float().div(255)[None, None]
    layer = model.get_submodule(found.name)
    with torch.inference_mode():
        expected = layer(model.scale(pixels))[0].numpy()
        paper = float(model.scale(torch.zeros(1)))
    assert np.allclose(seen.paper, paper) and np.array_equal(seen.values, model.scale(pixels)[0, 0].numpy())
    for number in (0, len(found.weights) - 1):
        bias = 0.0 if found.bias is None else float(found.bias[number])
        sums = window.weigh(seen.values, found.weights[number], bias, found.sliding)
        assert np.allclose(sums, expected[number], atol=1e-6), "but for the order in which a processor adds products"


def test_a_mean_image_makes_another_number_of_paper_at_every_pixel() -> None:
    model, image = models.build("fast_cnn").eval(), digit(Address("test", 3520))[0]
    model.rescale("mean_image")
    model.mean.copy_(torch.rand(28, 28))
    seen = window.as_scaled(model, "conv1", image)
    assert np.array_equal(seen.paper, -model.mean.numpy()) and np.array_equal(seen.ink, 1 - model.mean.numpy())
    assert np.allclose(seen.paper + image / 255 * (seen.ink - seen.paper), seen.values, atol=1e-6)


def test_the_norm_that_follows_at_once_is_applied_as_the_network_does() -> None:
    torch.manual_seed(4)
    model, (image, _label) = models.build("fast_cnn"), digit(Address("test", 5))
    model(torch.rand(32, 1, 28, 28))  # moves the running statistics
    model.eval()
    found = window.first(model)
    assert found is not None and found.norm_name == "norm1" and len(found.norms) == 16
    seen = window.as_scaled(model, found.name, image)
    sums = window.weigh(seen.values, found.weights[3], 0.0, found.sliding)
    shown = window.activated(window.normalised(sums, found.norms[3]), "relu")
    with torch.inference_mode():
        pixels = torch.tensor(image).float().div(255)[None, None]
        expected = model.activation1(model.norm1(model.conv1(model.scale(pixels))))[0, 3].numpy()  # type: ignore[operator]
    assert np.allclose(shown, expected, atol=1e-6)


@pytest.mark.parametrize("name", ["mlp", "lstm_rows", "vit"])
def test_a_network_without_a_first_convolution_has_no_filters(name: str) -> None:
    assert window.first(models.build(name)) is None


def test_a_convolution_after_a_pooling_sees_the_pooled_digit() -> None:
    layers = (
        {"kind": "pooling", "way": "max", "window": 2, "stride": 2},
        {"kind": "convolution", "filters": 4, "kernel": 3, "stride": 1, "padding": 0},
    )
    model = Built(layers=layers).eval()
    found = window.first(model)
    assert found is not None and not found.norms
    assert window.as_scaled(model, found.name, digit(Address("test", 5))[0]).values.shape == (14, 14)
