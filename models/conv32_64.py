"""`conv32_64`: two pooled convolutions straight to the ten classes, with no hidden layer between."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.classifier import Classifier, apart, count, counts, nonlinearity


class Conv32x64(Classifier):
    """Two wide pooled convolutions and no hidden layer: 34,826 parameters.

    28 x 28 -> 3 x 3 kernels -> 26 x 26 -> pool -> 13 x 13 -> 3 x 3 kernels -> 11 x 11 -> pool -> 5 x 5, and each
    class weighs the 64 x 5 x 5 = 1,600 activations itself. From the article on fine-tuning, which scales pixels to
    [0, 1] and no further; ReLU comes before pooling, as there.
    """

    def __init__(
        self,
        *,
        classes: int = 10,
        activation: str = "relu",
        filters: Sequence[int] = (32, 64),
        mean: float = 0.0,
        deviation: float = 1.0,
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        first, second = counts("filters", filters, length=2)

        self.conv1 = nn.Conv2d(1, first, kernel_size=3)
        self.activation1 = nonlinearity(activation)
        self.pool1 = nn.MaxPool2d(2)

        self.conv2 = nn.Conv2d(first, second, kernel_size=3)
        self.activation2 = nonlinearity(activation)
        self.pool2 = nn.MaxPool2d(2)

        self.head = nn.Linear(second * 5 * 5, count("classes", classes, least=2))

    def features(self, pixels: Tensor) -> Tensor:
        """The last pooled maps, filter by filter: (N, 1600)."""
        seen = self.pool1(apart(self.activation1(self.conv1(self.scale(pixels)))))
        seen = self.pool2(apart(self.activation2(self.conv2(seen))))
        return torch.flatten(seen, 1)
