"""Grey values as numbers for a network: (N, 28, 28) of 0..255 in, the scaled numbers out, by the word of a scaling.

The very arithmetic that networks do inside, here in numpy and double precision, so that it can be looked at.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data import mnist, statistics
from mnist_viz.plan import scalings

SCALINGS = (*scalings.SCALINGS, scalings.MEAN_IMAGE)
MEAN, DEVIATION = scalings.SCALINGS["standard"]


def scale(images: NDArray[np.uint8], scaling: str) -> NDArray[np.float64]:
    """The pictures as the first layer gets them, same shape. Raises ValueError for no word of `SCALINGS`."""
    if scaling not in SCALINGS:
        raise ValueError(f"scaling={scaling!r} is not one of {', '.join(SCALINGS)}: choose one of them.")
    if scaling == scalings.MEAN_IMAGE:
        return (images - mean_image()) / 255
    mean, deviation = scalings.SCALINGS[scaling]
    return (images / 255 - mean) / deviation


def ends(scaling: str) -> tuple[float, float]:
    """Between which two numbers every scaled pixel lies."""
    if scaling == scalings.MEAN_IMAGE:
        return -1.0, 1.0
    low, high = scale(np.array([0, 255], np.uint8), scaling)
    return float(low), float(high)


class Spread(NamedTuple):
    """How many digits there are, and mean and standard deviation of all their pixels, in shares of full ink."""

    digits: int
    mean: float
    deviation: float


@cache
def spread(*parts: str) -> Spread:
    """Of the digits of these parts together; exact but for the last rounding, in a fifth of a second for all."""
    counts = np.sum([statistics.grey_histogram(mnist.digits(part).images) for part in parts], axis=0)
    greys, total = np.arange(256) / 255, counts.sum()
    mean = float(counts @ greys / total)
    return Spread(int(total) // 784, mean, float(np.sqrt(counts @ np.square(greys - mean) / total)))


@cache
def mean_image() -> NDArray[np.float64]:
    """The mean grey value of each pixel of the 55,000 training digits: (28, 28)."""
    return statistics.mean_image(mnist.digits("train").images)


def line(scaling: str) -> str:
    """The same as Python: from `image`, grey values as they are in the file, to `scaled`."""
    return {
        "unit": "scaled = image / 255",
        "standard": f"scaled = (image / 255 - {MEAN}) / {DEVIATION}",
        "half": "scaled = (image / 255 - 0.5) / 0.5",
        "mean_image": 'mean = digits("train").images.mean(axis=0)\nscaled = (image - mean) / 255',
    }[scaling]


def formula(scaling: str, grey: int, mean: float) -> str:
    """The formula in LaTeX, filled for a pixel of this grey value, where the mean image has the grey value `mean`."""
    image = np.array([grey], np.uint8)
    value = float((grey - mean) / 255 if scaling == "mean_image" else scale(image, scaling)[0])
    return {
        "unit": rf"y = \frac{{x}}{{255}} \qquad \frac{{{grey}}}{{255}} = {value:.3f}",
        "standard": rf"y = \frac{{x / 255 - \mu}}{{\sigma}} \qquad "
        rf"\frac{{{grey} / 255 - {MEAN}}}{{{DEVIATION}}} = {value:.3f}",
        "half": rf"y = \frac{{x / 255 - 0.5}}{{0.5}} \qquad \frac{{{grey} / 255 - 0.5}}{{0.5}} = {value:.3f}",
        "mean_image": rf"y_{{rc}} = \frac{{x_{{rc}} - \mu_{{rc}}}}{{255}} \qquad "
        rf"\frac{{{grey} - {mean:.1f}}}{{255}} = {value:.3f}",
    }[scaling]
