"""A trainer's sign of life: a counter raised once a second, whatever the training is doing."""

import contextlib
import os
import threading

from mnist_viz.runs.files import write_whole
from mnist_viz.runs.state import PULSE
from mnist_viz.runs.store import Run
from mnist_viz.text import _
from mnist_viz.training.failures import Refused

BEAT = 1.0  # seconds


class Pulse:
    """Beats from the beginning of its `with` block to the end.

    The first beat claims the run. Raises Refused if the run has, or had, a trainer already.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._path = run.folder / PULSE
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def __enter__(self) -> None:
        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            raise Refused(_("Run {run} has been trained already: start a new one.").format(run=self._run.id)) from None
        self._thread.start()

    def __exit__(self, *_failure: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        count = 0
        while True:
            count += 1
            with contextlib.suppress(OSError):  # a full disk may have room again before the next beat
                write_whole(self._path, str(count), durable=False)
            if self._over.wait(BEAT):
                return
