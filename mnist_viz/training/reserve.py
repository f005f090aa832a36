"""A little room on the disk, held while a run trains, so that its ending can be written when nothing else can."""

import contextlib
import os
from typing import Self

from mnist_viz.runs.store import Run

NAME = ".reserve"
BYTES = 2 * 4096  # a page for the ending and one for the log, on file systems that give room by the page


class Reserve:
    """Holds the room from the beginning of its `with` block until it is released, at the latest to its end."""

    def __init__(self, run: Run) -> None:
        self._path = run.folder / NAME

    def __enter__(self) -> Self:
        with contextlib.suppress(OSError):  # where there is none, the first checkpoint will say so
            self._path.write_bytes(os.urandom(BYTES))  # what could be compressed would hold nothing
        return self

    def release(self) -> None:
        """Give the room back, for what is written next."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def __exit__(self, *_failure: object) -> None:
        self.release()
