"""`conv16_32`: two pooled convolutions and a hidden layer, the network of many a first lesson."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.classifier import DEVIATION, MEAN, Classifier, apart, count, counts, nonlinearity


class Conv16x32(Classifier):
    """Two pooled convolutions and a hidden layer: 108,618 parameters, 94 % of them in the hidden layer.

    28 x 28 -> 3 x 3 kernels -> 26 x 26 -> pool -> 13 x 13 -> 3 x 3 kernels -> 11 x 11 -> pool -> 5 x 5, and
    32 x 5 x 5 = 800 activations go to 128 neurons. The article on features and labels, from which it comes,
    applies ReLU before it pools. Here pooling is first: the same function, as no activation on offer ever
    falls, for a quarter of the work.
    """

    def __init__(
        self,
        *,
        classes: int = 10,
        activation: str = "relu",
        filters: Sequence[int] = (16, 32),
        hidden: int = 128,
        mean: float = MEAN,
        deviation: float = DEVIATION,
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        first, second = counts("filters", filters, length=2)

        self.conv1 = nn.Conv2d(1, first, kernel_size=3)
        self.pool1 = nn.MaxPool2d(2)
        self.activation1 = nonlinearity(activation)

        self.conv2 = nn.Conv2d(first, second, kernel_size=3)
        self.pool2 = nn.MaxPool2d(2)
        self.activation2 = nonlinearity(activation)

        self.hidden = nn.Linear(second * 5 * 5, count("hidden", hidden))
        self.activation3 = nonlinearity(activation)
        self.head = nn.Linear(hidden, count("classes", classes, least=2))

    def features(self, pixels: Tensor) -> Tensor:
        """The activations of the hidden layer: (N, 128)."""
        seen = self.activation1(apart(self.pool1(self.conv1(self.scale(pixels)))))
        seen = self.activation2(apart(self.pool2(self.conv2(seen))))
        hidden: Tensor = self.activation3(self.hidden(torch.flatten(seen, 1)))
        return hidden
