"""What a network is made of: its layers in the order a digit passes them."""

from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from models.vit import Product


@dataclass(frozen=True)
class Layer:
    """One layer, for one digit: `shape` is what it puts out, (filters, rows, columns) or (neurons,).

    What reads a sequence puts out (rows, neurons) or (tokens, neurons), an attention (heads, tokens, tokens).
    `parameters` counts its learned numbers; `multiply_adds` the products of a convolution, a recurrent or fully
    connected layer or two matrices, each added to a sum. Biases, pooling, normalisation, activations and the gates
    of a recurrent layer count as 0, as is usual.
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


def _note(layers: list[Layer], name: str, module: nn.Module, inputs: tuple[Tensor, ...], output: Any) -> None:
    seen: Tensor = output[0] if isinstance(module, nn.LSTM) else output  # without what its cell remembers
    parameters = sum(parameter.numel() for parameter in module.parameters())
    products = seen.numel() * _products(module, inputs)
    layers.append(Layer(name, type(module).__name__, tuple(seen.shape[1:]), parameters, products))


def _products(module: nn.Module, inputs: tuple[Tensor, ...]) -> int:
    """How many products go into one number that a layer puts out."""
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        return module.weight[0].numel()
    if isinstance(module, nn.LSTM):
        return 4 * (module.input_size + module.hidden_size)  # three gates and what is new
    if isinstance(module, Product):
        return inputs[0].shape[-1]
    return 0
