"""What a run is doing now, worked out from its records and its pulse; nothing of it is stored."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mnist_viz.runs.records import ENDINGS
from mnist_viz.runs.store import Run

STILL = 5.0  # seconds without a beat after which a trainer counts as gone
PULSE = "pulse"


class Watch:
    """Follows one run for one reader, on the reader's own clock (`clock` in seconds, never going back)."""

    def __init__(self, run: Run, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = run.folder / PULSE
        self._clock = clock
        self._pulse = self.pulse()
        self._moved = clock()
        self._state = "starting"

    def state(self, records: Iterable[Mapping[str, Any]] = ()) -> str:
        """starting, running, paused, finished, stopped, failed or interrupted.

        From the records added since the last call (or all of them: it makes no difference).
        A run without an ending whose pulse stands still for 5 s is interrupted; should it move on, it is
        running again. At first sight it gets the benefit of the doubt.
        """
        for record in records:
            self._state = _after(self._state, record)
        if self._state in ENDINGS:
            return self._state
        pulse, now = self.pulse(), self._clock()
        if pulse != self._pulse:
            self._pulse, self._moved = pulse, now
        return "interrupted" if now - self._moved >= STILL else self._state

    def pulse(self) -> bytes | None:
        """What the trainer counts up once a second; None before its first breath."""
        try:
            return self._path.read_bytes()[:32]
        except OSError:
            return None


def is_alive(run: Run, told: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a trainer is at work on a run that has told this; who has no ending is listened to for up to 5 s."""
    watch, told = Watch(run), list(told)
    first = watch.pulse()
    while watch.state(told) not in (*ENDINGS, "interrupted"):
        if watch.pulse() != first:
            return True
        time.sleep(0.1)
    return False


def _after(state: str, record: Mapping[str, Any]) -> str:
    """The state of a living run once this record is written."""
    kind, command = record.get("kind"), record.get("command")
    if kind in ENDINGS:
        return str(kind)
    if kind == "start" or (kind == "command" and command == "resume"):
        return "running"
    if kind == "command" and command in ("pause", "step"):
        return "paused"
    return state
