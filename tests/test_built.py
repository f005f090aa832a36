"""Networks from plans keep the contract of a network, in whatever order their layers stand."""

from collections import Counter
from typing import Any

import pytest
import torch
from captum.attr import DeepLift
from torch import Tensor, nn

from mnist_viz.data import mnist
from mnist_viz.plan.layers import fresh
from models import build

POOL, MEAN = fresh("pooling", stride=2), fresh("pooling", way="mean", stride=1)
NORM, DROP = fresh("batch_norm"), fresh("dropout")
RELU, TANH, ELU, SIGMOID = (fresh("activation", way=way) for way in ("relu", "tanh", "elu", "sigmoid"))
CONV, DENSE = fresh("convolution", filters=6), fresh("dense", width=20)

ORDERS: dict[str, list[Any]] = {
    "pooling then activation": [CONV, POOL, RELU, CONV, POOL, TANH, DENSE, RELU],
    "activation then pooling": [CONV, RELU, POOL, CONV, ELU, POOL],
    "activations in a row": [CONV, RELU, SIGMOID, TANH, DENSE, ELU, RELU],
    "poolings in a row": [CONV, POOL, POOL, MEAN, RELU],
    "dropout between": [CONV, RELU, DROP, POOL, DROP, DENSE, RELU, DROP, DENSE, RELU],
    "a norm first and behind dense layers": [NORM, CONV, NORM, RELU, MEAN, DENSE, NORM, RELU],
    "no convolution": [DENSE, RELU],
    "nothing to learn but the head": [POOL, RELU],
    "an activation first": [TANH, POOL, DENSE],
}
every_order = pytest.mark.parametrize("order", ORDERS)


def pixels(count: int = 4) -> Tensor:
    return torch.tensor(mnist.digits("test").images[:count]).unsqueeze(1) / 255


def network(order: str) -> Any:
    """The network after a few steps on random labels: nothing in it is at its start any more."""
    torch.manual_seed(1)
    model = build("built", layers=ORDERS[order])
    optimiser = torch.optim.SGD(model.parameters(), lr=0.05)
    for _step in range(3):
        optimiser.zero_grad()
        torch.autograd.backward(nn.functional.cross_entropy(model(pixels(32)), torch.arange(32) % 10))
        optimiser.step()
    return model.eval()


@every_order
def test_it_maps_pixels_to_logits_through_its_head_and_each_module_once(order: str) -> None:
    model = network(order)
    used: Counter[nn.Module] = Counter()
    leaves = [module for module in model.modules() if not list(module.children())]
    for module in leaves:
        module.register_forward_hook(lambda module, _inputs, _output: used.update([module]))
    logits = model(pixels())
    assert logits.shape == (4, 10) and used == Counter(leaves)
    assert torch.equal(model.head(model.features(pixels())), logits)
    assert leaves[-1] is model.head and len(leaves) == len(ORDERS[order]) + 1
    torch.testing.assert_close(torch.cat([model(one[None]) for one in pixels()]), logits)


@every_order
@pytest.mark.filterwarnings("ignore:Setting forward, backward hooks")
def test_deeplift_adds_up_in_whatever_order_the_layers_stand(order: str) -> None:
    model = network(order).double()
    images = pixels().double().requires_grad_()
    baseline, targets = torch.full_like(images, 0.2), model(images).argmax(dim=1)
    maps = torch.cat(
        [DeepLift(model).attribute(images[[n]], baseline[[n]], target=targets[[n]]) for n in range(len(images))]
    )
    change = (model(images) - model(baseline)).gather(1, targets.unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(maps.sum(dim=(1, 2, 3)), change, rtol=1e-4, atol=1e-5)


@every_order
def test_its_parts_are_those_of_any_network(order: str) -> None:
    model = network(order)
    everything, block, head = (model.part(part) for part in ("all", "last_block", "head"))
    assert head == (model.head,) and block[-1] is everything[-1] is model.head
    heavy = [layer for layer in everything[:-1] if isinstance(layer, nn.Conv2d | nn.Linear)]
    assert block[0] is (heavy[-1] if heavy else everything[0])
