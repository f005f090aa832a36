"""Do two ways differ, measured in pairs? Differences in, their mean with its interval of confidence out."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95


class Mean(NamedTuple):
    """A mean, and the ends of its interval of confidence, in the unit of the values."""

    value: float
    low: float
    high: float

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def mean(differences: NDArray[np.float64], confidence: float = CONFIDENCE) -> Mean:
    """The mean of at least two differences within pairs, and its interval by Student's t, n - 1 degrees of freedom.

    It holds for pairs drawn as these were, and as far as their differences are normal. Student 1908.
    """
    from scipy.special import stdtrit  # noqa: PLC0415  heavy

    count, middle = len(differences), float(differences.mean())
    reach = stdtrit(count - 1, (1 + confidence) / 2) * differences.std(ddof=1) / np.sqrt(count)
    return Mean(middle, float(middle - reach), float(middle + reach))
