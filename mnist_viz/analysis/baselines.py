"""What a digit is compared with when its pixels get their parts: pictures (28, 28) in shares of full ink, 0 to 1."""

import numpy as np
from numpy.typing import NDArray

BLUR = 4.0  # pixels: wider than any stroke


def blurred(image: NDArray[np.uint8], sigma: float = BLUR) -> NDArray[np.float32]:
    """The digit under a Gaussian blur of `sigma` pixels, on paper without end."""
    reach = round(4 * sigma)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    bell /= bell.sum()
    side = np.arange(len(image))
    offsets = side[:, None] - side
    weights = np.where(abs(offsets) <= reach, bell[np.clip(offsets + reach, 0, 2 * reach)], 0)
    soft: NDArray[np.float64] = weights @ (image / 255) @ weights.T
    return soft.astype(np.float32)
