"""What every network of the zoo promises: pixels (N, 1, 28, 28) in [0, 1] in, logits (N, classes) out."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from mnist_viz.plan.scalings import MEAN_IMAGE, OWN, SCALINGS

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
"""The non-linearities that can be chosen. None ever falls, so pooling before or after one is the same."""

MEAN, DEVIATION = SCALINGS["standard"]
"""Mean and standard deviation of the pixels of MNIST's 60,000 training digits, in shares of full white."""


class Classifier(nn.Module, ABC):
    """A network that scales pixels itself and reads its logits off its penultimate activations.

    Whoever derives from it sets `head` and writes `features`. The scaling is arithmetic with buffers, which
    travel with the weights: no caller can forget it, black is 0, and a distance between images is in pixels.
    `mean` is one number, or (28, 28) where `rescale` was told so.
    """

    head: nn.Linear
    mean: Tensor
    deviation: Tensor

    def __init__(self, *, mean: float = MEAN, deviation: float = DEVIATION) -> None:
        super().__init__()
        if not 0 <= mean <= 1:
            raise ValueError(f"mean={mean!r} is outside 0..1, where pixels lie: try {MEAN}, or 0 for none.")
        if not 0 < deviation <= 1:
            raise ValueError(f"deviation={deviation!r} is not in (0, 1]: try {DEVIATION}, or 1 for none.")
        self.register_buffer("mean", torch.tensor(float(mean)))
        self.register_buffer("deviation", torch.tensor(float(deviation)))

    def scale(self, pixels: Tensor) -> Tensor:
        """The pixels as the first layer sees them: `(pixels - mean) / deviation`, same shape."""
        return (pixels - self.mean) / self.deviation

    def rescale(self, scaling: str) -> None:
        """Scale pixels in another way from now on: one of SCALINGS, `own` for none other, or `mean_image`, whose mean
        (28, 28) is black until whoever trains or loads it fills it in. Raises ValueError for any other word.
        """
        if scaling not in (OWN, MEAN_IMAGE, *SCALINGS):
            allowed = ", ".join((OWN, *SCALINGS, MEAN_IMAGE))
            raise ValueError(f"scaling={scaling!r} is not one of {allowed}: try {OWN!r}.")
        if scaling == OWN:
            return
        mean, deviation = SCALINGS.get(scaling, (0, 1))
        self.mean = torch.zeros(28, 28) if scaling == MEAN_IMAGE else torch.tensor(float(mean))
        self.deviation = torch.tensor(float(deviation))

    @abstractmethod
    def features(self, pixels: Tensor) -> Tensor:
        """The penultimate activations (N, D): what `head` turns into logits."""

    def part(self, name: str) -> tuple[nn.Module, ...]:
        """The layers meant by `all`, `last_block` or `head`, in the order in which they were made, the head included.

        The last block begins with the last layer before the head that holds a matrix of weights (a convolution, a
        fully connected layer, or a block of such), so that its normalisation and activation belong to it.
        Raises ValueError for another name.
        """
        layers = [layer for child in self.children() for layer in _one_by_one(child) if layer is not self.head]
        heavy = [place for place, layer in enumerate(layers) if any(one.ndim > 1 for one in layer.parameters())]
        starts = {"all": 0, "last_block": heavy[-1] if heavy else 0, "head": len(layers)}
        if name not in starts:
            raise ValueError(f"part={name!r} is not one of {', '.join(starts)}: try 'all'.")
        return (*layers[starts[name] :], self.head)

    def forward(self, pixels: Tensor) -> Tensor:
        """The logits (N, classes), never log-probabilities."""
        logits: Tensor = self.head(self.features(pixels))
        return logits


def _one_by_one(child: nn.Module) -> Iterable[nn.Module]:
    """The members of a list of blocks, which is no layer itself; else the child alone."""
    return child if isinstance(child, nn.ModuleList) else (child,)


def nonlinearity(word: str) -> nn.Module:
    """A fresh module for one of `ACTIVATIONS`, never in place. Raises ValueError for any other word."""
    if word not in ACTIVATIONS:
        raise ValueError(f"activation={word!r} is not one of {', '.join(ACTIVATIONS)}: try 'relu'.")
    return ACTIVATIONS[word]()


def count(word: str, value: object, *, least: int = 1, most: int = 4096) -> int:
    """A whole number of filters, neurons or classes. Raises ValueError for nonsense."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{word}={value!r} is not a whole number in {least}..{most}: choose one from there.")
    return value


def counts(word: str, values: object, *, length: int) -> tuple[int, ...]:
    """As many whole numbers as there are layers. Raises ValueError for nonsense."""
    if not isinstance(values, (tuple, list)) or len(values) != length:
        raise ValueError(f"{word}={values!r} is not a list of {length} whole numbers: give one a layer.")
    return tuple(count(word, value) for value in values)


def apart(shared: Tensor) -> Tensor:
    """The same numbers, not copied, as a tensor of their own, so that pooling and activation share none.

    DeepLift corrects the gradients of both by hooks on their tensors. On a shared one the pooling reads the
    gradient before the activation has corrected it (captum 0.9), and the map misses the change of the score
    by 80 % and more. In the order ReLU, pooling it adds up, but pixels are off by a tenth of the largest.
    nn.Identity would be no help: it hands the same tensor on.
    """
    return shared.view_as(shared)
