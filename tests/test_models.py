"""The contract of a network, kept by every entry of the registry."""

from collections import Counter
from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import LRP, DeepLift, IntegratedGradients
from captum.attr._utils.lrp_rules import EpsilonRule
from safetensors.torch import load, save
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.utils._python_dispatch import TorchDispatchMode

from mnist_viz.data import mnist
from mnist_viz.data.statistics import grey_histogram
from models import ARCHITECTURES, build
from models.classifier import ACTIVATIONS, DEVIATION, MEAN, Classifier

PARAMETERS = {
    "fast_cnn": 29_434,
    "deep_cnn": 216_754,
    "conv16_32": 108_618,
    "conv32_64": 34_826,
    "conv32_64_same": 421_642,
    "conv32_64_dropout": 1_199_882,
    "mlp": 101_770,
    "lstm_rows": 82_186,
    "vit": 105_546,
    "built": 12_906,
}
PENULTIMATE = dict.fromkeys(PARAMETERS, 128) | {
    "fast_cnn": 576,
    "deep_cnn": 1152,
    "conv32_64": 1600,
    "vit": 64,
    "built": 800,
}
SCALING = dict.fromkeys(PARAMETERS, (0.1307, 0.3081)) | {
    "conv32_64": (0.0, 1.0),
    "conv32_64_same": (0.0, 1.0),
    "conv32_64_dropout": (0.5, 0.5),
}
CHOOSABLE = [name for name in ARCHITECTURES if name not in ("lstm_rows", "built")]  # whose activation can be chosen
HOOKABLE = [name for name in CHOOSABLE if name != "vit"]  # made of what DeepLift and LRP have rules for
HOOKED_BY_DEEPLIFT: tuple[type[nn.Module], ...] = (nn.MaxPool2d, *ACTIVATIONS.values())
CAPTUM_KNOWS = {nn.Conv2d, nn.BatchNorm2d, nn.Linear, nn.Dropout, nn.Dropout2d, *HOOKED_BY_DEEPLIFT}

every_network = pytest.mark.parametrize("name", ARCHITECTURES)
every_choosable = pytest.mark.parametrize("name", CHOOSABLE)
every_hookable = pytest.mark.parametrize("name", HOOKABLE)
pytestmark = pytest.mark.usefixtures("one_thread")
captum_says_what_it_does = pytest.mark.filterwarnings("ignore:Setting forward, backward hooks")
every_activation = pytest.mark.parametrize("activation", ACTIVATIONS)


def pixels(count: int = 8) -> Tensor:
    return torch.tensor(mnist.digits("test").images[:count]).unsqueeze(1) / 255


def network(name: str, **shape: Any) -> Classifier:
    torch.manual_seed(0)
    return build(name, **shape).eval()


def leaves(model: nn.Module) -> list[nn.Module]:
    return [module for module in model.modules() if not list(module.children())]


@cache
def taught(name: str, **shape: str) -> Classifier:
    """A network that has seen the same 64 digits a few times: nothing in it is at its start any more.

    Those that would take long have fewer filters: what is tested of them is how their layers are wired.
    """
    model = network(name, **shape, **({"filters": (8, 16)} if "32_64" in name else {})).train()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
    images, labels = pixels(64), torch.tensor(mnist.digits("test").labels[:64].astype(np.int64))
    for _ in range(30):
        optimiser.zero_grad()
        torch.autograd.backward(cross_entropy(model(images), labels))
        optimiser.step()
    return model.eval()


