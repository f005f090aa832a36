"""One step of gradient descent on one digit, against bare torch: its autograd, its SGD, and a forward pass by hand."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from mnist_viz.analysis import descent, features
from models import ARCHITECTURES, build


@pytest.fixture(scope="module")
def digit(images: Tensor) -> Tensor:
    return images[:1]


def network(name: str) -> nn.Module:
    torch.manual_seed(3)
    return build(name).eval().requires_grad_(False)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_loss_error_and_every_weights_gradient_are_those_of_autograd(name: str, digit: Tensor) -> None:
    model = network(name)
    found = descent.backward(model, digit, 3)
    own = deepcopy(model).requires_grad_(True)
    pixels = digit.clone().requires_grad_()
    logits = own(pixels)
    loss = functional.cross_entropy(logits, torch.tensor([3]))
    named = dict(own.named_parameters())
    gradients = torch.autograd.grad(loss, [pixels, *named.values()], allow_unused=True)
    assert found.loss == pytest.approx(loss.item(), rel=1e-6)
    np.testing.assert_allclose(found.logits, logits[0].detach().numpy(), rtol=1e-6)
    np.testing.assert_allclose(found.error, found.probabilities - np.eye(10)[3], atol=1e-7)
    np.testing.assert_allclose(found.layers[0].values, gradients[0][0].numpy(), rtol=1e-5, atol=1e-8)
    assert set(found.weights) == set(named)
    squares = 0.0
    for key, gradient in zip(named, gradients[1:], strict=True):
        expected = torch.zeros_like(named[key]) if gradient is None else gradient
        np.testing.assert_allclose(found.weights[key], expected.detach().numpy(), rtol=1e-4, atol=1e-7)
        squares += float((expected**2).sum())
    assert found.length == pytest.approx(squares**0.5, rel=1e-5)


def test_the_gradients_at_the_layers_are_those_of_a_forward_pass_by_hand(trained: Any, digit: Tensor) -> None:
    own, kept = deepcopy(trained).requires_grad_(True), {}
    seen = own.scale(digit)
    for name in (
        *("conv1", "norm1", "activation1"),
        *(f"{kind}{n}" for n in (2, 3) for kind in ("conv", "pool", "norm", "activation")),
    ):
        seen = own.get_submodule(name)(seen)
        seen.retain_grad()
        kept[name] = seen
    kept["head"] = functional.linear(seen.flatten(1), own.head.weight, own.head.bias)
    kept["head"].retain_grad()
    torch.autograd.backward(-functional.log_softmax(kept["head"], dim=1)[0, 7])
    found = descent.backward(trained, digit, 7)
    assert [one.name for one in found.layers] == [features.PIXELS, *kept]
    for one in found.layers[1:]:
        expected = kept[one.name].grad[0].numpy()
        np.testing.assert_allclose(one.values, expected, rtol=1e-4, atol=1e-7)
        assert one.length == pytest.approx(float(np.sqrt((expected**2).sum())), rel=1e-5)
        assert one.largest == pytest.approx(float(abs(expected).max()), rel=1e-5)
    np.testing.assert_array_equal(found.layers[-1].values, found.error)


@pytest.mark.parametrize("name", ["fast_cnn", "conv32_64_dropout", "lstm_rows", "vit"])
def test_steps_on_a_digit_are_those_of_plain_sgd(name: str, digit: Tensor) -> None:
    model, target = network(name), torch.tensor([4])
    found = descent.repeat(model, digit, 4, 0.02, 5)
    own = deepcopy(model).requires_grad_(True)
    optimiser = torch.optim.SGD(own.parameters(), lr=0.02)
    for number in range(6):
        logits = own(digit)
        loss = functional.cross_entropy(logits, target)
        assert found.losses[number] == pytest.approx(loss.item(), rel=1e-4)
        np.testing.assert_allclose(found.probabilities[number], logits.softmax(1)[0].detach(), rtol=1e-3, atol=1e-6)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        if number < 5:
            optimiser.step()
    taught = descent.taught(model, digit, 4, 0.02, 5)
    for one, other in zip(taught.parameters(), own.parameters(), strict=True):
        np.testing.assert_allclose(one.numpy(), other.detach().numpy(), rtol=1e-4, atol=1e-6)


def test_the_shared_network_stays_as_it_is(trained: nn.Module, digit: Tensor) -> None:
    before = deepcopy(trained.state_dict())
    descent.backward(trained, digit, 1)
    descent.repeat(trained, digit, 1, 0.1, 3)
    taught = descent.taught(trained, digit, 1, 0.1, 3)
    assert all(torch.equal(before[key], value) for key, value in trained.state_dict().items())
    assert not any(one.requires_grad or one.grad is not None for one in trained.parameters())
    moved = {key for key, value in taught.state_dict().items() if not torch.equal(before[key], value)}
    assert not any("running" in key or "num_batches" in key for key in moved)
    assert {"conv1.weight", "norm1.weight", "norm1.bias", "head.bias"} <= moved


def test_a_network_that_is_sure_has_nothing_to_learn(digit: Tensor) -> None:
    model = network("mlp")
    model.get_parameter("head.bias")[2] = 300
    found = descent.backward(model, digit, 2)
    assert found.loss == 0 and found.length == 0 and not any(one.largest for one in found.layers)
