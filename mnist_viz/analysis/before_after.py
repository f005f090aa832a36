"""What a step of preparation did to a digit, in numbers: grey values (28, 28) in, degrees, pixels and shares out."""

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


def slant(image: Image) -> float:
    """How far a digit leans, in degrees, above 0 to the right, from its moments: minus the arc tangent of the
    covariance of row and column over the variance of the row, each pixel weighted by its ink; 0 without ink.
    """
    weight, down, right = _moments(image)
    height = float((weight * down**2).sum())
    return -float(np.degrees(np.arctan((weight * down * right).sum() / height))) if height else 0.0


def centre(image: Image) -> tuple[float, float]:
    """Row and column of the centre of mass, from 0; the middle of the picture without ink."""
    total = float(image.sum())
    if not total:
        return (image.shape[0] - 1) / 2, (image.shape[1] - 1) / 2
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    return float((image * rows).sum() / total), float((image * columns).sum() / total)


def error(image: NDArray[np.generic], clean: NDArray[np.generic]) -> float:
    """The root of the mean squared difference of two pictures, in grey values."""
    return float(np.sqrt(np.square(np.asarray(image, np.float64) - np.asarray(clean, np.float64)).mean()))


def grey_share(histogram: NDArray[np.integer]) -> float:
    """The share of pixels that are neither paper (0) nor full ink (255); `histogram` (256,) counts grey values."""
    return float(histogram[1:255].sum() / histogram.sum())


def ink_share(histogram: NDArray[np.integer], percent: float) -> float:
    """The share of pixels with some ink, and at least so many per cent of full ink; `histogram` as above."""
    least = max(1, int(np.ceil(255 * percent / 100)))
    return float(histogram[least:].sum() / histogram.sum())


def _moments(image: Image) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    row, column = centre(image)
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float64)
    return image.astype(np.float64), rows - row, columns - column
