"""What a layer does to a digit's numbers, against numpy, and its weights as pictures against the scores they make."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from mnist_viz.analysis import features, passage, weight_pictures
from models import ARCHITECTURES, build


def network(name: str) -> Any:
    torch.manual_seed(3)
    return build(name).eval().requires_grad_(False)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_layers_numbers_are_counted_and_its_example_adds_up(name: str, images: Tensor) -> None:
    model = network(name)
    for layer in features.activations(model, images[:1])[1:-1]:
        found = passage.passage(model, images[:1], layer.name)
        assert found.after.shape == layer.values.shape
        assert (found.after.least, found.after.largest) == (layer.values.min(), layer.values.max())
        assert found.after.zeros == pytest.approx((layer.values == 0).mean())
        assert found.after.counts.sum() == layer.values.size
        assert found.before.counts.sum() == np.prod(found.before.shape)
        if found.edges[0] < 0 < found.edges[-1]:
            assert 0 in found.edges, "a bin begins at 0, so that no bar of a ReLU reaches below it"
        value, example = found.example["value"], found.example
        assert value == layer.values[found.place]
        if "terms" in example:
            total = sum(x * weight for x, weight in example["terms"]) + example["rest"] + example["bias"]
            assert value == pytest.approx(total, abs=1e-5)
        if "variance" in example:
            deviation = np.sqrt(example["variance"] + example["epsilon"])
            by_hand = example["scale"] * (example["x"] - example["mean"]) / deviation + example["shift"]
            assert value == pytest.approx(by_hand, abs=1e-4)
        if found.kind == "MaxPool2d":
            assert value == max(example["window"])
        if found.kind == "LSTM":
            assert value == pytest.approx(example["gate"] * np.tanh(example["cell"]), abs=1e-6)
            assert found.place[0] == 27 and abs(value) == np.abs(layer.values[-1]).max() and 0 < example["gate"] < 1


def test_the_products_of_a_convolution_are_those_of_its_window(trained: Any, images: Tensor) -> None:
    found = passage.passage(trained, images[:1], "conv1")
    channel, row, column = found.place
    padded = np.pad(trained.scale(images[:1])[0, 0].numpy(), 2)
    window = padded[2 * row : 2 * row + 5, 2 * column : 2 * column + 5]
    products = window * trained.get_parameter("conv1.weight")[channel, 0].numpy()
    assert found.example["value"] == pytest.approx(products.sum(), abs=1e-5)
    largest = sorted(products.flat, key=abs)[-1:-3:-1]
    assert [x * weight for x, weight in found.example["terms"]] == pytest.approx(largest, abs=1e-6)
    assert found.example["count"] == 25


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_weighted_sum_of_the_head_is_the_score(name: str, images: Tensor) -> None:
    model = network(name)
    for target in (0, 9):
        found = passage.weighted_sum(model, images[:1], target)
        assert found.score == pytest.approx(float(model(images[:1])[0, target]), rel=1e-6)
        assert found.products.sum() + found.rest + found.bias == pytest.approx(found.score, abs=1e-4)
        assert sorted(found.products, reverse=True) == pytest.approx(list(found.products))


def test_weights_as_pictures_read_the_maps_before_them(trained: Any, images: Tensor) -> None:
    known = {one.layer: one for one in weight_pictures.kernels(trained)}
    assert known["conv2"].shape == (16, 8, 3, 3) and known["conv2"].way == "kernel"
    maps = features.activations(trained, images[:1])[-3].values
    head = trained.head.weight.reshape(known["head"].shape).numpy()
    scores = (head * maps).sum(axis=(1, 2, 3)) + trained.head.bias.numpy()
    np.testing.assert_allclose(scores, trained(images[:1])[0].numpy(), atol=1e-4)


def test_networks_without_convolutions_say_what_their_weights_are() -> None:
    found = {
        name: {one.layer: one for one in weight_pictures.kernels(network(name))} for name in ("mlp", "lstm_rows", "vit")
    }
    assert (found["mlp"]["hidden"].way, found["mlp"]["hidden"].shape) == ("map", (128, 1, 28, 28))
    assert (found["mlp"]["head"].way, found["mlp"]["head"].shape) == ("row", (10, 1, 1, 128))
    assert (found["lstm_rows"]["lstm"].way, found["lstm_rows"]["lstm"].shape) == ("gate", (512, 1, 1, 28))
    assert (found["vit"]["embed"].way, found["vit"]["embed"].shape) == ("patch", (64, 1, 7, 7))
    assert found["vit"]["blocks.0.attention.query"].way == "row"


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_picture_of_weights_has_all_numbers_of_its_parameter(name: str) -> None:
    model = network(name)
    found = weight_pictures.kernels(model)
    assert found
    for one in found:
        assert model.get_parameter(one.parameter).numel() == np.prod(one.shape)
