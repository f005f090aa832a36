"""The table of a network against numbers worked out by hand, and the words that shape one."""

import json
from typing import Any

import pytest
import torch

from models import ARCHITECTURES, build
from models.table import Layer, table

TOTALS = {  # parameters, multiply-adds
    "fast_cnn": (29_434, 1_890_496),
    "deep_cnn": (216_754, 14**2 * 9 * (24 * 48 + 48 * 64) + 14**2 * 600 + 7**2 * 9 * (64 * 96 + 96 * 128) + 11_520),
    "conv16_32": (108_618, 758_592),
    "conv32_64": (34_826, 2_440_960),
    "conv32_64_same": (421_642, 4_241_152),
    "conv32_64_dropout": (1_199_882, 11_992_448),
    "mlp": (101_770, 101_632),
    "lstm_rows": (82_186, 2_237_696),
    "vit": (105_546, 1_832_960),
    "built": (12_906, 16 * 9 * 26**2 + 32 * 144 * 11**2 + 8000),
}

every_network = pytest.mark.parametrize("name", ARCHITECTURES)


def test_the_table_is_as_worked_out_by_hand() -> None:
    assert table(build("conv16_32")) == (
        Layer("conv1", "Conv2d", (16, 26, 26), 16 * (9 + 1), 26 * 26 * 16 * 9),
        Layer("pool1", "MaxPool2d", (16, 13, 13), 0, 0),
        Layer("activation1", "ReLU", (16, 13, 13), 0, 0),
        Layer("conv2", "Conv2d", (32, 11, 11), 32 * (16 * 9 + 1), 11 * 11 * 32 * 16 * 9),
        Layer("pool2", "MaxPool2d", (32, 5, 5), 0, 0),
        Layer("activation2", "ReLU", (32, 5, 5), 0, 0),
        Layer("hidden", "Linear", (128,), 128 * (800 + 1), 128 * 800),
        Layer("activation3", "ReLU", (128,), 0, 0),
        Layer("head", "Linear", (10,), 10 * (128 + 1), 10 * 128),
    )


def test_the_table_knows_strides_padding_and_batch_norm() -> None:
    rows = {layer.name: layer for layer in table(build("fast_cnn"))}
    assert rows["conv1"] == Layer("conv1", "Conv2d", (16, 14, 14), 16 * 25, 14 * 14 * 16 * 25)
    assert rows["norm2"] == Layer("norm2", "BatchNorm2d", (32, 7, 7), 2 * 32, 0)
    assert rows["conv3"] == Layer("conv3", "Conv2d", (64, 7, 7), 64 * 32 * 9, 7 * 7 * 64 * 32 * 9)
    assert rows["activation3"].shape == (64, 3, 3)


def test_the_table_knows_padding_dropout_and_one_pooling_for_two_convolutions() -> None:
    assert [layer.shape for layer in table(build("conv32_64_same"))][:3] == [(32, 28, 28), (32, 28, 28), (32, 14, 14)]
    rows = {layer.name: layer for layer in table(build("conv32_64_dropout"))}
    assert rows["conv2"] == Layer("conv2", "Conv2d", (64, 24, 24), 64 * (32 * 9 + 1), 24 * 24 * 64 * 32 * 9)
    assert rows["dropout1"] == Layer("dropout1", "Dropout2d", (64, 12, 12), 0, 0)
    assert rows["hidden"] == Layer("hidden", "Linear", (128,), 128 * (9216 + 1), 128 * 9216)


def test_the_table_counts_every_row_that_an_lstm_reads() -> None:
    gates = 4 * 128 * (28 + 128)
    assert table(build("lstm_rows")) == (
        Layer("lstm", "LSTM", (28, 128), gates + 4 * 128 * 2, 28 * gates),
        Layer("head", "Linear", (10,), 10 * (128 + 1), 10 * 128),
    )


