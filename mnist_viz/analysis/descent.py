"""One digit and plain gradient descent: the loss, its gradient at every layer and weight, and what steps make of it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mnist_viz.analysis import features

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Gradient:
    """How the loss grows with each number that a layer puts out; `values` have the shape of its activations."""

    name: str
    kind: str
    values: Numbers

    @property
    def length(self) -> float:
        """The Euclidean norm."""
        return float(np.linalg.norm(self.values))

    @property
    def largest(self) -> float:
        """The largest absolute value."""
        return float(np.abs(self.values).max())


@dataclass(frozen=True)
class Backward:
    """One digit forward and back. `loss` is the cross-entropy in nats, `error` its gradient at the logits.

    `layers` begin with the pixels and end with the logits; `weights` are gradients by the names of the parameters, and
    `length` is the Euclidean norm of them all.
    """

    label: int
    logits: Numbers
    probabilities: Numbers
    loss: float
    error: Numbers
    layers: tuple[Gradient, ...]
    weights: Mapping[str, Numbers]
    length: float


@dataclass(frozen=True)
class Repeats:
    """Before the first step and after each of N: losses (N + 1,), in nats, and probabilities (N + 1, classes)."""

    losses: Numbers
    probabilities: Numbers


def backward(model: nn.Module, pixels: Tensor, label: int) -> Backward:
    """The gradients of the cross-entropy of one digit (1, 1, 28, 28), by backpropagation. Rumelhart et al. 1986.

    The model is copied, and the copy is in eval mode: a BatchNorm keeps the mean and variance that it has learned, as
    one digit has none of its own, and a Dropout passes everything on.
    """
    seen = {one.name: one for one in features.activations(model, pixels)}
    names = [name for name in seen if name not in (features.PIXELS, features.PROBABILITIES)]
    model = learner(model)
    kept: dict[str, Tensor] = {}
    for name in names:
        model.get_submodule(name).register_forward_hook(partial(_keep, kept, name))
    kept[features.PIXELS] = pixels.clone().requires_grad_()
    logits = model(kept[features.PIXELS])
    logits.retain_grad()
    loss = nn.functional.cross_entropy(logits, torch.tensor([label]))
    torch.autograd.backward(loss)
    weights = {name: _array(_gradient(one)) for name, one in model.named_parameters()}
    return Backward(
        label,
        _array(logits[0]),
        _array(logits[0].softmax(dim=0)),
        loss.item(),
        _array(_gradient(logits)[0]),
        tuple(
            Gradient(name, seen[name].kind, _array(_gradient(kept[name]).reshape(seen[name].values.shape)))
            for name in (features.PIXELS, *names)
        ),
        weights,
        float(torch.stack([_gradient(one).norm() for one in model.parameters()]).norm()),
    )


def repeat(model: nn.Module, pixels: Tensor, label: int, rate: float, count: int) -> Repeats:
    """The loss and the probabilities of a digit before and after each of `count` steps on it alone."""
    losses, shares = zip(*_walk(learner(model), pixels, label, rate, count), strict=True)
    return Repeats(np.array(losses, np.float32), np.stack(shares))


def taught(model: nn.Module, pixels: Tensor, label: int, rate: float, count: int) -> nn.Module:
    """A copy of the model after `count` steps on one digit, frozen."""
    copy = learner(model)
    for _look in _walk(copy, pixels, label, rate, count):
        pass
    return copy.requires_grad_(False)


def learner(model: nn.Module) -> nn.Module:
    """A copy in eval mode, all of whose weights learn."""
    return deepcopy(model).eval().requires_grad_(True)


def _walk(model: nn.Module, pixels: Tensor, label: int, rate: float, count: int) -> Iterator[tuple[float, Numbers]]:
    """Loss and probabilities before each step, and after the last: every weight minus rate times its gradient."""
    target = torch.tensor([label])
    for number in range(count + 1):
        logits = model(pixels)
        loss = nn.functional.cross_entropy(logits, target)
        yield loss.item(), _array(logits[0].softmax(dim=0))
        if number < count:
            model.zero_grad()
            torch.autograd.backward(loss)
            with torch.no_grad():
                for weight in model.parameters():
                    weight.sub_(rate * _gradient(weight))


def _keep(kept: dict[str, Tensor], name: str, _module: nn.Module, _inputs: Any, output: Any) -> None:
    """Let a layer's output (of a recurrent layer or an attention the first of several) keep its gradient."""
    result: Tensor = output[0] if isinstance(output, tuple) else output
    result.retain_grad()
    kept[name] = result


def _gradient(of: Tensor) -> Tensor:
    """The gradient of a tensor, 0 where nothing of it reaches the loss."""
    return torch.zeros_like(of) if of.grad is None else of.grad


def _array(values: Tensor) -> Numbers:
    array: Numbers = values.detach().float().cpu().numpy().copy()
    array.setflags(write=False)
    return array
