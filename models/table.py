"""What a network is made of: its layers in the order a digit passes them."""

from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Layer:
    """One layer, for one digit: `shape` is what it puts out, (filters, rows, columns) or (neurons,).

    `parameters` counts its learned numbers; `multiply_adds` the products of a convolution or fully connected
    layer, each added to a sum. Biases, pooling, normalisation and activations count as 0, as is usual.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


def table(model: nn.Module) -> tuple[Layer, ...]:
    """The layers of a network in the order a digit passes them; their parameters add up to the network's."""
    model = deepcopy(model).eval()
    layers: list[Layer] = []
    for name, module in model.named_modules():
        if not list(module.children()):
            module.register_forward_hook(partial(_note, layers, name))
    like = next(model.parameters())
    with torch.inference_mode():
        model(torch.zeros(1, 1, 28, 28, dtype=like.dtype, device=like.device))
    return tuple(layers)


def _note(layers: list[Layer], name: str, module: nn.Module, _inputs: Any, output: Tensor) -> None:
    shape = tuple(output.shape[1:])
    parameters = sum(parameter.numel() for parameter in module.parameters())
    layers.append(Layer(name, type(module).__name__, shape, parameters, output.numel() * _products(module)))


def _products(module: nn.Module) -> int:
    """How many products go into one number that a layer puts out."""
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        return module.weight[0].numel()
    return 0
