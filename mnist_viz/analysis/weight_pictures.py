"""The weights of a network as small pictures: (filters, channels, rows, columns) of each layer that multiplies."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from mnist_viz.analysis import features
from mnist_viz.analysis.features import Activation


@dataclass(frozen=True)
class Kernels:
    """A layer's matrix of weights: the name of its parameter, and its numbers as `shape` pictures.

    `way` says what a picture is: "kernel" of a convolution; "map", the weights by which a neuron reads a map (or the
    digit); "patch", those by which it reads every patch of the digit; "row", the weights of a neuron over plain
    numbers, one row; "gate", those of one gate of an LSTM's unit over a row of pixels, the gates in torch's order.
    """

    layer: str
    parameter: str
    way: str
    shape: tuple[int, int, int, int]


def kernels(model: nn.Module) -> tuple[Kernels, ...]:
    """Every convolution, fully connected and recurrent layer of a network, in the order in which they were made."""
    layers = features.activations(model, torch.zeros(1, 1, features.SIDE, features.SIDE))
    found = []
    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d):
            rows, columns = module.weight.shape[2:]
            shape = (module.out_channels, module.weight.shape[1], rows, columns)
            found.append(Kernels(name, f"{name}.weight", "kernel", shape))
        elif isinstance(module, nn.Linear):
            inside = _read(model, layers, name, module.in_features)
            way = "row" if inside[:2] == (1, 1) else "patch" if inside[1] == getattr(model, "patch", 0) else "map"
            found.append(Kernels(name, f"{name}.weight", way, (module.out_features, *inside)))
        elif isinstance(module, nn.LSTM):
            found.append(
                Kernels(name, f"{name}.weight_ih_l0", "gate", (4 * module.hidden_size, 1, 1, module.input_size))
            )
    return tuple(found)


def _read(model: nn.Module, layers: Sequence[Activation], name: str, count: int) -> tuple[int, int, int]:
    """What the `count` weights of a neuron read: maps (channels, rows, columns), a patch, or a row of numbers."""
    place = next((at for at, one in enumerate(layers) if one.name == name), 0)
    before = layers[place - 1].values if place else None
    if before is not None and before.ndim == 3 and before.size == count:
        channels, rows, columns = before.shape
        return channels, rows, columns
    side = getattr(model, "patch", 0)
    return (1, side, side) if place == 1 and side * side == count else (1, 1, count)
