"""What the weights of a fresh network are drawn from, where torch's own way is not wanted."""

from collections.abc import Callable
from functools import partial

from torch import Tensor, nn

DRAWN: dict[str, Callable[[Tensor], Tensor]] = {
    "xavier": nn.init.xavier_uniform_,
    "he": partial(nn.init.kaiming_normal_, nonlinearity="relu"),
}
"""Glorot & Bengio 2010: uniform up to sqrt(6 / (in + out)); He et al. 2015, arXiv 1502.01852: a deviation of
sqrt(2 / in), for ReLUs.
"""


def initialise(model: nn.Module, name: str) -> None:
    """Draw the weights of all convolutions and dense layers anew and set their biases to 0, in place; `default` leaves
    all as it is. Norms, the cell of an LSTM and a transformer's places stay as torch or they themselves made them.
    """
    if name == "default":
        return
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            DRAWN[name](layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
