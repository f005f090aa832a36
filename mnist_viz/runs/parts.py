"""The five parts of one step, as they were taken down: the newest such step of a run, in a small file of its own."""

import base64
import contextlib
import json
import math
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_viz.runs.files import read_capped, write_whole
from mnist_viz.runs.store import Run

NAMES = ("batch", "forward", "loss", "backward", "update")
SLOW = 4.0  # steps a second up to which each step is taken down: full speed pays nothing
SHOWN = 16  # digits of the batch
FILE = "parts.json"
LIMIT = 64 * 1024  # bytes; a file has about 5,000
MOST_LAYERS = 100
_PIXELS = 28 * 28


@dataclass(frozen=True)
class Layer:
    """What a step did to a layer: the length of its gradient, and that of its update as a share of its weights'."""

    name: str
    gradient: float
    update: float


@dataclass(frozen=True)
class Parts:
    """A step in its parts. `pixels` (N, 28, 28), `labels`, what was `read`, the probability (`shares`) of that and
    the `losses` are those of the first digits of a batch of `count`; `loss` (nats) and `accuracy` of all of them.

    `gradient` and `update` are those of all layers together, `milliseconds` are in the order of NAMES.
    """

    step: int
    count: int
    pixels: NDArray[np.uint8]
    labels: tuple[int, ...]
    read: tuple[int, ...]
    shares: tuple[float, ...]
    losses: tuple[float, ...]
    loss: float
    accuracy: float
    rate: float
    gradient: float
    update: float
    layers: tuple[Layer, ...]
    milliseconds: tuple[float, ...]


def keep(run: Run, parts: Parts) -> None:
    """Keep these parts in place of those before; numbers beyond all numbers are not kept.

    A disk that is full costs the picture, never the training.
    """
    content = {
        **vars(parts),
        "pixels": base64.b64encode(zlib.compress(parts.pixels.tobytes())).decode(),
        "layers": [vars(layer) for layer in parts.layers],
    }
    try:
        text = json.dumps(content, allow_nan=False, separators=(",", ":"))
    except ValueError:
        return
    with contextlib.suppress(OSError):
        write_whole(run.folder / FILE, text, durable=False)


def newest(run: Run) -> Parts | None:
    """The parts of the newest step that was taken down, None where there is none or the file is not what it should be.

    What another hand wrote there is checked number by number.
    """
    try:
        said = json.loads(read_capped(run.folder / FILE, LIMIT))
        return _checked(said)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, zlib.error):
        return None


def _checked(said: dict[str, Any]) -> Parts:
    labels, read = _wholes(said["labels"], 999), _wholes(said["read"], 999)
    shares, losses = _numbers(said["shares"], 1), _numbers(said["losses"])
    count, shown = _whole(said["count"]), len(labels)
    layers = tuple(
        Layer(str(one["name"])[:60], _number(one["gradient"]), _number(one["update"]))
        for one in said["layers"][:MOST_LAYERS]
    )
    times = _numbers(said["milliseconds"])
    if not 1 <= shown <= min(SHOWN, count) or {len(read), len(shares), len(losses)} != {shown}:
        raise ValueError("not as many of each")
    if len(times) != len(NAMES) or not layers:
        raise ValueError("not five parts")
    packed = zlib.decompressobj().decompress(base64.b64decode(said["pixels"], validate=True), shown * _PIXELS + 1)
    pixels = np.frombuffer(packed, np.uint8).reshape(shown, 28, 28)
    return Parts(
        _whole(said["step"]),
        count,
        pixels,
        labels,
        read,
        shares,
        losses,
        _number(said["loss"]),
        _number(said["accuracy"], 1),
        _number(said["rate"]),
        _number(said["gradient"]),
        _number(said["update"]),
        layers,
        times,
    )


def _number(value: object, most: float = math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most or math.isinf(value):
        raise ValueError("no number")
    return float(value)


def _whole(value: object, most: int = 10**9) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError("no whole number")
    return value


def _numbers(values: list[object], most: float = math.inf) -> tuple[float, ...]:
    return tuple(_number(value, most) for value in values)


def _wholes(values: list[object], most: int) -> tuple[int, ...]:
    return tuple(_whole(value, most) for value in values)
