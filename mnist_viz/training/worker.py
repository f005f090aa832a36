"""The trainer: takes a run's folder from its settings to its ending, whatever happens on the way.

Nothing here imports torch before the pulse beats, so that viewers see a sign of life at once.
"""

import contextlib
import threading
import time
import traceback
from collections.abc import Callable

from mnist_viz.data.idx import DamagedData
from mnist_viz.runs import records
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import DamagedRun, Run, Store, UnknownRun
from mnist_viz.text import _
from mnist_viz.training import launch, lineage
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.controls import Controls
from mnist_viz.training.failures import Busy, Diverged, Refused
from mnist_viz.training.lock import only_one
from mnist_viz.training.pulse import Pulse

SPEAKING = (Refused, Busy, Diverged, DamagedData, DamagedRun, UnknownRun)
Progress = Callable[[Record], None]


def train_in_turn(run: Run, *, stop: threading.Event | None = None) -> Record:
    """Train the run and, once it has finished and if its config.json says so, the same from nothing. Returns the
    ending of the last.

    The second run is there before the first has its ending, so that nobody who sees the one misses the other.
    """
    beside: list[Run] = []

    def make(ending: Record) -> None:
        if ending["kind"] == "finished" and run.config.get("then") == launch.FROM_NOTHING:
            config = lineage.from_nothing(TrainConfig.from_dict(run.config))
            with contextlib.suppress(OSError):  # without room for the second the first is finished all the same
                beside.append(launch.create(config, Store(run.folder.parent, cache=run.cache.parent), beside=run.id))

    ending = train(run, stop=stop, before_ending=make)
    return train(beside[0], stop=stop) if beside else ending


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
    with Pulse(run):
        try:
            with only_one(run):
                ending = _trained(run, stop or threading.Event(), progress)
        except Exception as error:
            if not isinstance(error, SPEAKING):
                _log(run, traceback.format_exc())
            ending = {"kind": "failed", "reason": _reason(error)}
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
    return _("The training ended by an error ({error}): the log says where.").format(error=type(error).__name__)


def _log(run: Run, text: str) -> None:
    """A line with the time of day; a log that cannot be written keeps nobody from training."""
    with contextlib.suppress(OSError), (run.folder / "log.txt").open("a", encoding="utf-8") as file:
        file.write(f"{time.strftime('%H:%M:%S')} {text.rstrip()}\n")
