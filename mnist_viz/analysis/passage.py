"""What one layer does to a digit's numbers: what goes in and comes out, and one number worked out by its formula."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_BINS = 40


@dataclass(frozen=True)
class Spread:
    """Numbers in short: shape, the least and the largest, the share that is exactly 0, and how many in each bin."""

    shape: tuple[int, ...]
    least: float
    largest: float
    zeros: float
    counts: NDArray[np.intp]


@dataclass(frozen=True)
class Passage:
    """A layer's numbers before and after it, in the same bins between `edges`, and an `example`.

    `example` is one number that it puts out, at `place`, with what its formula needs, by name: the one farthest from
    0; for a ReLU where it takes in the one farthest from 0; for an LSTM only after the last row, which is read on.
    """

    kind: str
    before: Spread
    after: Spread
    edges: NDArray[np.float64]
    place: tuple[int, ...]
    example: dict[str, Any]


def passage(model: nn.Module, pixels: Tensor, name: str) -> Passage:
    """What the layer of this name does to one digit (1, 1, 28, 28)."""
    model = deepcopy(model).eval()
    module, seen = model.get_submodule(name), {}

    def note(_module: nn.Module, inputs: tuple[Tensor, ...], output: Any) -> None:
        seen["before"], seen["after"] = inputs[0].clone(), output

    module.register_forward_hook(note)
    with torch.no_grad():
        model(pixels)
    before, output = seen["before"], seen["after"]
    after = output[0] if isinstance(output, tuple) else output
    into, out = before[0].numpy(), after[0].numpy()
    edges = _edges(float(min(into.min(), out.min())), float(max(into.max(), out.max())))
    place = _place(module, before[0], after[0])
    return Passage(
        type(module).__name__,
        spread(into, edges),
        spread(out, edges),
        edges,
        place,
        _example(module, before, output, place),
    )


def _edges(low: float, high: float) -> NDArray[np.float64]:
    """Bins of one width from at or below `low` to beyond `high`. Where 0 lies between them a bin begins there, so that
    no bar of what an activation gives out reaches below it.
    """
    width = (high - low) / (_BINS - 1) or 1e-6
    first = np.floor(low / width) if low <= 0 <= high else low / width
    return np.asarray(width * (first + np.arange(_BINS + 2)))


def spread(values: NDArray[np.floating], edges: NDArray[np.float64]) -> Spread:
    """These numbers in short."""
    counts = np.histogram(values, edges)[0]
    return Spread(tuple(values.shape), float(values.min()), float(values.max()), float((values == 0).mean()), counts)


@dataclass(frozen=True)
class Sum:
    """A class's score as a sum: of the products that are farthest from 0 their numbers, activations and weights.

    `rest` is what the others add, `bias` what is added last; all together are `score`.
    """

    activations: NDArray[np.float32]
    weights: NDArray[np.float32]
    rest: float
    bias: float
    score: float
    count: int

    @property
    def products(self) -> NDArray[np.float32]:
        """What each of the largest adds to the score."""
        return self.activations * self.weights


def weighted_sum(model: Any, pixels: Tensor, target: int, most: int = 8) -> Sum:
    """How the head of a classifier adds up the score of one class for a digit (1, 1, 28, 28)."""
    with torch.no_grad():
        activations, weights = model.features(pixels)[0], model.head.weight[target]
        products, bias = activations * weights, float(model.head.bias[target])
        order = products.abs().argsort(descending=True)[:most]
        order = order[products[order].argsort(descending=True)]
        score = float(model(pixels)[0, target])
    rest = float(products.sum() - products[order].sum())
    chosen = activations[order].numpy(), weights[order].numpy()
    return Sum(*chosen, rest=rest, bias=bias, score=score, count=len(products))


def _place(module: nn.Module, into: Tensor, out: Tensor) -> tuple[int, ...]:
    """Where the number stands that is worked out."""
    if isinstance(module, nn.LSTM):
        return len(out) - 1, *_strongest(out[-1])
    return _strongest(into if isinstance(module, nn.ReLU) else out)


def _strongest(values: Tensor) -> tuple[int, ...]:
    return tuple(map(int, np.unravel_index(int(values.abs().argmax()), values.shape)))


def _example(module: nn.Module, before: Tensor, output: Any, place: tuple[int, ...]) -> dict[str, Any]:
    """The numbers that go into the one at this place, and it."""
    after = output[0] if isinstance(output, tuple) else output
    found: dict[str, Any] = {"value": float(after[0][place])}
    match module:
        case nn.Conv2d() | nn.Linear():
            found |= _products(module, before, place)
        case nn.BatchNorm2d() | nn.BatchNorm1d():
            named = {"mean": module.running_mean, "variance": module.running_var}
            named |= {"scale": module.weight, "shift": module.bias}
            found |= {name: float(one[place[0]]) for name, one in named.items() if one is not None}
            found |= {"x": float(before[0][place]), "epsilon": module.eps}
        case nn.LayerNorm():
            row, learned = before[0][place[:-1]], {"scale": module.weight, "shift": module.bias}
            found |= {"mean": float(row.mean()), "variance": float(row.var(correction=0))}
            found |= {name: float(one[place[-1]]) for name, one in learned.items()}
            found |= {"x": float(before[0][place]), "epsilon": module.eps}
        case nn.MaxPool2d() | nn.AvgPool2d():
            found["window"] = _window(module, before, place)
        case nn.LSTM():
            cell = float(output[1][1][0, 0, place[-1]])
            found |= {"cell": cell, "gate": found["value"] / float(np.tanh(cell)) if cell else 0.0}
        case _ if before.shape == after.shape and not list(module.parameters()):
            found["x"] = float(before[0][place])
    return found


def _products(module: nn.Conv2d | nn.Linear, before: Tensor, place: tuple[int, ...]) -> dict[str, Any]:
    """Of a weighted sum its two products farthest from 0, how many there are, and the bias.

    A weight is how the sum grows with what it weighs, so that autograd finds all of them, whatever the padding.
    """
    given = before.clone().requires_grad_()
    with torch.enable_grad():
        (weights,) = torch.autograd.grad(module(given)[0][place], given)
    products = (weights * before).flatten()
    order = products.abs().argsort(descending=True)[:2]
    terms = [(float(before.flatten()[at]), float(weights.flatten()[at])) for at in order]
    bias = 0.0 if module.bias is None else float(module.bias[place[0] if isinstance(module, nn.Conv2d) else place[-1]])
    rest = float(products.sum()) - sum(x * weight for x, weight in terms)
    return {"terms": terms, "count": module.weight[0].numel(), "rest": rest, "bias": bias}


def _window(module: nn.MaxPool2d | nn.AvgPool2d, before: Tensor, place: tuple[int, ...]) -> list[float]:
    """The numbers that a pooling without padding looks at, row by row."""
    channel, *cell = place
    (rows, columns), (down, right) = (
        size if isinstance(size, tuple) else (size, size) for size in (module.kernel_size, module.stride)
    )
    top, left = cell[0] * down, cell[1] * right
    return list(map(float, before[0, channel, top : top + rows, left : left + columns].flatten()))
