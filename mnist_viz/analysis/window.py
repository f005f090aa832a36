"""What one sliding window makes of a picture: torch's own convolution, pooling, BatchNorm and activation, as arrays."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from mnist_viz.analysis import features
from mnist_viz.analysis.sliding import Sliding

ACTIVATIONS = {"relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}


class Norm(NamedTuple):
    """A BatchNorm's numbers for one channel: gamma (x - mean) / sqrt(variance + eps) + beta."""

    gamma: float
    beta: float
    mean: float
    variance: float
    eps: float


@dataclass(frozen=True)
class Seen:
    """A picture as a window gets it: `values`; `paper` and `ink` are what 0 and full ink become there. (n, n) each: a
    mean image makes of paper another number at every pixel.
    """

    values: NDArray[np.float32]
    paper: NDArray[np.float32]
    ink: NDArray[np.float32]


@dataclass(frozen=True)
class First:
    """A network's first convolution: `weights` (filters, k, k), `bias` (filters,) or None, how it slides, and the
    BatchNorm (a `Norm` a filter) where that follows at once.
    """

    name: str
    weights: NDArray[np.float32]
    bias: NDArray[np.float32] | None
    sliding: Sliding
    norms: tuple[Norm, ...]
    norm_name: str


def first(model: nn.Module) -> First | None:
    """The first layer with weights, if it is a convolution of one channel with the same setting down and across."""
    layers = features.activations(model, torch.zeros(1, 1, features.SIDE, features.SIDE))
    place = next((at for at, one in enumerate(layers) if one.parameters), None)
    layer = model.get_submodule(layers[place].name) if place is not None else None
    if place is None or not isinstance(layer, nn.Conv2d) or layer.in_channels != 1:
        return None
    assert isinstance(layer.padding, tuple)
    sliding = Sliding(layer.kernel_size[0], layer.padding[0], layer.stride[0], layer.dilation[0])
    follower = layers[place + 1]
    norm = model.get_submodule(follower.name) if follower.kind == "BatchNorm2d" else None
    return First(
        name=layers[place].name,
        weights=_array(layer.weight[:, 0]),
        bias=None if layer.bias is None else _array(layer.bias),
        sliding=sliding,
        norms=_norms(norm) if isinstance(norm, nn.BatchNorm2d) else (),
        norm_name=follower.name if norm is not None else "",
    )


def as_scaled(model: nn.Module, name: str, image: NDArray[np.uint8]) -> Seen:
    """What the layer of this name gets of a picture (28, 28): read off the network as it runs, on a copy of it."""
    got: list[Tensor] = []
    model = deepcopy(model).eval()
    handle = model.get_submodule(name).register_forward_pre_hook(lambda _layer, given: got.append(given[0]))
    ink = torch.tensor(image).float().div(255)
    with torch.inference_mode():
        model(torch.stack([ink, torch.zeros_like(ink), torch.ones_like(ink)])[:, None])
    handle.remove()
    return Seen(*map(_array, got[0][:, 0]))


def plain(image: NDArray[np.uint8]) -> Seen:
    """A picture in shares of full ink."""
    values = (image / 255).astype(np.float32)
    return Seen(values, np.zeros_like(values), np.ones_like(values))


def weigh(
    values: NDArray[np.float32], weights: NDArray[np.float32], bias: float, sliding: Sliding
) -> NDArray[np.float32]:
    """The cross-correlation of a picture (n, n) with a kernel (k, k): the sum of products under each window, + bias."""
    with torch.inference_mode():
        return _array(
            functional.conv2d(
                _batch(values),
                _batch(weights),
                torch.tensor([bias], dtype=torch.float32),
                stride=sliding.stride,
                padding=sliding.padding,
                dilation=sliding.dilation,
            )[0, 0]
        )


def largest(values: NDArray[np.float32], sliding: Sliding) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The largest value under each window, and which pixel it is (counted row by row); padding never wins.

    The picture has at least as many rows as the dilation, so that every window sees some of it.
    """
    with torch.inference_mode():
        best, winners = functional.max_pool2d(
            _batch(values),
            sliding.side,
            sliding.stride,
            sliding.padding,
            sliding.dilation,
            return_indices=True,
        )
    places: NDArray[np.int64] = winners[0, 0].numpy()
    return _array(best[0, 0]), places


def mean(values: NDArray[np.float32], sliding: Sliding) -> NDArray[np.float32]:
    """The mean value under each window, padding counted as 0; a mean pooling has no dilation."""
    with torch.inference_mode():
        return _array(functional.avg_pool2d(_batch(values), sliding.side, sliding.stride, sliding.padding)[0, 0])


def normalised(values: NDArray[np.float32], norm: Norm) -> NDArray[np.float32]:
    """The values after BatchNorm with the statistics of training, as a network applies it when it reads a digit."""
    parts = {name: torch.tensor([value]) for name, value in norm._asdict().items()}
    with torch.inference_mode():
        return _array(
            functional.batch_norm(
                _batch(values), parts["mean"], parts["variance"], parts["gamma"], parts["beta"], eps=norm.eps
            )[0, 0]
        )


def activated(values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """The values after one of `ACTIVATIONS`."""
    return _array(ACTIVATIONS[name](torch.from_numpy(values.copy())))


def _norms(norm: nn.BatchNorm2d) -> tuple[Norm, ...]:
    state: dict[str, Any] = norm.state_dict()
    ones = torch.ones(norm.num_features)
    columns = (state.get("weight", ones), state.get("bias", 0 * ones), state["running_mean"], state["running_var"])
    rows = (list(map(float, row)) for row in zip(*columns, strict=True))
    return tuple(Norm(gamma, beta, expected, variance, norm.eps) for gamma, beta, expected, variance in rows)


def _batch(values: NDArray[np.float32]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, np.float32))[None, None]


def _array(values: Tensor) -> NDArray[np.float32]:
    result: NDArray[np.float32] = values.detach().numpy().astype(np.float32, copy=True)
    return result
