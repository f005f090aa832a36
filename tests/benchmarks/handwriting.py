"""Digits as people write them: stroke by stroke, each seed with its own slant, size, place, thickness and jitter."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]  # (points, 2): x to the right and y down, as shares of the pad


def _arc(x: float, y: float, wide: float, high: float, *angles: float) -> Stroke:
    """Part of an ellipse about (x, y) from one angle to another, in degrees: 0 to the right, 90 down."""
    start, end = angles
    way = np.deg2rad(np.linspace(start, end, max(6, int(abs(end - start) / 15))))
    return np.stack([x + wide * np.cos(way), y + high * np.sin(way)], axis=1)


def _line(*points: tuple[float, float]) -> Stroke:
    """Straight from corner to corner, ten points each."""
    pieces = [np.linspace(one, other, 10) for one, other in pairwise(points)]
    return np.concatenate(pieces)


def _join(*pieces: Stroke) -> Stroke:
    return np.concatenate(pieces)


# Within a box of width 1 and height 1; a digit has one or more ways of writing it, each a list of strokes.
WAYS: dict[int, list[list[Stroke]]] = {
    0: [
        [_arc(0.5, 0.5, 0.33, 0.5, -90, -460)],
        [_arc(0.5, 0.5, 0.4, 0.5, -60, 310)],
    ],
    1: [
        [_line((0.5, 0), (0.5, 1))],
        [_line((0.32, 0.22), (0.55, 0), (0.55, 1))],
    ],
    2: [
        [_join(_arc(0.48, 0.28, 0.36, 0.28, -165, 40), _line((0.75, 0.46), (0.12, 0.97), (0.9, 0.97)))],
        [
            _join(
                _arc(0.5, 0.27, 0.33, 0.27, -160, 60),
                _arc(0.28, 0.86, 0.17, 0.12, 30, 330),
                _line((0.43, 0.82), (0.95, 0.98)),
            )
        ],
    ],
    3: [
        [_join(_arc(0.46, 0.25, 0.34, 0.25, -150, 90), _arc(0.46, 0.74, 0.4, 0.26, -90, 150))],
        [_join(_line((0.14, 0.02), (0.8, 0.02), (0.42, 0.4)), _arc(0.46, 0.7, 0.38, 0.3, -90, 145))],
    ],
    4: [
        [_line((0.3, 0), (0.12, 0.56), (0.9, 0.56)), _line((0.72, 0.05), (0.68, 1))],
        [_line((0.62, 0), (0.08, 0.66), (0.95, 0.66)), _line((0.66, 0.3), (0.64, 1))],
    ],
    5: [
        [
            _join(_line((0.25, 0.02), (0.2, 0.44)), _arc(0.45, 0.68, 0.38, 0.31, -125, 150)),
            _line((0.25, 0.02), (0.85, 0.02)),
        ],
        [_join(_line((0.85, 0.0), (0.27, 0.02), (0.22, 0.45)), _arc(0.45, 0.69, 0.37, 0.3, -120, 145))],
    ],
    6: [
        [_join(_arc(0.78, 0.62, 0.62, 0.62, -95, -180), _arc(0.48, 0.7, 0.32, 0.29, -180, -530))],
        [_join(_line((0.62, 0), (0.24, 0.5)), _arc(0.5, 0.71, 0.32, 0.28, -165, -520))],
    ],
    7: [
        [_line((0.12, 0.03), (0.88, 0.03), (0.4, 1))],
        [_line((0.12, 0.03), (0.88, 0.03), (0.45, 1)), _line((0.35, 0.5), (0.85, 0.5))],
    ],
    8: [
        [_arc(0.5, 0.24, 0.28, 0.24, 90, 450), _arc(0.5, 0.74, 0.34, 0.26, -90, 270)],
        [
            _join(
                _arc(0.5, 0.25, 0.28, 0.25, -40, -230),
                _line((0.32, 0.41), (0.72, 0.6)),
                _arc(0.5, 0.76, 0.3, 0.24, -40, 220),
                _line((0.28, 0.6), (0.7, 0.12)),
            )
        ],
    ],
    9: [
        [_join(_arc(0.5, 0.28, 0.32, 0.28, 0, -350), _line((0.82, 0.24), (0.7, 1)))],
        [
            _join(
                _arc(0.48, 0.29, 0.32, 0.28, -20, -375),
                _line((0.8, 0.25), (0.78, 0.6)),
                _arc(0.45, 0.72, 0.33, 0.28, 0, 110),
            )
        ],
    ],
}


def strokes(digit: int, seed: int) -> list[Stroke]:
    """One digit as strokes on the pad, the same for the same seed.

    Slant to 0.3, height a third to four fifths of the pad, anywhere on it, width 0.55 to 0.85 of the height; some
    are written over once more beside the first line, so that they are thicker; every hand trembles.
    """
    random = np.random.default_rng([digit, seed])
    way = WAYS[digit][random.integers(len(WAYS[digit]))]
    high, slant = random.uniform(0.34, 0.8), random.uniform(-0.12, 0.3)
    wide, turn = high * random.uniform(0.55, 0.85), np.deg2rad(random.uniform(-7, 7))
    room = np.array([(1 - wide) / 2 - 0.05, (1 - high) / 2 - 0.05]).clip(0)
    middle = 0.5 + random.uniform(-1, 1, 2) * room
    again = random.random() < 0.3
    beside = random.uniform(-0.03, 0.03, 2)
    written = []
    for stroke in way:
        x, y = ((stroke - 0.5) * (wide, high)).T
        x = x - slant * y
        placed = np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], axis=1)
        line = (placed + middle + _tremor(random, len(stroke), 0.02 * high)).clip(0.02, 0.98)
        written += [line, (line + beside).clip(0.02, 0.98)] if again else [line]
    return written


def _tremor(random: np.random.Generator, points: int, size: float) -> Stroke:
    """A hand that wanders: white noise smoothed over some points, of the given deviation."""
    white = random.standard_normal((points + 8, 2))
    smooth = np.stack([np.convolve(column, np.ones(9) / 3, mode="valid") for column in white.T], axis=1)
    return np.asarray(size * smooth)
