"""A digit's address, `test-2462`: its part and its index there, the same in a link, a file and a sentence."""

import re
from dataclasses import dataclass
from operator import index as whole

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data import mnist
from mnist_viz.text import _

COUNTS = {"train": 55_000, "val": 5_000, "test": 10_000}
_WRITTEN = re.compile(r"([a-z]{3,5})-(0|[1-9][0-9]{0,4})")


@dataclass(frozen=True)
class Address:
    """Where a digit is: one of the parts in `COUNTS` and its index there, from 0. Others raise ValueError."""

    part: str
    index: int

    def __post_init__(self) -> None:
        if self.part not in COUNTS:
            raise ValueError(
                _("There is no part {part}: a digit is in {parts}; try test-0.").format(
                    part=repr(self.part)[:40], parts=", ".join(COUNTS)
                )
            )
        object.__setattr__(self, "index", int(whole(self.index)))  # a numpy integer becomes a plain one
        if not 0 <= self.index < COUNTS[self.part]:
            raise ValueError(
                _("There is no digit {part}-{index}: {part} goes from 0 to {last}; choose a number there.").format(
                    part=self.part, index=self.index, last=COUNTS[self.part] - 1
                )
            )

    @classmethod
    def parse(cls, text: str) -> "Address":
        """The address that is written here. Raises ValueError, in one sentence, for anything else."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(
                _("{text} is no digit's address: write a part and a number, such as test-17.").format(
                    text=repr(text[:40])
                )
            )
        return cls(written[1], int(written[2]))

    def __str__(self) -> str:
        return f"{self.part}-{self.index}"


def digit(address: Address) -> tuple[NDArray[np.uint8], int]:
    """The image (28, 28), read-only grey values, and the label of the digit at an address."""
    digits = mnist.digits(address.part)
    return digits.images[address.index], int(digits.labels[address.index])
