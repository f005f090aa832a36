"""What was seen inside a network while it trained, at every step that is kept: small records, and pictures in files.

The pictures of a step are the first layer's weights and their gradients, one file a step in the run's folder.
"""

import contextlib
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_viz.runs.files import read_capped, write_whole
from mnist_viz.runs.store import Run

KIND = "inside"
LIMIT = 4 * 1024 * 1024  # bytes; fast_cnn has 3,300 a step


@dataclass(frozen=True)
class Look:
    """One look inside: the length of each layer's gradient, and of each ReLU how many of its units are (dead, all)."""

    step: int
    seconds: float
    digits: int
    gradients: Mapping[str, float]
    dead: Mapping[str, tuple[int, int]]


def looks(records: Iterable[Mapping[str, Any]]) -> list[Look]:
    """The looks among the records of a run, in their order; what another hand wrote and makes no sense is left out."""
    found = []
    for record in records:
        if record["kind"] != KIND:
            continue
        try:
            found.append(_look(record))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return found


def keep(run: Run, step: int, pictures: NDArray[np.float32]) -> None:
    """Keep the first layer's weights and gradients (2, N, rows, columns) of a step."""
    content = io.BytesIO()
    np.save(content, pictures, allow_pickle=False)
    with contextlib.suppress(OSError):  # a full disk costs the pictures, never the training
        write_whole(place(run, step), content.getvalue(), durable=False)


def pictures(run: Run, step: int) -> NDArray[np.float32] | None:
    """The first layer's weights and their gradients as pictures (2, N, rows, columns), read-only.

    None where none were kept or the file is not what it should be.
    """
    try:
        content = io.BytesIO(read_capped(place(run, step), LIMIT))
        array: NDArray[Any] = np.lib.format.read_array(content, allow_pickle=False)
    except (OSError, ValueError, EOFError, MemoryError):
        return None
    if array.dtype != np.float32 or array.ndim != 4 or array.shape[0] != 2 or not array.size:
        return None
    if not np.isfinite(array).all():
        return None
    array.setflags(write=False)
    return array


def _look(record: Mapping[str, Any]) -> Look:
    gradients = {str(name): float(value) for name, value in record["gradients"].items() if value is not None}
    dead = {str(name): (int(few), int(units)) for name, (few, units) in record["dead"].items()}
    if not all(math.isfinite(one) and one >= 0 for one in gradients.values()):
        raise ValueError("no length")
    if not all(0 <= few <= units and units for few, units in dead.values()):
        raise ValueError("no share")
    return Look(int(record["step"]), float(record["seconds"]), int(record["digits"]), gradients, dead)


def place(run: Run, step: int) -> Path:
    """Where the pictures of a step are kept."""
    return run.folder / KIND / f"{step:08d}.npy"
