"""What every layer puts out: against bare forward passes, layer by layer, and what is left behind."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from mnist_viz.analysis import features
from models import ARCHITECTURES, build

every_network = pytest.mark.parametrize("name", ARCHITECTURES)


class Reader(nn.Module):
    """Reads a digit row by row, then attends over the rows: nothing in it is a map."""

    def __init__(self, batch_first: bool = True) -> None:
        super().__init__()
        self.rows = nn.LSTM(28, 12, batch_first=batch_first)
        self.attention = nn.MultiheadAttention(12, 2, batch_first=True)
        self.head = nn.Linear(12, 10)

    def forward(self, images: Tensor) -> Tensor:
        rows = images[:, 0]
        seen = self.rows(rows)[0] if self.rows.batch_first else self.rows(rows.transpose(0, 1))[0].transpose(0, 1)
        scores: Tensor = self.head(self.attention(seen, seen, seen)[0].mean(dim=1))
        return scores


class Failing(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 2, 3)

    def forward(self, images: Tensor) -> Tensor:
        self.first(images)
        raise RuntimeError("half way")


def hooks(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules())


@pytest.mark.parametrize("name", ["lstm_rows", "vit"])
def test_where_layers_are_no_chain_each_output_is_the_one_of_a_plain_pass(name: str, images: Tensor) -> None:
    torch.manual_seed(0)
    model = build(name).eval()
    seen: dict[str, Any] = {}
    for place, module in model.named_modules():
        module.register_forward_hook(lambda _one, _in, out, place=place: seen.setdefault(place, out))
    with torch.no_grad():
        model(images[:1])
    for layer in features.activations(model, images[:1])[1:-1]:
        out = seen[layer.name]
        assert np.array_equal(layer.values, (out[0] if isinstance(out, tuple) else out)[0].numpy()), layer.name


@pytest.mark.parametrize("name", [name for name in ARCHITECTURES if name not in ("lstm_rows", "vit")])
def test_each_layer_turns_what_came_before_into_what_is_said_of_it(name: str, images: Tensor) -> None:
    torch.manual_seed(0)
    model = build(name).eval()
    digit, *layers, probabilities = features.activations(model, images[:1])
    assert np.array_equal(digit.values, images[0].numpy())
    assert [layer.name for layer in layers] == [name for name, one in model.named_modules() if not list(one.children())]
    value = model.scale(images[:1])
    with torch.no_grad():
        for layer in layers:
            module = model.get_submodule(layer.name)
            value = module(value.flatten(1) if isinstance(module, nn.Linear) else value)
            assert layer.kind == type(module).__name__
            assert layer.parameters == sum(weights.numel() for weights in module.parameters())
            assert np.array_equal(layer.values, value[0].numpy()), layer.name
        assert np.array_equal(probabilities.values, model(images[:1]).softmax(dim=1)[0].numpy())


def test_the_layers_of_a_transformer_are_the_parts_of_its_blocks_added_up_as_it_does(images: Tensor) -> None:
    torch.manual_seed(0)
    model: Any = build("vit").eval()
    columns = features.stages(features.activations(model, images[:1]))
    parts = ["norm1", "attention", "norm2", "widen", "activation", "narrow"]
    assert [[layer.name for layer in column] for column in columns] == [
        ["pixels", "embed", "place"],
        *([f"blocks.{number}.{part}" for part in parts] for number in range(3)),
        ["norm", "head", "probabilities"],
    ]
    tokens = torch.tensor(columns[0][-1].values)
    for block, layers in zip(model.blocks, columns[1:4], strict=True):
        seen = dict(zip(parts, (torch.tensor(layer.values) for layer in layers), strict=True))
        assert torch.allclose(seen["norm1"], block.norm1(tokens), atol=1e-5)
        assert torch.allclose(seen["norm2"], block.norm2(tokens + seen["attention"]), atol=1e-5)
        assert layers[1].parameters == 4 * (64 * 64 + 64)
        tokens = tokens + seen["attention"] + seen["narrow"]
    assert torch.allclose(torch.tensor(columns[-1][0].values), model.norm(tokens[0]), atol=1e-5)


def test_blocks_in_a_row_are_opened_once_and_what_only_holds_others_is_no_layer(images: Tensor) -> None:
    block = nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU())
    model = nn.Sequential(block, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(169, 10))
    layers = features.activations(model, images[:1])
    assert [layer.name for layer in layers][1:-1] == ["0.0", "0.1", "1", "2", "3"]


@every_network
def test_the_layers_of_every_network_stand_in_few_columns_in_their_order(name: str, images: Tensor) -> None:
    layers = features.activations(build(name), images[:1])
    columns = features.stages(layers)
    assert len(columns) <= (5 if name == "vit" else 4)
    assert [layer.name for column in columns for layer in column] == [layer.name for layer in layers]


def test_many_layers_are_cut_into_four_columns() -> None:
    deep = nn.Sequential(nn.Flatten(), *(nn.Linear(784 if n == 0 else 9, 9) for n in range(17)))
    columns = features.stages(features.activations(deep, torch.zeros(1, 1, 28, 28)))
    assert [len(column) for column in columns] == [5, 5, 5, 5]


def test_many_blocks_are_cut_into_four_columns(images: Tensor) -> None:
    columns = features.stages(features.activations(build("vit", depth=6), images[:1]))
    assert len(columns) == 4
    assert sum(map(len, columns)) == 6 * 6 + 6


@pytest.mark.parametrize("batch_first", [True, False])
def test_a_network_without_maps_gives_tables(images: Tensor, batch_first: bool) -> None:
    torch.manual_seed(0)
    model = Reader(batch_first).eval()
    _digit, rows, attention, head, _probabilities = features.activations(model, images[:1])
    with torch.no_grad():
        bare = model.rows(images[:1, 0] if batch_first else images[:1, 0].transpose(0, 1))[0].reshape(28, 12)
        wanted = model.attention(bare[None], bare[None], bare[None])[0][0]
        scores = model(images[:1])[0]
    assert np.array_equal(rows.values, bare.numpy())
    assert np.allclose(attention.values, wanted.numpy(), atol=1e-6)
    assert attention.name == "attention"
    assert attention.parameters == sum(weights.numel() for weights in model.attention.parameters())
    assert np.array_equal(head.values, scores.numpy())
    assert features.filters(model) is None


def test_the_network_keeps_no_hook_and_its_mode(trained: nn.Module, images: Tensor) -> None:
    model = build("conv16_32").train()
    features.activations(model, images[:1])
    features.filters(model)
    assert model.training
    assert hooks(model) == 0


@pytest.mark.parametrize("fails", [False, True])
def test_the_copy_keeps_no_hook_even_where_the_network_fails(
    images: Tensor, fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies: list[nn.Module] = []

    def copied(model: nn.Module) -> nn.Module:
        copies.append(model)
        return model

    monkeypatch.setattr(features, "deepcopy", copied)
    if fails:
        with pytest.raises(RuntimeError, match="half way"):
            features.activations(Failing(), images[:1])
    else:
        features.activations(build("fast_cnn"), images[:1])
    assert len(copies) == 1
    assert hooks(copies[0]) == 0


def test_an_activation_in_place_does_not_change_what_was_taken_down(images: Tensor) -> None:
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(3 * 26 * 26, 10))
    before = model[0](images[:1])[0].detach().numpy().copy()
    layers = features.activations(model, images[:1])
    assert np.array_equal(layers[1].values, before)
    assert (before < 0).any()


@pytest.mark.parametrize(
    ("name", "layer", "shape"),
    [
        ("fast_cnn", "conv1", (16, 5, 5)),
        ("conv16_32", "conv1", (16, 3, 3)),
        ("mlp", "hidden", (128, 28, 28)),
        ("vit", "embed", (64, 7, 7)),
    ],
)
def test_the_filters_are_the_first_weights(name: str, layer: str, shape: tuple[int, int, int]) -> None:
    model: Any = build(name)
    found = features.filters(model)
    assert found is not None
    assert found[0] == layer
    assert found[1].shape == shape
    weights = model.get_submodule(layer).weight.detach().numpy()
    for number, row, column in [(0, 0, 0), (3, 1, 2), (shape[0] - 1, shape[1] - 1, 0)]:
        one = weights[number].reshape(-1)
        assert found[1][number, row, column] == one[row * shape[2] + column]


def test_silent_and_strongest_by_hand() -> None:
    maps = np.zeros((4, 2, 2), np.float32)
    maps[1, 0, 1], maps[3, 1, 0] = 2.0, -3.5
    assert features.silent(maps) == 2
    assert features.strongest(maps) == (3, -3.5)
    assert features.silent(np.array([0, 1, 0, -2], np.float32)) == 2
    assert features.strongest(np.array([0, 1, 0, -2], np.float32)) == (3, -2.0)
