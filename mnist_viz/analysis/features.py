"""What happens inside: a network and one digit in, the activations of every layer and the first layer's filters out."""

from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

PIXELS, PROBABILITIES = "pixels", "probabilities"
SIDE = 28
_COLUMNS = 4  # as many stand side by side so that a line of words fits beside each picture
_BLOCKS = 5  # as many where the name of a block stands above its column and the lines are shorter
_HOLDERS = (nn.ModuleList, nn.Sequential)


@dataclass(frozen=True)
class Activation:
    """What one layer puts out for one digit.

    `values` are maps (channels, rows, columns), a table (positions, numbers) or plain numbers (neurons,).
    `parameters` counts the layer's learned numbers.
    """

    name: str
    kind: str
    parameters: int
    values: NDArray[np.float32]


def activations(model: nn.Module, pixels: Tensor) -> tuple[Activation, ...]:
    """Every layer in the order in which a digit (1, 1, 28, 28) passes them, with what it puts out for it.

    A layer is a part of the network or of one of its repeated blocks, as their classes name them; what is inside of
    it, such as the products of an attention, belongs to it. The digit comes first, the softmax of the logits last.
    The model is copied first, and the copy keeps no hook.
    """
    model = deepcopy(model).eval()
    seen: dict[str, Activation] = {}
    handles = [
        module.register_forward_hook(partial(_note, seen, name)) for name, module in model.named_modules() if name
    ]
    try:
        with torch.inference_mode():
            logits = model(pixels)
    finally:
        for handle in handles:
            handle.remove()
    named = set(_layers(model, seen))
    layers = [one for name, one in seen.items() if name in named]
    first = Activation(PIXELS, "Digit", 0, _own(pixels[0]))
    return first, *layers, Activation(PROBABILITIES, "Softmax", 0, _own(logits.softmax(dim=1)[0]))


def filters(model: nn.Module) -> tuple[str, NDArray[np.float32]] | None:
    """The first layer with weights and its weights as pictures (N, rows, columns), one a channel or neuron.

    None where they are no pictures of pixels: it is neither a convolution of one channel nor wired to all pixels or
    to all pixels of a patch.
    """
    layers = activations(model, torch.zeros(1, 1, SIDE, SIDE))
    name = next((layer.name for layer in layers if layer.parameters), "")
    first = model.get_submodule(name)
    if isinstance(first, nn.Conv2d) and first.in_channels == 1:
        return name, _own(first.weight[:, 0])
    side = getattr(model, "patch", SIDE)
    if isinstance(first, nn.Linear) and first.in_features == side * side:
        return name, _own(first.weight.reshape(-1, side, side))
    return None


def silent(values: NDArray[np.float32]) -> int:
    """How many channels or neurons are 0 everywhere."""
    return int((np.abs(values).reshape(len(values), -1).max(axis=1) == 0).sum())


def strongest(values: NDArray[np.float32]) -> tuple[int, float]:
    """The channel or neuron in which the value farthest from 0 lies, and that value."""
    flat = values.reshape(len(values), -1)
    number, place = np.unravel_index(int(np.abs(flat).argmax()), flat.shape)
    return int(number), float(flat[number, place])


def stages(layers: Sequence[Activation]) -> tuple[tuple[Activation, ...], ...]:
    """The layers cut into at most four columns: each begins with a layer that mixes what it gets, then what follows.

    A network of few blocks has a column for each, and one for what is before and after them. A network of more of
    such layers or blocks is cut into columns of one length, in the same order.
    """
    blocks = [tuple(group) for _block, group in groupby(layers, lambda layer: layer.name.rpartition(".")[0])]
    if 1 < len(blocks) <= _BLOCKS:
        return tuple(blocks)
    cut: list[list[Activation]] = [[]]
    for layer in layers:
        if layer.parameters and "Norm" not in layer.kind:
            cut.append([])
        cut[-1].append(layer)
    if len(cut) == _COLUMNS + 1:
        cut[:2] = [cut[0] + cut[1]]
    if len(cut) > _COLUMNS:
        rows = -(-len(layers) // _COLUMNS)
        cut = [list(layers[start : start + rows]) for start in range(0, len(layers), rows)]
    return tuple(map(tuple, cut))


def position(columns: Sequence[Sequence[Activation]], place: int) -> tuple[int, int]:
    """Row and column of a layer among the `stages`, from its place among all layers."""
    for column, layers in enumerate(columns):
        if place < len(layers):
            return place, column
        place -= len(layers)
    raise IndexError("there are not so many layers")


def place(columns: Sequence[Sequence[Activation]], row: int, column: int) -> int:
    """The place among all layers of the one in this row and column, of the column's last where it is shorter."""
    return sum(map(len, columns[:column])) + min(row, len(columns[column]) - 1)


def _layers(model: nn.Module, called: Collection[str], before: str = "") -> Iterator[str]:
    """The names of the layers among the modules that were called."""
    for name, part in model.named_children():
        path = f"{before}{name}"
        block = isinstance(model, _HOLDERS) and any(other.startswith(f"{path}.") for other in called)
        if block or isinstance(part, _HOLDERS) or path not in called:
            yield from _layers(part, called, f"{path}.")
        else:
            yield path


def _note(seen: dict[str, Activation], name: str, module: nn.Module, _inputs: Any, output: Any) -> None:
    """Take down what a module puts out for the one digit; of several results (a recurrent layer's) the first."""
    result = output[0] if isinstance(output, tuple) else output
    if not isinstance(result, Tensor):
        return
    batch = 1 if getattr(module, "batch_first", True) is False and result.dim() == 3 else 0
    values = result.select(batch, 0)
    if values.dim() not in (1, 2, 3):
        values = values.reshape(-1, *values.shape[-2:]) if values.dim() else values.reshape(1)
    parameters = sum(parameter.numel() for parameter in module.parameters())
    seen[name] = Activation(name, type(module).__name__, parameters, _own(values))


def _own(values: Tensor) -> NDArray[np.float32]:
    """The numbers as they are now, read-only, whatever is later done to the tensor."""
    array: NDArray[np.float32] = values.detach().float().cpu().numpy().copy()
    array.setflags(write=False)
    return array
