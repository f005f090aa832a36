"""`conv32_64_dropout`: two convolutions, pooled once, and a large hidden layer that dropout keeps honest."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.classifier import Classifier, apart, count, counts, nonlinearity


class Conv32x64Dropout(Classifier):
    """Two convolutions, pooled once, with dropout: 1,199,882 parameters.

    28 x 28 -> 3 x 3 kernels -> 26 x 26 -> 3 x 3 kernels -> 24 x 24 -> pool -> 12 x 12, and 64 x 12 x 12 = 9,216
    activations go to 128 neurons. While it learns, a quarter of the filters and then half of the neurons are
    silenced, others each time: Srivastava et al. 2014. From the article on convolutional classification in practice,
    which scales pixels to [-1, 1]. There the neurons too are dropped by Dropout2d, which on a flat tensor is plain
    dropout, and the output is log-probabilities; here it is logits, and the loss is the same.
    """

    def __init__(
        self,
        *,
        classes: int = 10,
        activation: str = "relu",
        filters: Sequence[int] = (32, 64),
        hidden: int = 128,
        mean: float = 0.5,
        deviation: float = 0.5,
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        first, second = counts("filters", filters, length=2)

        self.conv1 = nn.Conv2d(1, first, kernel_size=3)
        self.activation1 = nonlinearity(activation)

        self.conv2 = nn.Conv2d(first, second, kernel_size=3)
        self.activation2 = nonlinearity(activation)
        self.pool = nn.MaxPool2d(2)
        self.dropout1 = nn.Dropout2d(0.25)

        self.hidden = nn.Linear(second * 12 * 12, count("hidden", hidden))
        self.activation3 = nonlinearity(activation)
        self.dropout2 = nn.Dropout(0.5)
        self.head = nn.Linear(hidden, count("classes", classes, least=2))

    def features(self, pixels: Tensor) -> Tensor:
        """The activations of the hidden layer: (N, 128). In eval mode nothing is dropped: the same each time."""
        seen = self.activation2(self.conv2(self.activation1(self.conv1(self.scale(pixels)))))
        seen = self.dropout1(self.pool(apart(seen)))
        hidden: Tensor = self.dropout2(self.activation3(self.hidden(torch.flatten(seen, 1))))
        return hidden
