"""When the next step may be taken: obeys the commands in control/ and keeps the pace."""

import threading
import time
from collections.abc import Callable

from mnist_viz.runs.commands import CHANGE, Command, Inbox
from mnist_viz.runs.parts import SLOW
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import Run
from mnist_viz.training.changes import Moment
from mnist_viz.training.config import TrainConfig

GLANCE = 0.05  # seconds between two looks into control/ while nothing is to be done


class Controls:
    """One run's commands; `stop` is a second way to say stop, for a terminal or a signal."""

    def __init__(self, run: Run, stop: threading.Event, config: TrainConfig) -> None:
        self.moment = Moment(config)
        self._stop = stop
        self._inbox = Inbox(run)
        self._paused = False
        self._allowed = 0  # single steps asked for and not yet taken
        self._gap = 0.0  # seconds from the beginning of one step to that of the next
        self._began = float("-inf")
        self.by_hand = False

    def may_step(self, write: Callable[[Record], None], last: Record) -> bool:
        """Waits until the step after the `last` may be taken and says True, or says False once the training shall stop.

        Every command that was obeyed is written. Afterwards `by_hand` says whether the step was asked for singly.
        """
        while not self._stop.is_set():
            for command in self._inbox.new():
                self._obey(command)
                write(self.moment.obey(command, last) if command.word == CHANGE else _record(command))
            wait = GLANCE if self._paused and not self._allowed else self._began + self._gap - time.monotonic()
            if wait <= 0 or self._allowed:
                self.by_hand = self._allowed > 0
                self.moment.singly = self.by_hand or self._gap > 0
                self.moment.watched = self.by_hand or self._gap >= 1 / SLOW
                self._allowed = max(0, self._allowed - 1)
                self._began = time.monotonic()
                return not self._stop.is_set()
            self._stop.wait(min(wait, GLANCE))
        return False

    def _obey(self, command: Command) -> None:
        match command.word:
            case "pause":
                self._paused = True
            case "resume":
                self._paused, self._allowed = False, 0
            case "step":
                self._paused = True
                self._allowed += 1
            case "pace":
                self._gap = 1 / command.value if command.value else 0.0
            case "stop":
                self._stop.set()


def _record(command: Command) -> Record:
    return {"kind": "command", "command": command.word, "value": command.value, "file": command.file}
