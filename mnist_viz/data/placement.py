"""A picture of at most 20 x 20 pixels put into 28 x 28 by its centre of mass, as MNIST's digits were."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

BOX, SIDE = 20, 28
CENTRE = 14.0  # row and column, from 0: there lie the centres of mass of MNIST's digits, each within half a pixel


def placed(picture: NDArray[np.floating[Any]] | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey values (height, width), 0 for paper to 255 for ink, moved by whole pixels into (28, 28).

    Where the centre of mass would push ink over the edge, the picture stops at the edge. Raises ValueError for one
    that is larger than the box, and for one without ink, which has no centre.
    """
    height, width = picture.shape
    if height > BOX or width > BOX:
        raise ValueError(f"a picture of {height} x {width} does not fit into {BOX} x {BOX}: make it smaller.")
    ink = picture.astype(np.float64)
    if ink.sum() <= 0:
        raise ValueError("a picture without ink has no centre of mass: draw something.")
    top = _start(ink.sum(axis=1), height)
    left = _start(ink.sum(axis=0), width)
    result = np.zeros((SIDE, SIDE), dtype=np.uint8)
    result[top : top + height, left : left + width] = np.clip(np.rint(ink), 0, 255).astype(np.uint8)
    return result


def _start(ink: NDArray[np.float64], length: int) -> int:
    """Where a side of the picture begins, so that its centre of mass comes nearest to the middle."""
    centre = float(ink @ np.arange(length) / ink.sum())
    return min(max(round(CENTRE - centre), 0), SIDE - length)
