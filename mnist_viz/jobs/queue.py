"""One queue for all heavy work of a server: one job at a time, the same job for all who ask for the same."""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from mnist_viz.jobs.contests import Trial
from mnist_viz.jobs.maps import DIGITS
from mnist_viz.jobs.probes import Probe
from mnist_viz.jobs.process import Worker
from mnist_viz.runs.store import Run
from mnist_viz.text import _

log = logging.getLogger("mnist_viz")
ALIVE = ("waiting", "working")
KEPT = 100  # jobs that have ended and of which is still known how


@dataclass(frozen=True)
class Job:
    """UMAP of the features of the first `digits` test digits, at a step of a run; equal ones are the same job."""

    run: Run
    step: int
    digits: int = DIGITS

    def in_words(self) -> dict[str, object]:
        """What the worker needs to know."""
        return {**self.run.place, "kind": "map", "step": self.step, "digits": self.digits}


@dataclass(frozen=True)
class Practice:
    """A first map of made-up numbers: it has UMAP's code compiled, which takes the first job of a process a minute."""

    def in_words(self) -> dict[str, object]:
        """What the worker needs to know."""
        return {"kind": "practice"}


@dataclass(frozen=True)
class Neighbours:
    """What UMAP begins with for this map, looked for while nobody waits for it: a twentieth of its work."""

    map: Job

    def in_words(self) -> dict[str, object]:
        """What the worker needs to know."""
        return {**self.map.in_words(), "kind": "neighbours"}


Work = Job | Practice | Neighbours | Probe | Trial


@dataclass(frozen=True)
class Progress:
    """How far a job is: waiting, working, done, failed or cancelled.

    While it works its `stage` is loading, neighbours, epochs (of UMAP, or of all trainings together) or fits, and of
    the last two `done` of `of` are over. What trainings have come to so far is `seen`, as `jobs.contests` tells it.
    `reason` is the sentence on why it failed; `since` when the work began, on the monotonic clock.
    """

    state: str = "waiting"
    stage: str = ""
    done: int = 0
    of: int = 0
    seen: Sequence[float] = ()
    reason: str = ""
    since: float = field(default_factory=time.monotonic)

    @property
    def alive(self) -> bool:
        """Whether more will come of it."""
        return self.state in ALIVE


class Queue:
    """Takes jobs from any thread and has them done one after the other by one process, of low priority if `gently`.

    The lock is held for moments only, since a server's event loop asks here: processes begin and end outside of it.
    """

    def __init__(self, *, gently: bool = True) -> None:
        self._gently = gently
        self._lock = threading.Lock()
        self._waiting: deque[Work] = deque()
        self._progress: dict[Work, Progress] = {}
        self._current: Work | None = None
        self._worker: Worker | None = None
        self._serving = False

    def get_ready(self, job: Job) -> None:
        """Someone will soon ask for this map: start the process and let it practise, where it has not done so, and then
        look for neighbours. Who gets ready for another map no longer does so for those before.
        """
        ahead = Neighbours(job)
        with self._lock:
            practised = self._progress.get(Practice())
            alive = self._worker is not None and self._worker.is_alive()
            is_known = ahead in self._progress
            for other in [work for work in self._waiting if isinstance(work, Neighbours) and work != ahead]:
                self._waiting.remove(other)
                del self._progress[other]
        if practised is None or not (practised.alive or (alive and practised.state == "done")):
            self.ask(Practice())
        if not is_known:
            self.ask(ahead)

    def is_practising(self) -> bool:
        """Whether what waits waits for the process to get ready."""
        with self._lock:
            return isinstance(self._current, Practice)

    def ask(self, job: Work) -> None:
        """Have this done; whoever asks for what waits or is being done already gets the same."""
        with self._lock:
            known = self._progress.pop(job, None)
            self._progress[job] = known if known and known.alive else Progress()
            if not (known and known.alive):
                self._waiting.append(job)
            self._forget()
            if not self._serving:
                self._serving = True
                threading.Thread(target=self._serve, name="jobs", daemon=True).start()

    def look(self, job: Work) -> Progress | None:
        """How far this job is, None where nobody asked for it."""
        with self._lock:
            return self._progress.get(job)

    def ahead(self, job: Work) -> int:
        """How many jobs come before this one."""
        with self._lock:
            return self._waiting.index(job) + (self._current is not None) if job in self._waiting else 0

    def cancel(self, job: Work) -> None:
        """Give this up. The process goes with a job that it is doing, and the next job starts another one."""
        dismissed = None
        with self._lock:
            known = self._progress.get(job)
            if known is None or not known.alive:
                return
            self._progress[job] = replace(known, state="cancelled")
            if job in self._waiting:
                self._waiting.remove(job)
            elif job == self._current:
                self._current, dismissed, self._worker = None, self._worker, None
        _end(dismissed)

    def close(self) -> None:
        """Give everything up and end the process."""
        with self._lock:
            self._waiting.clear()
            self._current, dismissed, self._worker = None, self._worker, None
        _end(dismissed)

    def _serve(self) -> None:
        """Do what waits, then end; the next who asks begins anew."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._serving = False
                    return
                job = self._current = self._waiting.popleft()
            try:
                worker = self._ready(job)
                if worker:
                    self._follow(job, worker)
            except Exception as error:
                log.exception("a job could not be done")
                why = getattr(error, "strerror", None) or type(error).__name__
                self._say(job, None, state="failed", reason=_not_started(why))
            with self._lock:
                self._current = None

    def _ready(self, job: Work) -> Worker | None:
        """The process, a fresh one where there is none alive; None where the job was given up meanwhile."""
        with self._lock:
            if self._current is not job:
                return None
            if self._worker and self._worker.is_alive():
                return self._worker
            dead, self._worker = self._worker, None
        _end(dead)
        fresh = Worker(gently=self._gently)
        with self._lock:
            if self._current is job:
                self._worker = fresh
                return fresh
        _end(fresh)
        return None

    def _follow(self, job: Work, worker: Worker) -> None:
        began, last = time.monotonic(), "working"
        for answer in worker.do(job.in_words()):
            last = answer["state"]
            self._say(job, worker, **answer, since=began)
        if last == "working":
            reason = _("The process that computed it ended before it was done: ask again and a new one begins.")
            self._say(job, worker, state="failed", reason=reason)

    def _say(self, job: Work, worker: Worker | None, **progress: Any) -> None:
        """What is said of a job that was given up, or by a process that was sent away, is not heard."""
        with self._lock:
            if self._current is job and (worker is None or worker is self._worker):
                self._progress[job] = Progress(**progress)

    def _forget(self) -> None:
        ended = [job for job, progress in self._progress.items() if not progress.alive]
        for job in ended[:-KEPT]:
            del self._progress[job]


def _end(worker: Worker | None) -> None:
    if worker:
        with contextlib.suppress(OSError):
            worker.end()


def _not_started(why: str) -> str:
    return _("The process that computes it could not be started ({why}): ask again.").format(why=why)


@cache
def jobs() -> Queue:
    """The queue of this server."""
    return Queue()
