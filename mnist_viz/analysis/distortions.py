"""What can be done to a digit: moved, turned, scaled, thickened, lightened, made noisy; by how much is a number."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Floats = NDArray[np.float32]
SEED = 0  # of the noise: the same pattern at every strength, so that a slider moves nothing but its strength
RIM = 16  # directions in which ink is thickened


@dataclass(frozen=True)
class Range:
    """What a distortion may be: from `low` to `high` in steps, `neutral` where it does nothing."""

    low: float
    high: float
    step: float
    neutral: float = 0.0

    @property
    def values(self) -> list[float]:
        """Every value that a slider stops at, ascending."""
        return [
            round(self.low + place * self.step, 6) for place in range(round((self.high - self.low) / self.step) + 1)
        ]

    def nearest(self, value: float) -> float:
        """The stop nearest to a value: a link may say one between two stops."""
        return min(self.values, key=lambda stop: abs(stop - value))

    def share(self, value: float) -> float:
        """How far a value is from neutral, in shares of the farthest that one can be."""
        return abs(value - self.neutral) / max(self.high - self.neutral, self.neutral - self.low)


RANGES: dict[str, Range] = {
    "right": Range(-10, 10, 0.5),
    "down": Range(-10, 10, 0.5),
    "turn": Range(-90, 90, 2),
    "size": Range(0.4, 1.6, 0.05, 1),
    "thick": Range(-1.5, 2, 0.1),
    "noise": Range(0, 150, 5),
    "light": Range(-200, 200, 10),
    "contrast": Range(0, 1.5, 0.05, 1),
}
"""Pixels to the right and down, degrees to the right, times as large, pixels of radius, grey values of deviation and
of shift, times as much contrast about the middle grey."""


@dataclass(frozen=True)
class Distortion:
    """How much of each of `RANGES`; as it is made, it does nothing. Raises ValueError outside of a range."""

    right: float = 0
    down: float = 0
    turn: float = 0
    size: float = 1
    thick: float = 0
    noise: float = 0
    light: float = 0
    contrast: float = 1

    def __post_init__(self) -> None:
        for field in fields(self):
            value, allowed = getattr(self, field.name), RANGES[field.name]
            if not allowed.low <= value <= allowed.high:
                raise ValueError(
                    f"{field.name}={value!r} is outside {allowed.low}..{allowed.high}: "
                    f"try {allowed.neutral}, which changes nothing."
                )

    def along(self, kind: str, value: float) -> "Distortion":
        """The same with another amount of one kind."""
        return replace(self, **{kind: value})


def distort(images: Images, amount: Distortion) -> Images:
    """The images (N, 28, 28) changed: first thickened, then scaled, turned and moved at once, contrast, light, noise.

    What comes from outside the picture is paper; grey values are rounded, and cut at 0 and 255.
    """
    changed = images.astype(np.float32)
    if amount.thick:
        changed = thicken(changed, amount.thick)
    if (amount.right, amount.down, amount.turn, amount.size) != (0, 0, 0, 1):
        changed = warp(changed, amount)
    changed = 127.5 + np.float32(amount.contrast) * (changed - 127.5) + np.float32(amount.light)
    if amount.noise:
        pattern = np.random.default_rng(SEED).standard_normal(images.shape, dtype=np.float32)
        changed = changed + np.float32(amount.noise) * pattern
    grey: Images = np.clip(np.floor(changed + 0.5), 0, 255).astype(np.uint8)
    return grey


def warp(images: Floats, amount: Distortion) -> Floats:
    """Scaled and turned about the middle, then moved; every pixel is looked up, bilinearly, where it comes from."""
    high, wide = images.shape[1:]
    rows, columns = np.mgrid[:high, :wide].astype(np.float64)
    y, x = rows - (high - 1) / 2 - amount.down, columns - (wide - 1) / 2 - amount.right
    angle = np.deg2rad(amount.turn)
    cosine, sine = np.cos(angle) / amount.size, np.sin(angle) / amount.size
    from_row = np.round(cosine * y - sine * x + (high - 1) / 2, 9)  # so that a whole pixel is met exactly
    from_column = np.round(sine * y + cosine * x + (wide - 1) / 2, 9)
    top, left = np.floor(from_row).astype(int), np.floor(from_column).astype(int)
    result = np.zeros_like(images)
    for below in (0, 1):
        for beside in (0, 1):
            row, column = top + below, left + beside
            share = (1 - np.abs(from_row - row)) * (1 - np.abs(from_column - column))
            share[(row < 0) | (row >= high) | (column < 0) | (column >= wide)] = 0
            place = row.clip(0, high - 1) * wide + column.clip(0, wide - 1)
            result += images.reshape(len(images), -1)[:, place] * share.astype(np.float32)
    return result


def thicken(images: Floats, radius: float) -> Floats:
    """Grey dilation by a disc of this radius in pixels, of any size; erosion where it is negative.

    Each pixel becomes the largest (smallest) value on the rim of the disc around it, on the rim of one half as
    large, and in its middle; between pixels the picture is bilinear.
    """
    take = np.maximum if radius > 0 else np.minimum
    result = images
    for share in (1.0, 0.5):
        for angle in 2 * np.pi * np.arange(RIM) / RIM:
            down, right = share * abs(radius) * np.sin(angle), share * abs(radius) * np.cos(angle)
            result = take(result, _moved(_moved(images, down, axis=1), right, axis=2))
    return result


def _moved(images: Floats, by: float, *, axis: int) -> Floats:
    """Moved along an axis by a fraction of pixels, paper coming in."""
    by = round(by, 9)
    whole = int(np.floor(by))
    part = np.float32(by - whole)
    near = _rolled(images, whole, axis)
    return near if part == 0 else (1 - part) * near + part * _rolled(images, whole + 1, axis)


def _rolled(images: Floats, by: int, axis: int) -> Floats:
    if by == 0:
        return images
    result, length = np.zeros_like(images), images.shape[axis]
    into, out_of = [slice(None)] * 3, [slice(None)] * 3
    into[axis], out_of[axis] = slice(max(by, 0), length + min(by, 0)), slice(max(-by, 0), length - max(by, 0))
    result[tuple(into)] = images[tuple(out_of)]
    return result
