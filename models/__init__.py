"""The zoo: one architecture per file, from pixels (N, 1, 28, 28) in [0, 1] to logits (N, classes)."""

import inspect
from collections.abc import Callable
from typing import Any

from models.built import Built
from models.chance import alone
from models.classifier import Classifier
from models.conv16_32 import Conv16x32
from models.conv32_64 import Conv32x64
from models.conv32_64_dropout import Conv32x64Dropout
from models.conv32_64_same import Conv32x64Same
from models.deep_cnn import DeepCNN
from models.fast_cnn import FastCNN
from models.lstm_rows import LSTMRows
from models.mlp import MLP
from models.vit import VisionTransformer

__all__ = ["ARCHITECTURES", "Classifier", "build"]

ARCHITECTURES: dict[str, type[Classifier]] = {
    "fast_cnn": FastCNN,
    "deep_cnn": DeepCNN,
    "conv16_32": Conv16x32,
    "conv32_64": Conv32x64,
    "conv32_64_same": Conv32x64Same,
    "conv32_64_dropout": Conv32x64Dropout,
    "mlp": MLP,
    "lstm_rows": LSTMRows,
    "vit": VisionTransformer,
    "built": Built,
}


def build(name: str, classes: int = 10, **shape: Any) -> Classifier:
    """A fresh network of the zoo, randomly initialised.

    `shape` are words of its class, such as `activation="tanh"` or `hidden=64`.
    Raises ValueError, in one sentence, for an unknown name, an unknown word or a value out of bounds.
    """
    if name not in ARCHITECTURES:
        raise ValueError(f"architecture={name!r} is not one of {', '.join(ARCHITECTURES)}: try 'fast_cnn'.")
    make: Callable[..., Classifier] = ARCHITECTURES[name]
    words = [word for word in inspect.signature(make).parameters if word != "classes"]
    for word in shape:
        if word not in words:
            raise ValueError(f"{word} is no word of {name}, which knows {', '.join(words)}: leave it out.")
    with alone:
        return make(classes=classes, **shape)
