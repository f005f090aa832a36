"""`built`: a network made from a plan, a list of layers that somebody put together."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from mnist_viz.plan.layers import START
from mnist_viz.plan.sizes import SIDE, shapes
from models.classifier import ACTIVATIONS, DEVIATION, MEAN, Classifier, apart, count

_WAYS: dict[str, type[nn.Module]] = {**ACTIVATIONS, "elu": nn.ELU}


class Built(Classifier):
    """A network of one's own, layer by layer; as it starts, two pooled convolutions: 12,906 parameters.

    `layers` is plain data, as `mnist_viz.plan` describes and checks it; the head is always there and not in the list.
    The modules are called conv1, pool1, norm1, activation1, dropout1, dense1, conv2 ... in the order of the list. What
    a layer takes in is a tensor of its own (`classifier.apart` says why), in whatever order they stand.
    """

    def __init__(
        self,
        *,
        classes: int = 10,
        layers: Sequence[Mapping[str, Any]] = START,
        mean: float = MEAN,
        deviation: float = DEVIATION,
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        *body, head = shapes(layers, count("classes", classes, least=2))
        before: tuple[int, ...] = (1, SIDE, SIDE)
        for layer, sized in zip(layers, body, strict=True):
            self.add_module(sized.name, _module(layer, before))
            before = sized.shape
        self._body = [sized.name for sized in body]
        self.head = nn.Linear(torch.Size(before).numel(), head.shape[0])

    def features(self, pixels: Tensor) -> Tensor:
        """What the last layer before the head puts out, maps filter by filter: (N, D)."""
        seen = self.scale(pixels)
        for name in self._body:
            module = self.get_submodule(name)
            seen = module(torch.flatten(seen, 1) if isinstance(module, nn.Linear) else apart(seen))
        return torch.flatten(seen, 1)


def _module(layer: Mapping[str, Any], before: tuple[int, ...]) -> nn.Module:
    """The module of a layer that takes in this shape."""
    match layer["kind"]:
        case "convolution":
            return nn.Conv2d(before[0], layer["filters"], layer["kernel"], layer["stride"], layer["padding"])
        case "pooling":
            kinds = {"max": nn.MaxPool2d, "mean": nn.AvgPool2d}
            return kinds[layer["way"]](layer["window"], layer["stride"])
        case "batch_norm":
            return nn.BatchNorm2d(before[0]) if len(before) > 1 else nn.BatchNorm1d(before[0])
        case "activation":
            return _WAYS[layer["way"]]()
        case "dropout":
            return nn.Dropout(layer["share"])
        case _:
            return nn.Linear(torch.Size(before).numel(), layer["width"])
