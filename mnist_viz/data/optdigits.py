"""Other people's digits: the 1,797 of scikit-learn's `load_digits`, brought to MNIST's size and place.

They are the test part of "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak, 1998, UCI, CC BY 4.0):
8 x 8 values from 0 to 16, each a count of dark pixels in a square of 4 x 4.
"""

from collections.abc import Mapping
from functools import cache
from threading import Lock
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data import split
from mnist_viz.data.mnist import Digits
from mnist_viz.data.placement import BOX, placed

COUNTS = {"train": 1097, "val": 200, "test": 500}
DARKEST = 16
_one_at_a_time = Lock()


def digits(part: str) -> Digits:
    """The digits of a part, made once for the process. Raises KeyError for another part."""
    with _one_at_a_time:
        return _parts()[part]


def enlarged(small: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values (8, 8) in 0..16 as grey values (20, 20) in 0..255, linear between the middles of the squares."""
    middles = (np.arange(BOX) + 0.5) * len(small) / BOX - 0.5
    shares = np.stack([np.interp(middles, np.arange(len(small)), one) for one in np.eye(len(small))], axis=1)
    result: NDArray[np.float64] = shares @ small @ shares.T * (255 / DARKEST)
    return result


@cache
def _parts() -> Mapping[str, Digits]:
    from sklearn.datasets import load_digits  # noqa: PLC0415  heavy, and needed only by who trains on these digits

    source = load_digits()
    labels = source.target.astype(np.uint8)
    whole = Digits(np.stack([placed(enlarged(image)) for image in source.images]), labels)
    rest, test = split.cut(labels, validation=COUNTS["test"])
    train, val = split.cut(labels[rest], validation=COUNTS["val"])
    places = {"train": rest[train], "val": rest[val], "test": test}
    return MappingProxyType({part: whole.chosen(indices) for part, indices in places.items()})
