"""The one reader of the runs in this server: follows every folder once, however many viewers ask."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from mnist_viz.runs import notes
from mnist_viz.runs.notes import Notes
from mnist_viz.runs.records import ENDINGS, Tail, is_whole
from mnist_viz.runs.state import Watch
from mnist_viz.runs.store import DamagedRun, Run, Store, UnknownRun
from mnist_viz.training.launch import FROM_NOTHING

log = logging.getLogger("mnist_viz")
FRESH = 0.1  # seconds for which what was read answers everybody
KEPT = 12  # ended runs whose records stay in memory, at most 1.5 MB each
DIGITS = 10  # the classes of a run that pages can look at with digits
ACTIVE = ("starting", "running", "paused")


@dataclass(frozen=True)
class Snapshot:
    """A run as last read: its settings, its records so far and its state."""

    run: Run
    config: dict[str, Any]
    records: tuple[dict[str, Any], ...]
    state: str

    @property
    def ended(self) -> bool:
        """Whether nothing more will come: finished, stopped or failed (an interrupted run may yet move on)."""
        return self.state in ENDINGS

    def last(self, kind: str, **fields: Any) -> dict[str, Any] | None:
        """The newest record of this kind with these fields, None where there is none."""
        wanted = {"kind": kind, **fields}
        return next((r for r in reversed(self.records) if wanted.items() <= r.items()), None)


@dataclass(frozen=True)
class Summary:
    """A run in a line: both accuracies are shares, that of the test digits None before the end; `beside` is the run it
    is compared with, `parent` the one whose checkpoint its first step started from; `notes` are the viewers' words for
    it.
    """

    run: Run
    architecture: str
    state: str
    test_accuracy: float | None
    classes: int
    beside: str | None
    parent: str | None
    val_accuracy: float | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)

    @property
    def fold(self) -> tuple[int, int]:
        """Which of how many folds it is looked at on, (0, 0) where it is not cross-validated."""
        return self.config.get("fold") or 0, self.config.get("folds") or 0

    @property
    def first_fold(self) -> str | None:
        """The run of the first fold, None for that itself."""
        return self.config.get("first_fold")

    @property
    def goes_on(self) -> bool:
        """Whether it went on with another run."""
        return self.config.get("goes_on") == "yes"


class _Follower:
    """Reads one run's folder from where it stopped reading."""

    def __init__(self, run: Run) -> None:
        self._tail, self._watch, self._lock = Tail(run), Watch(run), threading.Lock()
        self._read_at = float("-inf")
        self.snapshot = Snapshot(run, run.config, (), "starting")

    def look(self) -> Snapshot:
        """The run as it is now, or was a moment ago."""
        with self._lock:
            now, known = time.monotonic(), self.snapshot
            if now - self._read_at > FRESH and not known.ended:
                new = [record for record in self._tail.read() if is_whole(record)]
                state = self._watch.state(new)
                if new or state != known.state:
                    self.snapshot = Snapshot(known.run, known.config, (*known.records, *new), state)
                self._read_at = now
            return self.snapshot


class Board:
    """Snapshots of all runs of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._followers: dict[str, _Follower] = {}
        self._ended: dict[str, Summary] = {}
        self._notes: dict[str, tuple[object, Notes]] = {}
        self._damaged: set[str] = set()
        self._lock = threading.Lock()

    def snapshot(self, run_id: str) -> Snapshot:
        """This run as it is now, at most 0.1 s old. Raises UnknownRun, also of one that was deleted, or DamagedRun."""
        with self._lock:
            follower = self._followers.pop(run_id, None)
            run = self.store.run(run_id)
            follower = follower or _Follower(run)
            self._followers[run_id] = follower  # the last asked for is the last to be forgotten
            ended = [name for name, one in self._followers.items() if one.snapshot.ended]
            for name in ended[:-KEPT]:
                del self._followers[name]
        return follower.look()

    def summaries(self) -> list[Summary]:
        """All runs that read the ten digits, newest first, the one that ships with the project last."""
        return [one for one in self._all() if one.classes == DIGITS]

    def beside(self, snapshot: Snapshot) -> Snapshot | None:
        """The run that the same settings began from nothing, where this one started from another; it begins when this
        one has finished.
        """
        if snapshot.config.get("then") != FROM_NOTHING or snapshot.state != "finished":
            return None
        found = next((one for one in self._all() if one.beside == snapshot.run.id), None)
        return self.snapshot(found.run.id) if found else None

    def training(self) -> Snapshot | None:
        """The run that is training now, if one is."""
        active = next((one for one in self._all() if one.state in ACTIVE), None)
        return self.snapshot(active.run.id) if active else None

    def family(self, run_id: str) -> list[Summary]:
        """The run, those that started from it, those that are compared with it and the folds that follow it, whatever
        they read.
        """
        return [one for one in self._all() if run_id in (one.run.id, one.parent, one.beside, one.first_fold)]

    def _all(self) -> list[Summary]:
        """Every run that can be read, whatever it reads."""
        found = [self._summary(run) for run in self.store.runs()]
        return [replace(one, notes=self._noted(one.run)) for one in found if one is not None]

    def _noted(self, run: Run) -> Notes:
        """The notes of the run, read again when they were replaced."""
        stamp, (before, known) = notes.stamp(run), self._notes.get(run.id, (None, Notes()))
        if stamp != before:
            known = notes.read(run)
            self._notes[run.id] = (stamp, known)
        return known

    def _summary(self, run: Run) -> Summary | None:
        if run.id in self._ended:
            return self._ended[run.id]
        try:
            snapshot, classes = self.snapshot(run.id), run.classes
        except UnknownRun:  # deleted a moment ago
            return None
        except DamagedRun as refusal:
            if run.id not in self._damaged:
                log.warning("%s", refusal)
                self._damaged.add(run.id)
            return None
        tested, looked = (snapshot.last("evaluation", part=part) for part in ("test", "val"))
        summary = Summary(
            run,
            str(snapshot.config.get("architecture")),
            snapshot.state,
            tested["accuracy"] if tested else None,
            classes,
            snapshot.config.get("beside"),
            snapshot.config.get("began_with" if snapshot.config.get("goes_on") == "yes" else "parent"),
            looked["accuracy"] if looked else None,
            snapshot.config,
        )
        if snapshot.ended:
            self._ended[run.id] = summary
        return summary


@cache
def board() -> Board:
    """The board of this server, over the project's own runs."""
    return Board(Store.default())
