"""What is computed from a checkpoint: arrays in files that appear whole and may be deleted at any time."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_viz.runs.files import write_whole
from mnist_viz.runs.store import Run

_KIND = re.compile(r"[a-z0-9_]+")


def get(run: Run, step: int, kind: str, version: int) -> NDArray[Any] | None:
    """The array that was put there, read-only, or None; a damaged file counts as missing.

    A run that ships with the project carries arrays of its own in `derived`, which are looked at first.
    """
    place = _place(step, kind, version)
    for folder in (run.folder / "derived", run.cache):
        try:
            with (folder / place).open("rb") as file:
                array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        except (OSError, ValueError, EOFError, MemoryError):
            continue
        array.setflags(write=False)
        return array
    return None


def put(run: Run, step: int, kind: str, version: int, array: NDArray[Any]) -> None:
    """Keep an array under the run, the step, its kind and the version of the code that made it.

    A disk that is full or read-only costs the next reader time, nothing else.
    """
    content = io.BytesIO()
    np.save(content, array, allow_pickle=False)
    place = run.cache / _place(step, kind, version)
    try:
        write_whole(place, content.getvalue())
    except OSError:
        return


def keep_newest(run: Run, kind: str, count: int) -> None:
    """Delete all arrays of this kind but the newest, of all runs that share the cache.

    Whoever has one open reads on; whoever comes too late finds it missing.
    """
    found = sorted(run.cache.parent.glob(f"*/*/{kind}-*.npy"), key=_written, reverse=True)
    for path in found[count:]:
        with contextlib.suppress(OSError):  # deleted by another, or on Windows being read: the next time, then
            path.unlink()


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _place(step: int, kind: str, version: int) -> Path:
    if not _KIND.fullmatch(kind):
        raise ValueError(f"kind={kind!r} is no name: use a-z, 0-9 and _.")
    return Path(f"{step:08d}") / f"{kind}-{version}.npy"