class Operations(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts what is computed, below all modules and functions."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.counted: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.counted[func.overloadpacket.__name__] += 1
        return func(*args, **(kwargs or {}))


@every_network
def test_the_parameters_are_as_many_as_published(name: str) -> None:
    assert sum(parameter.numel() for parameter in network(name).parameters()) == PARAMETERS[name]


@every_network
def test_a_network_says_in_a_line_what_it_is(name: str) -> None:
    title = (ARCHITECTURES[name].__doc__ or "").splitlines()[0]
    assert 20 < len(title) < 100
    assert f"{PARAMETERS[name]:,} parameters" in title


@every_network
@pytest.mark.parametrize("count", [1, 7])
@pytest.mark.parametrize("classes", [10, 3])
def test_pixels_become_logits(name: str, count: int, classes: int) -> None:
    logits = network(name, classes=classes)(pixels(count))
    assert logits.shape == (count, classes)
    assert logits.dtype == torch.float32


@every_network
def test_the_head_of_the_features_gives_the_logits(name: str) -> None:
    model = network(name)
    features = model.features(pixels())
    assert features.shape == (8, PENULTIMATE[name])
    assert torch.equal(model.head(features), model(pixels()))


@every_network
def test_logits_are_not_log_probabilities(name: str) -> None:
    logits = network(name)(pixels())
    assert (logits.exp().sum(dim=1) - 1).abs().min() > 0.1


@every_network
def test_a_digit_alone_is_seen_as_in_company(name: str) -> None:
    model = network(name)
    alone = torch.cat([model(one.unsqueeze(0)) for one in pixels()])
    torch.testing.assert_close(alone, model(pixels()))


@every_network
def test_every_module_is_used_exactly_once(name: str) -> None:
    model = network(name)
    used: Counter[nn.Module] = Counter()
    for module in leaves(model):
        module.register_forward_hook(lambda module, _inputs, _output: used.update([module]))
    model(pixels())
    assert used == Counter(leaves(model))


@every_choosable
@every_activation
def test_every_non_linearity_is_a_module_and_none_works_in_place(name: str, activation: str) -> None:
    model = network(name, activation=activation)
    with Operations() as operations, torch.no_grad():
        model(pixels())
    as_modules = [module for module in leaves(model) if isinstance(module, ACTIVATIONS[activation])]
    assert operations.counted[activation] == len(as_modules) > 0
    assert not [one for one in operations.counted if one.endswith("_")]
    assert operations.counted["_softmax"] == sum(isinstance(module, nn.Softmax) for module in leaves(model))
    assert sum(operations.counted[word] for word in ACTIVATIONS) == len(as_modules)
    assert not any(getattr(module, "inplace", False) for module in leaves(model))


@every_hookable
@every_activation
def test_captum_knows_every_layer(name: str, activation: str) -> None:
    kinds = {type(module) for module in leaves(network(name, activation=activation))}
    assert kinds <= CAPTUM_KNOWS


@every_network
def test_no_two_layers_that_deeplift_hooks_share_a_tensor(name: str) -> None:
    model = network(name)
    passed: list[tuple[Tensor, Tensor]] = []
    for module in leaves(model):
        if isinstance(module, HOOKED_BY_DEEPLIFT):
            module.register_forward_hook(lambda _module, inputs, output: passed.append((inputs[0], output)))
    model(pixels())
    assert not any(came is went for came, _ in passed for _, went in passed)


@every_hookable
@every_activation
@captum_says_what_it_does
def test_deeplift_adds_up_and_a_batch_equals_its_members(name: str, activation: str) -> None:
    model = deepcopy(taught(name, activation=activation)).double()
    images = pixels().double().requires_grad_()
    baseline, targets = torch.full_like(images, 0.2), model(images).argmax(dim=1)
    maps = DeepLift(model).attribute(images, baseline, target=targets)
    change = (model(images) - model(baseline)).gather(1, targets.unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(maps.sum(dim=(1, 2, 3)), change, rtol=1e-5, atol=1e-6)
    alone = DeepLift(model).attribute(images[:1], baseline[:1], target=targets[:1])
    torch.testing.assert_close(alone, maps[:1])


@every_network
def test_integrated_gradients_add_up(name: str) -> None:
    model, images = taught(name), pixels(2)
    targets = model(images).argmax(dim=1)
    maps = IntegratedGradients(model).attribute(images, target=targets, n_steps=100)
    change = (model(images) - model(torch.zeros_like(images))).gather(1, targets.unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(maps.sum(dim=(1, 2, 3)), change, rtol=0.05, atol=0.2)


@every_hookable
def test_relevance_can_be_propagated_through_every_layer(name: str) -> None:
    model = network(name)
    for module in leaves(model):
        if isinstance(module, nn.Dropout2d):
            module.rule = EpsilonRule()  # captum 0.9 has a rule of its own for plain dropout alone
    relevance = LRP(model).attribute(pixels().requires_grad_(), target=3)
    assert relevance.shape == (8, 1, 28, 28)
    assert torch.isfinite(relevance).all()


@every_network
def test_the_scaling_is_inside_and_black_is_0(name: str) -> None:
    model = network(name)
    outside = network(name, mean=0.0, deviation=1.0)
    mean, deviation = SCALING[name]
    black, white = torch.zeros(1, 1, 28, 28), torch.ones(1, 1, 28, 28)
    assert model.scale(black).max().item() == pytest.approx(-mean / deviation)
    assert model.scale(white).max().item() == pytest.approx((1 - mean) / deviation)
    torch.testing.assert_close(outside((pixels() - mean) / deviation), model(pixels()))


@every_network
def test_the_scaling_travels_with_the_weights(name: str) -> None:
    own = network(name, mean=0.25, deviation=0.5)
    other = build(name).eval()
    assert {"mean", "deviation"} <= own.state_dict().keys()
    assert not {"mean", "deviation"} & {word for word, _ in own.named_parameters()}
    other.load_state_dict(load(save(own.state_dict())))
    assert torch.equal(other(pixels()), own(pixels()))


def test_the_scaling_is_that_of_the_training_digits() -> None:
    histogram = grey_histogram(mnist.digits("train").images) / (55_000 * 784)
    pixel = np.arange(256) / 255
    mean = histogram @ pixel
    assert mean == pytest.approx(MEAN, abs=2e-4)
    assert np.sqrt(histogram @ (pixel - mean) ** 2) == pytest.approx(DEVIATION, abs=2e-4)


@every_network
def test_the_order_in_memory_changes_no_answer(name: str) -> None:
    model = network(name)
    expected = model(pixels())
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    torch.testing.assert_close(model(pixels().contiguous(memory_format=torch.channels_last)), expected)


@every_network
def test_a_network_learns_a_handful_of_digits(name: str) -> None:
    labels = torch.tensor(mnist.digits("test").labels[:64].astype(np.int64))
    assert (taught(name)(pixels(64)).argmax(dim=1) == labels).float().mean() > 0.9


@every_activation
def test_pooling_before_the_activation_is_the_articles_network(activation: str) -> None:
    model = network("conv16_32", activation=activation)
    parts = dict(model.named_children())
    seen = parts["pool1"](parts["activation1"](parts["conv1"](model.scale(pixels()))))
    seen = parts["pool2"](parts["activation2"](parts["conv2"](seen)))
    expected = parts["head"](parts["activation3"](parts["hidden"](torch.flatten(seen, 1))))
    assert torch.equal(model(pixels()), expected)


@every_network
def test_the_same_seed_builds_the_same_network(name: str) -> None:
    assert torch.equal(network(name)(pixels()), network(name)(pixels()))


def test_in_eval_mode_dropout_drops_nothing_and_in_training_whole_filters() -> None:
    model = network("conv32_64_dropout")
    assert torch.equal(model.features(pixels()), model.features(pixels()))
    kept: list[Tensor] = []
    dict(model.named_children())["dropout1"].register_forward_hook(lambda _module, _inputs, output: kept.append(output))
    model.train()(pixels())
    silent = (kept[0] == 0).flatten(2).all(dim=2)  # of each digit and filter, all of its 12 x 12 activations
    assert 0.15 < silent.float().mean() < 0.45
    assert not torch.equal(silent[0], silent[1])


def test_what_the_lstm_remembers_is_as_worked_out_by_hand() -> None:
    model = network("lstm_rows", hidden=5)
    weights = {word.removeprefix("lstm."): value.detach().numpy() for word, value in model.named_parameters()}
    out, cell = np.zeros(5), np.zeros(5)
    for row in ((pixels(1)[0, 0] - 0.1307) / 0.3081).numpy():
        gates = weights["weight_ih_l0"] @ row + weights["weight_hh_l0"] @ out
        keep_new, keep_old, new, show = np.split(gates + weights["bias_ih_l0"] + weights["bias_hh_l0"], 4)
        cell = cell / (1 + np.exp(-keep_old)) + np.tanh(new) / (1 + np.exp(-keep_new))
        out = np.tanh(cell) / (1 + np.exp(-show))
    np.testing.assert_allclose(model.features(pixels(1))[0].detach().numpy(), out, atol=1e-5)


LAST_BLOCK = {
    "fast_cnn": "conv3 pool3 norm3 activation3 head",
    "deep_cnn": "conv5 pool5 norm5 activation5 dropout head",
    "conv16_32": "hidden activation3 head",
    "conv32_64": "conv2 activation2 pool2 head",
    "conv32_64_same": "hidden activation3 head",
    "conv32_64_dropout": "hidden activation3 dropout2 head",
    "mlp": "hidden activation1 head",
    "lstm_rows": "lstm head",
    "vit": "blocks.2 norm head",
    "built": "conv2 pool2 norm2 activation2 head",
}


@every_network
def test_the_parts_of_a_network_end_with_its_head_and_its_last_block_is_the_one_before(name: str) -> None:
    model = network(name)
    names = {id(layer): path for path, layer in model.named_modules()}
    everything, block, head = (model.part(part) for part in ("all", "last_block", "head"))
    assert head == (model.head,)
    assert [names[id(layer)] for layer in block] == LAST_BLOCK[name].split()
    assert {id(one) for layer in everything for one in layer.parameters()} == {id(one) for one in model.parameters()}
    with pytest.raises(ValueError, match="part='tail' is not one of all, last_block, head: try 'all'"):
        model.part("tail")