@pytest.mark.parametrize(("patch", "tokens"), [(7, 17), (4, 50)])
def test_the_table_counts_what_an_attention_compares_and_gathers(patch: int, tokens: int) -> None:
    rows = {layer.name.removeprefix("blocks.0."): layer for layer in table(build("vit", depth=1, patch=patch))}
    assert rows["embed"].shape == (tokens - 1, 64) and rows["embed"].multiply_adds == (tokens - 1) * 64 * patch**2
    assert rows["place"].parameters == 64 + tokens * 64
    for name in ("query", "key", "value", "join"):
        one = rows[f"attention.{name}"]
        assert (one.shape, one.parameters, one.multiply_adds) == ((tokens, 64), 64 * 65, tokens * 64 * 64)
    compared, gathered = rows["attention.compare"], rows["attention.gather"]
    assert (compared.shape, compared.multiply_adds) == ((4, tokens, tokens), 4 * tokens * tokens * 16)
    assert (gathered.shape, gathered.multiply_adds) == ((4, tokens, 16), 4 * tokens * 16 * tokens)
    assert rows["norm1"].parameters == 2 * 64 and rows["attention.softmax"].multiply_adds == 0


@every_network
def test_the_table_adds_up(name: str) -> None:
    layers = table(build(name))
    assert (sum(layer.parameters for layer in layers), sum(layer.multiply_adds for layer in layers)) == TOTALS[name]
    assert len({layer.name for layer in layers}) == len(layers)


@every_network
def test_making_the_table_leaves_the_network_as_it_was(name: str) -> None:
    model = build(name).train()
    before = {word: tensor.clone() for word, tensor in model.state_dict().items()}
    table(model)
    assert model.training
    assert not any(module._forward_hooks for module in model.modules())
    assert all(torch.equal(tensor, before[word]) for word, tensor in model.state_dict().items())


def test_words_of_a_shape_survive_a_config_file() -> None:
    shape = json.loads(json.dumps({"filters": (4, 8, 12), "activation": "tanh", "mean": 0.0}))
    model = build("fast_cnn", classes=5, **shape)
    assert [layer.shape[0] for layer in table(model) if layer.kind == "Conv2d"] == [4, 8, 12]
    assert model(torch.rand(2, 1, 28, 28)).shape == (2, 5)


@pytest.mark.parametrize(
    ("name", "shape", "sentence"),
    [
        (
            "resnet",
            {},
            "architecture='resnet' is not one of fast_cnn, deep_cnn, .*, lstm_rows, vit, built: try 'fast_cnn'.",
        ),
        (
            "mlp",
            {"filters": [3]},
            "filters is no word of mlp, which knows activation, hidden, mean, deviation: .*",
        ),
        ("mlp", {"activation": "gelu"}, "activation='gelu' is not one of relu, sigmoid, tanh: try 'relu'."),
        ("mlp", {"hidden": 0}, "hidden=0 is not a whole number in 1..4096: .*"),
        ("mlp", {"hidden": True}, "hidden=True is not a whole number .*"),
        ("mlp", {"classes": 1}, "classes=1 is not a whole number in 2..4096: .*"),
        ("fast_cnn", {"filters": [1, 2]}, r"filters=\[1, 2\] is not a list of 3 whole numbers: .*"),
        ("fast_cnn", {"filters": [1, 2, 2.5]}, "filters=2.5 is not a whole number .*"),
        ("conv16_32", {"mean": -0.1}, "mean=-0.1 is outside 0..1, .*: try 0.1307, .*"),
        ("conv16_32", {"deviation": 0}, r"deviation=0 is not in \(0, 1\]: try 0.3081, .*"),
        ("vit", {"patch": 5}, "patch=5 is not one of 4, 7: try 7."),
        ("vit", {"heads": 5}, "width=64 is no multiple of heads=5: try 80."),
        ("vit", {"depth": 0}, "depth=0 is not a whole number in 1..24: .*"),
        ("lstm_rows", {"activation": "tanh"}, "activation is no word of lstm_rows, which knows hidden, .*"),
        ("conv16_32", {"deviation": float("nan")}, "deviation=nan .*"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(name: str, shape: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        build(name, **shape)
