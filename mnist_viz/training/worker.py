"""The trainer: takes a run's folder from its settings to its ending, whatever happens on the way.

Nothing here imports torch before the pulse beats, so that viewers see a sign of life at once.
"""

import contextlib
import errno
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from mnist_viz.data.idx import DamagedData
from mnist_viz.runs import records
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import DamagedRun, Run, Store, UnknownRun
from mnist_viz.text import _
from mnist_viz.training import launch, lineage
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.controls import Controls
from mnist_viz.training.failures import Busy, Diverged, Refused
from mnist_viz.training.fields import NEWEST
from mnist_viz.training.lock import only_one
from mnist_viz.training.pulse import Pulse
from mnist_viz.training.reserve import Reserve

FULL = (errno.ENOSPC, errno.EDQUOT)
SPEAKING = (Refused, Busy, Diverged, DamagedData, DamagedRun, UnknownRun)
Progress = Callable[[Record], None]


def train_in_turn(run: Run, *, stop: threading.Event | None = None) -> Record:
    """Train the run and whatever follows it. Returns the ending of the last."""
    return [ending for _run, ending in in_turn(run, stop=stop)][-1]


def in_turn(
    run: Run, *, stop: threading.Event | None = None, progress: Progress = lambda _record: None
) -> Iterator[tuple[Run, Record]]:
    """Train the run and, once it has finished, what its config.json says follows: the same from nothing, or the other
    folds. Yields each with its ending.

    The next run is there before the one before has its ending, so that nobody who sees the one misses the other.
    """
    upcoming: Run | None = run
    while upcoming:
        now, made = upcoming, list[Run | None]()

        def make(ending: Record, now: Run = now, made: list[Run | None] = made) -> None:
            if ending["kind"] == "finished":
                try:
                    made.append(_next(now))
                except (OSError, Refused) as error:  # without room for the next this one is finished all the same
                    _log(now, f"nothing follows: {error}")

        yield now, train(now, stop=stop, progress=progress, before_ending=make)
        upcoming = made[0] if made else None


def _next(run: Run) -> Run | None:
    """The folder of the run that follows this one: the same from nothing, or the next fold."""
    config, store = TrainConfig.from_dict(run.config), Store(run.folder.parent, cache=run.cache.parent)
    then = run.config.get("then")
    if then == launch.FROM_NOTHING:
        return launch.create(lineage.from_nothing(config), store, beside=run.id)
    if then == launch.NEXT_FOLD and config.fold < config.folds:
        more = {"then": launch.NEXT_FOLD, "first_fold": run.config.get("first_fold", run.id)}
        fresh: dict[str, Any] = {"goes_on": "no", "parent": "", "from_step": NEWEST, "began_with": "", "cycle_from": 0}
        return launch.create(replace(config, fold=config.fold + 1, **fresh), store, **more)
    return None


def train(
    run: Run,
    *,
    stop: threading.Event | None = None,
    progress: Progress = lambda _record: None,
    before_ending: Progress = lambda _ending: None,
) -> Record:
    """Train the run and return its ending, which is also its last record: finished, stopped or failed.

    Setting `stop` ends it early and keeps what was learned; `progress` is told every record of the training,
    `before_ending` the ending before it is written. Raises Refused, and changes nothing, if the run has been trained
    before.
    """
    with Pulse(run), Reserve(run) as reserve:
        try:
            with only_one(run):
                ending = _trained(run, stop or threading.Event(), progress)
        except Exception as error:
            reserve.release()
            if not isinstance(error, SPEAKING):
                _log(run, traceback.format_exc())
            ending = {"kind": "failed", "reason": _reason(error)}
            if isinstance(error, Diverged):
                ending["diverged"] = True
        before_ending(ending)
        records.append(run, ending)
        _log(run, " ".join(f"{name}={value}" for name, value in ending.items()))
    progress(ending)
    return ending


def _trained(run: Run, stop: threading.Event, progress: Progress) -> Record:
    config = TrainConfig.from_dict(run.config)
    _log(run, f"training {config}")
    from mnist_viz.training import session  # noqa: PLC0415  brings torch, after the first beat

    return session.train(run, config, Controls(run, stop, config), progress)


def _reason(error: Exception) -> str:
    if isinstance(error, SPEAKING):
        return str(error)
    if isinstance(error, OSError) and error.errno in FULL:
        return _("The disk is full. The checkpoints so far are whole: make room, then go on.")
    return _("The training ended by an error ({error}): the log says where.").format(error=type(error).__name__)


def _log(run: Run, text: str) -> None:
    """A line with the time of day; a log that cannot be written keeps nobody from training."""
    with contextlib.suppress(OSError), (run.folder / "log.txt").open("a", encoding="utf-8") as file:
        file.write(f"{time.strftime('%H:%M:%S')} {text.rstrip()}\n")
