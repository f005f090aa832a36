"""Kernels of one's own: a word such as `vertical3` or `0_-1_0_-1_5_-1_0_-1_0` in, square weights out; and back."""

import math

import numpy as np
from numpy.typing import NDArray

from mnist_viz.text import _

SIDES = (3, 5)
MOST = 20
"""No weight lies farther from 0: more is not told apart on the screen."""

_DOT3, _DOT5 = (np.pad([[1.0]], side // 2) for side in SIDES)
_SOBEL3 = np.outer([1, 2, 1], [-1, 0, 1])
_SOBEL5 = np.outer([1, 4, 6, 4, 1], [-1, -2, 0, 2, 1])
_LAPLACIAN5 = [[0, 0, 1, 0, 0], [0, 1, 2, 1, 0], [1, 2, -16, 2, 1], [0, 1, 2, 1, 0], [0, 0, 1, 0, 0]]

PRESETS: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {
    name: (np.array(three, np.float32), np.array(five, np.float32))
    for name, three, five in (
        ("vertical", _SOBEL3, _SOBEL5),
        ("horizontal", _SOBEL3.T, _SOBEL5.T),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]], _LAPLACIAN5),
        ("blur", np.full((3, 3), 1 / 9), np.full((5, 5), 1 / 25)),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 2 * _DOT5 - 1 / 25),
        ("identity", _DOT3, _DOT5),
    )
}
"""Each by its name at both sizes: Sobel's edges, Laplacian (of Gaussian at 5 x 5), mean, unsharp mask, and itself."""

DEFAULT = "vertical3"


def preset(name: str, side: int) -> NDArray[np.float32]:
    """A preset's weights at this size: (side, side), a copy."""
    return PRESETS[name][SIDES.index(side)].copy()


def parse(word: str) -> NDArray[np.float32]:
    """The weights that a word says: (3, 3) or (5, 5). Raises ValueError, in one sentence, for nonsense."""
    name, side = word[:-1], word[-1:]
    if name in PRESETS and side in map(str, SIDES):
        return preset(name, int(side))
    try:
        numbers = [float(one) for one in word.split("_")]
    except ValueError:
        numbers = []
    if len(numbers) not in [side**2 for side in SIDES]:
        raise ValueError(
            _(
                "The link's kernel “{word}” is neither a preset with its size, such as vertical3, nor 9 or 25 numbers "
                "joined by _: you see {default}."
            ).format(word=word[:30].replace("`", ""), default=DEFAULT)
        )
    if not all(math.isfinite(one) and abs(one) <= MOST for one in numbers):
        raise ValueError(
            _("The link's kernel has a weight outside −{most}..{most}: you see {default}.").format(
                most=MOST, default=DEFAULT
            )
        )
    side_of = math.isqrt(len(numbers))
    return np.array(numbers, np.float32).round(2).reshape(side_of, side_of)


def write(weights: NDArray[np.floating]) -> str:
    """The word of these weights: a preset's where they are one, else all of them to two decimals, row by row."""
    side = len(weights)
    known = next((name for name in PRESETS if np.array_equal(preset(name, side), weights)), None)
    return f"{known}{side}" if known else "_".join(f"{round(float(one), 2) + 0:g}" for one in weights.ravel())


def resized(word: str, side: int) -> str:
    """The word at another size: a preset's own version, else zeros put around the numbers or their rim taken away."""
    weights = parse(word)
    if len(weights) == side:
        return word
    if word[:-1] in PRESETS:
        return f"{word[:-1]}{side}"
    return write(np.pad(weights, 1) if side > len(weights) else weights[1:-1, 1:-1])
