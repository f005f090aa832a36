"""What leaks when all digits are looked at before they are cut: orders and means in, counts and shifts out."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data import dealing
from mnist_viz.data.statistics import Images, mean_image

HELD_BACK = 0.2  # what the article on preparing the data cuts off the end


class Content(NamedTuple):
    """What of MNIST's two files ends in the part that is learned from, and in the part that is held back."""

    learned: tuple[int, int]
    held_back: tuple[int, int]


class Shift(NamedTuple):
    """The mean image (28, 28) of the part that is learned from, that of all digits, and their difference."""

    learned: NDArray[np.float64]
    everything: NDArray[np.float64]

    @property
    def difference(self) -> NDArray[np.float64]:
        """What the digits that should be unseen add to the mean, in grey values."""
        return self.everything - self.learned

    @property
    def largest(self) -> float:
        """The largest change of a pixel, in grey values."""
        return float(np.abs(self.difference).max())


def content(files: Sequence[int], held_back: float, *, seed: int | None) -> Content:
    """Cut a share off the end of all digits: training file first, then test file, or shuffled with a seed.

    `files`: how many digits the two files have.
    """
    of_test = np.repeat([False, True], files)
    if seed is not None:
        of_test = np.random.RandomState(seed).permutation(of_test)
    cut = len(of_test) - round(held_back * len(of_test))
    counts = [(int((~part).sum()), int(part.sum())) for part in (of_test[:cut], of_test[cut:])]
    return Content(*counts)


def shift(images: Images, held_back: float) -> Shift:
    """How the mean image moves when the last digits, a share of all, are counted too."""
    cut = len(images) - round(held_back * len(images))
    return Shift(mean_image(images[:cut]), mean_image(images))


def small_shift(images: Images, count: int, held_back: float) -> float:
    """The largest change of a pixel of the mean, in grey values, with `count` digits drawn by chance, not all."""
    return shift(images[dealing.pool(len(images), count)], held_back).largest
