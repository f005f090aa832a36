"""A drawing becomes a picture as MNIST's makers made theirs: scaled into a box, centred by its centre of mass.

The pad does the same in the browser (ui/components/pad_part/centre.js), and a test compares the two pixel by pixel.
"""

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data.placement import BOX, CENTRE, SIDE

_MIDDLE = CENTRE + 0.5  # the middle of that pixel, from the edge of the picture


def centred(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink (rows, columns), 0 paper to 255, as the network gets it: (28, 28), all paper where there is none.

    The longer side of the ink becomes 20 pixels, each the mean of what it covers; whole pixels then bring the centre
    of mass to where MNIST's digits have it, unless the ink would stick out. LeCun et al. 1998, section III-A.
    """
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.zeros((SIDE, SIDE), np.uint8)
    size = max(int(np.ptp(rows)), int(np.ptp(columns))) + 1
    down, across = ((_place(ink.sum(axis=axis, dtype=np.float64), size)) for axis in (1, 0))
    return np.floor(down @ ink @ across.T + 0.5).astype(np.uint8)


def raw(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The square of ink as it is, in 28 x 28: each pixel the mean of what it covers."""
    means = _coverage(len(ink), 0.0, len(ink) / SIDE)
    return np.floor(means @ ink @ means.T + 0.5).astype(np.uint8)


def _place(weight: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Where the ink of one direction goes, from its `weight` in each row and the longer side's `size`."""
    inked, pixel = np.flatnonzero(weight), size / BOX  # what a pixel of the picture covers
    first, wide = int(inked[0]), (int(np.ptp(inked)) + 1) / pixel
    middle = (float(weight @ (np.arange(len(weight)) + 0.5)) / float(weight.sum()) - first) / pixel
    room = SIDE - int(np.ceil(wide - 1e-9))
    start = min(max(int(np.floor(_MIDDLE - middle + 0.5)), 0), room)
    return _coverage(len(weight), first - start * pixel, pixel)


def _coverage(length: int, origin: float, pixel: float) -> NDArray[np.float64]:
    """(28, length): the share that each source row has in each of 28 rows, which begin at `origin`, `pixel` high."""
    edges = origin + pixel * np.arange(SIDE + 1)
    low, high = edges[:-1, np.newaxis], edges[1:, np.newaxis]
    source = np.arange(length)
    overlap: NDArray[np.float64] = np.minimum(high, source + 1) - np.maximum(low, source)
    return np.maximum(overlap, 0) / pixel
