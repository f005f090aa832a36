"""MNIST from the repository: checked to the last byte, loaded once, changed by nobody."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import md5
from pathlib import Path
from threading import Lock
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data import split
from mnist_viz.data.idx import DamagedData, parse
from mnist_viz.text import _

BUNDLED = Path(__file__).parent / "mnist"
PARTS = ("train", "val", "test")

CHECKSUMS = {
    "train-images-idx3-ubyte.gz": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte.gz": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte.gz": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte.gz": "27ae3e4e09519cfbb04c329615203637",
}
"""MD5 of the published files' contents, unpacked, so that it doesn't matter who compressed them."""


@dataclass(frozen=True, eq=False)
class Digits:
    """Images (N, 28, 28) in grey values, 0 for paper to 255 for ink, and labels (N,), both read-only."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        self.images.flags.writeable = False
        self.labels.flags.writeable = False

    def __len__(self) -> int:
        return len(self.labels)

    def chosen(self, indices: NDArray[np.intp]) -> "Digits":
        """The digits at these indices, copied."""
        return Digits(self.images[indices], self.labels[indices])


def load(folder: Path = BUNDLED) -> Mapping[str, Digits]:
    """The digits of every part, in the order of MNIST's files: 55,000 train, 5,000 val, 10,000 test.

    Raises DamagedData, in one sentence that names the file, if one is missing or not as published.
    """
    test, sixty = _digits(folder, "t10k", 10_000), _digits(folder, "train", 60_000)
    train, held_back = split.cut(sixty.labels)
    parts = (sixty.chosen(train), sixty.chosen(held_back), test)
    return MappingProxyType(dict(zip(PARTS, parts, strict=True)))


def digits(part: str) -> Digits:
    """The digits of one of `PARTS`, loaded once for the process, however many ask at the same time.

    Raises ValueError for another part, DamagedData if a file in the repository is damaged.
    """
    if part not in PARTS:
        raise ValueError(f"part={part!r} is not one of {', '.join(PARTS)}: try 'test'.")
    with _one_at_a_time:
        return _bundled()[part]


_one_at_a_time = Lock()


@cache
def _bundled() -> Mapping[str, Digits]:
    return load()


def _digits(folder: Path, prefix: str, count: int) -> Digits:
    labels = _values(folder / f"{prefix}-labels-idx1-ubyte.gz", (count,), most=9)
    images = _values(folder / f"{prefix}-images-idx3-ubyte.gz", (count, 28, 28))
    return Digits(images, labels)


def _values(path: Path, shape: tuple[int, ...], most: int = 255) -> NDArray[np.uint8]:
    """The checked values of a file; the checksum comes last, so that a refusal is as telling as it can be."""
    content = _unpacked(path, size=4 + 4 * len(shape) + int(np.prod(shape)))
    values = parse(content, name=path.name)
    if values.shape != shape:
        raise DamagedData(
            _("{name} holds {found} values, not {wanted}; restore it from the repository.").format(
                name=path.name, found=_times(values.shape), wanted=_times(shape)
            )
        )
    if values.max() > most:
        raise DamagedData(
            _("{name} holds the label {label}, which is no digit; restore it from the repository.").format(
                name=path.name, label=values.max()
            )
        )
    if md5(content, usedforsecurity=False).hexdigest() != CHECKSUMS[path.name]:
        raise DamagedData(
            _("{name} is not MNIST as published: its checksum differs; restore it from the repository.").format(
                name=path.name
            )
        )
    return values


def _unpacked(path: Path, *, size: int) -> bytes:
    """What is inside a gzip file, up to one byte more than there should be: a bomb is not unpacked."""
    try:
        with gzip.open(path) as file:
            return file.read(size + 1)
    except FileNotFoundError:
        sentence = _("{name} is missing in {folder}; restore it from the repository.")
        raise DamagedData(sentence.format(name=path.name, folder=path.parent)) from None
    except (OSError, EOFError, zlib.error) as error:
        sentence = _("{name} can't be unpacked ({reason}); restore it from the repository.")
        raise DamagedData(sentence.format(name=path.name, reason=error)) from error


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(f"{length:,}" for length in shape)
