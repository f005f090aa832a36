"""The data sets a network can learn from, by name: what their classes are called, and their parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mnist_viz.data import address, mnist, optdigits, printed
from mnist_viz.data.mnist import Digits


@dataclass(frozen=True)
class DataSet:
    """`classes` are the names of the labels 0, 1, ...; `counts` says how many each part has, `digits` gives them.

    `rarest` is how many digits to train on the rarest class has.
    """

    classes: tuple[str, ...]
    counts: Mapping[str, int]
    rarest: int
    digits: Callable[[str], Digits]


_TEN = tuple("0123456789")
DATASETS: dict[str, DataSet] = {
    "mnist": DataSet(_TEN, address.COUNTS, 4969, mnist.digits),
    "optdigits": DataSet(_TEN, optdigits.COUNTS, 106, optdigits.digits),
    "printed": DataSet(tuple(printed.CHARACTERS), printed.COUNTS, 500, printed.digits),
}
"""Nothing is loaded or made before somebody asks for the digits of a part."""
