"""A restless curve made calm: N numbers in step order in, N running means out."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


def smoothed(values: Iterable[float | None], weight: float) -> NDArray[np.float64]:
    """Exponential moving average: each value counts `weight` (0..<1) times as much as the next; 0 changes nothing.

    Divided by 1 - weight^n, so that the first values are not drawn towards 0, as TensorBoard does. What is missing or
    not finite stays so and does not count. Kingma & Ba 2014, arXiv 1412.6980, section 3.
    """
    if not 0 <= weight < 1:
        raise ValueError(f"weight={weight} is outside 0..<1: try 0.9.")
    given = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    result, mean, count = given.copy(), 0.0, 0
    for place in np.flatnonzero(np.isfinite(given)):
        mean, count = weight * mean + (1 - weight) * given[place], count + 1
        result[place] = mean / (1 - weight**count)
    return result
