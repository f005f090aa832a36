"""`fast_cnn`: a small convolutional network that is past 99 % after one epoch of a few seconds."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.classifier import DEVIATION, MEAN, Classifier, count, counts, nonlinearity


class FastCNN(Classifier):
    """Three small convolutions, quick to train: 29,434 parameters.

    28 x 28 -> stride 2 -> 14 x 14 -> pool -> 7 x 7 -> pool -> 3 x 3. The padding keeps the convolutions from
    shrinking the picture further, so 64 x 3 x 3 = 576 activations are left. A pooling block is Conv2d,
    MaxPool2d, BatchNorm2d, activation: pooled first because that is cheaper, normalised in between so that
    the two never share a tensor (`classifier.apart` says why). No bias before a batch norm: it would subtract it.
    """

    def __init__(
        self,
        *,
        classes: int = 10,
        activation: str = "relu",
        filters: Sequence[int] = (16, 32, 64),
        mean: float = MEAN,
        deviation: float = DEVIATION,
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        first, second, third = counts("filters", filters, length=3)

        self.conv1 = nn.Conv2d(1, first, kernel_size=5, stride=2, padding=2, bias=False)
        self.norm1 = nn.BatchNorm2d(first)
        self.activation1 = nonlinearity(activation)

        self.conv2 = nn.Conv2d(first, second, kernel_size=3, padding=1, bias=False)
        self.pool2 = nn.MaxPool2d(2)
        self.norm2 = nn.BatchNorm2d(second)
        self.activation2 = nonlinearity(activation)

        self.conv3 = nn.Conv2d(second, third, kernel_size=3, padding=1, bias=False)
        self.pool3 = nn.MaxPool2d(2)
        self.norm3 = nn.BatchNorm2d(third)
        self.activation3 = nonlinearity(activation)

        self.head = nn.Linear(third * 3 * 3, count("classes", classes, least=2))

    def features(self, pixels: Tensor) -> Tensor:
        """The last block's activations, filter by filter: (N, 576)."""
        seen = self.activation1(self.norm1(self.conv1(self.scale(pixels))))
        seen = self.activation2(self.norm2(self.pool2(self.conv2(seen))))
        seen = self.activation3(self.norm3(self.pool3(self.conv3(seen))))
        return torch.flatten(seen, 1)
