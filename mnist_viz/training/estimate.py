"""How long a training will take on this machine, from its measured speed: a line through two batch sizes."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mnist_viz.data.preparation import parse
from mnist_viz.data.sets import DATASETS
from mnist_viz.plan.words import BUILT
from mnist_viz.runs.files import read_capped, write_whole
from mnist_viz.training.config import EARLY, TrainConfig
from mnist_viz.training.fields import ARCHITECTURES

NAME = "speed.json"
STRETCH = 8  # steps
AUGMENTING = (
    (("rotation", "shift", "zoom", "shear"), 0.09),
    (("elastic",), 0.30),
    (("erasing",), 0.05),
    (("grain",), 0.04),
)
"""What these settings cost a digit, in shares of what learning from it costs fast_cnn; measured at a batch of 256."""
READY = 4.0  # seconds in which a trainer starts and loads torch and the digits, as measured on two cores
PREPARING = {"deskew": 0.8, "centre": 3.0, "bilateral": 5.1, "noise": 1.3, "binarise": 0.1}
"""Seconds in which 55,000 digits go through a step whose setting does not matter, as `preparation.prepare` says."""


@dataclass(frozen=True)
class Speed:
    """For each architecture seconds a step, and seconds a digit in its batch, on this machine's processor."""

    lines: Mapping[str, tuple[float, float]]


def line(small: tuple[int, float], large: tuple[int, float]) -> tuple[float, float]:
    """The seconds a step and a digit from two measured (batch, seconds of a step); neither is below 0."""
    slope = max(0.0, (large[1] - small[1]) / (large[0] - small[0]))
    return max(0.0, large[1] - slope * large[0]), slope


def pace(times: Sequence[float]) -> float:
    """Seconds a step, from the times at which steps ended: the fastest stretch of STRETCH steps counts.

    What slows a stretch down is other work on the machine; nothing makes one faster than the machine is.
    """
    stretch = min(STRETCH, len(times) - 1)
    return min(times[end] - times[end - stretch] for end in range(stretch, len(times))) / stretch


def seconds(speed: Speed, config: TrainConfig) -> float | None:
    """How long the training alone takes, without looks at the validation digits; None if nobody knows."""
    if config.architecture not in speed.lines:
        return None
    step, digit = speed.lines[config.architecture]
    settings = config.as_dict()
    more = sum(share for names, share in AUGMENTING if any(settings[name] for name in names))
    changing = more * speed.lines.get("fast_cnn", (0.0, digit))[1]
    return config.steps * step + config.epochs * config.shown * (digit + changing)


def ready(config: TrainConfig) -> float:
    """How long it takes from the click to the first step: the trainer starts, and all digits are prepared; those for
    the test are so later, and once for all trainings of a process.
    """
    digits = sum(DATASETS[config.data].counts.values())
    return READY + digits / 55_000 * sum(_preparing(name, setting or 0) for name, setting in parse(config.preparation))


def _preparing(name: str, setting: int) -> float:
    if name == "median":
        return 1.1 if setting == 3 else 3.8
    if name == "gaussian":  # the wider, the more neighbours: from 0.5 to 3 pixels
        return 1.3 + 4.0 * (setting - 5) / 25
    return PREPARING[name]


def whole(speed: Speed, config: TrainConfig) -> float | None:
    """How long it takes from the click to the result: getting ready, learning, looks at validation digits, the test.

    A digit that is only read costs a third of one that is learned from: the way back costs about twice the way there.
    """
    learning = seconds(speed, config)
    if learning is None:
        return None
    counts = DATASETS[config.data].counts
    looked_at = config.pool - config.shown or counts["val"]
    looked = sum(
        min(looked_at, looked_at if config.is_whole_look(step) else EARLY)
        for step in range(config.steps + 1)
        if config.is_kept(step)
    )
    return ready(config) + learning + (looked + counts["test"]) * speed.lines[config.architecture][1] / 3


def read(cache: Path) -> Speed | None:
    """What was measured, or None: a damaged file counts as missing."""
    try:
        lines = json.loads(read_capped(cache / NAME, 16 * 1024))["seconds"]
        found = {str(name): (float(step), float(digit)) for name, (step, digit) in lines.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return Speed(found) if all(math.isfinite(sum(pair)) and min(pair) >= 0 for pair in found.values()) else None


def unknown(cache: Path) -> list[str]:
    """The architectures whose speed has not been measured yet; that of a network of one's own never is."""
    speed = read(cache)
    return [name for name in ARCHITECTURES if name != BUILT and (speed is None or name not in speed.lines)]


def write(cache: Path, speed: Speed) -> None:
    """Keep what was measured. Raises OSError."""
    write_whole(cache / NAME, json.dumps({"seconds": dict(speed.lines)}, indent=2) + "\n")
