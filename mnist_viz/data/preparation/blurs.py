"""Steps that smooth with kornia: median, Gaussian and bilateral filters, uint8 (N, 28, 28) to the same.

Paper lies beyond the edges. Computed in double precision, so that a digit alone comes out as in a batch.
"""

import kornia
from torch import Tensor

from mnist_viz.data.preparation.shapes import grey


def median(images: Tensor, window: int) -> Tensor:
    """Each pixel the median of the window x window pixels around it."""
    return grey(kornia.filters.median_blur(images[:, None].float(), window, "constant")[:, 0])


def gaussian(images: Tensor, tenths: int) -> Tensor:
    """Each pixel a mean of its neighbours, weighted by a bell of this many tenths of a pixel, cut at three times it."""
    size = 2 * -(-3 * tenths // 10) + 1
    sigma = (tenths / 10, tenths / 10)
    return grey(kornia.filters.gaussian_blur2d(images[:, None].double(), size, sigma, "constant")[:, 0])


def bilateral(images: Tensor, percent: int) -> Tensor:
    """Each pixel a mean of the 5 x 5 around it, weighted by a bell over their distance (1.5 pixels) and one over how
    much their grey differs (this many per cent of full ink): flat places are smoothed, edges stay.
    """
    smooth = kornia.filters.bilateral_blur(images[:, None].double(), 5, 255 * percent / 100, (1.5, 1.5), "constant")
    return grey(smooth[:, 0])
