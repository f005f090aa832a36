"""`deep_cnn`: five convolutions for those who want few mistakes and have minutes to spare."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.classifier import DEVIATION, MEAN, Classifier, count, counts, nonlinearity


class DeepCNN(Classifier):
    """Five convolutions, some eight times the work of `fast_cnn`: 216,754 parameters.

    28 x 28 -> stride 2 -> 14 x 14 -> twice 3 x 3 kernels, pool -> 7 x 7 -> twice 3 x 3 kernels, pool -> 3 x 3, and
    128 x 3 x 3 = 1,152 activations go through dropout to the classes. A block is a convolution without
    a bias, a pooling where there is one, a batch norm and an activation.
    """

    def __init__(
        self,
        *,
        classes: int = 10,
        activation: str = "relu",
        filters: Sequence[int] = (24, 48, 64, 96, 128),
        mean: float = MEAN,
        deviation: float = DEVIATION,
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        first, second, third, fourth, fifth = counts("filters", filters, length=5)

        self.conv1 = nn.Conv2d(1, first, kernel_size=5, stride=2, padding=2, bias=False)
        self.norm1 = nn.BatchNorm2d(first)
        self.activation1 = nonlinearity(activation)

        self.conv2 = nn.Conv2d(first, second, kernel_size=3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(second)
        self.activation2 = nonlinearity(activation)

        self.conv3 = nn.Conv2d(second, third, kernel_size=3, padding=1, bias=False)
        self.pool3 = nn.MaxPool2d(2)
        self.norm3 = nn.BatchNorm2d(third)
        self.activation3 = nonlinearity(activation)

        self.conv4 = nn.Conv2d(third, fourth, kernel_size=3, padding=1, bias=False)
        self.norm4 = nn.BatchNorm2d(fourth)
        self.activation4 = nonlinearity(activation)

        self.conv5 = nn.Conv2d(fourth, fifth, kernel_size=3, padding=1, bias=False)
        self.pool5 = nn.MaxPool2d(2)
        self.norm5 = nn.BatchNorm2d(fifth)
        self.activation5 = nonlinearity(activation)

        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(fifth * 3 * 3, count("classes", classes, least=2))

    def features(self, pixels: Tensor) -> Tensor:
        """The last block's activations, filter by filter: (N, 1152)."""
        seen = self.activation1(self.norm1(self.conv1(self.scale(pixels))))
        seen = self.activation2(self.norm2(self.conv2(seen)))
        seen = self.activation3(self.norm3(self.pool3(self.conv3(seen))))
        seen = self.activation4(self.norm4(self.conv4(seen)))
        seen = self.activation5(self.norm5(self.pool5(self.conv5(seen))))
        return torch.flatten(self.dropout(seen), 1)
