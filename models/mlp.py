"""`mlp`: no convolution at all, every pixel wired to every hidden neuron."""

import torch
from torch import Tensor, nn

from models.classifier import DEVIATION, MEAN, Classifier, count, nonlinearity


class MLP(Classifier):
    """One hidden layer and no convolution, to compare with: 101,770 parameters."""

    def __init__(
        self,
        *,
        classes: int = 10,
        activation: str = "relu",
        hidden: int = 128,
        mean: float = MEAN,
        deviation: float = DEVIATION,
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        self.hidden = nn.Linear(28 * 28, count("hidden", hidden))
        self.activation1 = nonlinearity(activation)
        self.head = nn.Linear(hidden, count("classes", classes, least=2))

    def features(self, pixels: Tensor) -> Tensor:
        """The activations of the hidden layer: (N, 128)."""
        hidden: Tensor = self.activation1(self.hidden(torch.flatten(self.scale(pixels), 1)))
        return hidden
