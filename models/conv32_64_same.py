"""`conv32_64_same`: two padded convolutions that keep the size of the picture, each pooled, and a hidden layer."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.classifier import Classifier, apart, count, counts, nonlinearity


class Conv32x64Same(Classifier):
    """Two padded pooled convolutions and a hidden layer: 421,642 parameters.

    28 x 28 -> padded 3 x 3 kernels -> 28 x 28 -> pool -> 14 x 14 -> padded 3 x 3 kernels -> pool -> 7 x 7, and
    64 x 7 x 7 = 3,136 activations go to 128 neurons. From the article that leads from MNIST to language models,
    which scales pixels to [0, 1] and no further; ReLU comes before pooling, as there.
    """

    def __init__(
        self,
        *,
        classes: int = 10,
        activation: str = "relu",
        filters: Sequence[int] = (32, 64),
        hidden: int = 128,
        mean: float = 0.0,
        deviation: float = 1.0,
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        first, second = counts("filters", filters, length=2)

        self.conv1 = nn.Conv2d(1, first, kernel_size=3, padding=1)
        self.activation1 = nonlinearity(activation)
        self.pool1 = nn.MaxPool2d(2)

        self.conv2 = nn.Conv2d(first, second, kernel_size=3, padding=1)
        self.activation2 = nonlinearity(activation)
        self.pool2 = nn.MaxPool2d(2)

        self.hidden = nn.Linear(second * 7 * 7, count("hidden", hidden))
        self.activation3 = nonlinearity(activation)
        self.head = nn.Linear(hidden, count("classes", classes, least=2))

    def features(self, pixels: Tensor) -> Tensor:
        """The activations of the hidden layer: (N, 128)."""
        seen = self.pool1(apart(self.activation1(self.conv1(self.scale(pixels)))))
        seen = self.pool2(apart(self.activation2(self.conv2(seen))))
        hidden: Tensor = self.activation3(self.hidden(torch.flatten(seen, 1)))
        return hidden
