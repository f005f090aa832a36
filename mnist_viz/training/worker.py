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
from mnist_viz.runs.store import DamagedRun, Run
from mnist_viz.text import _
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.controls import Controls
from mnist_viz.training.failures import Busy, Diverged, Refused
from mnist_viz.training.lock import only_one
from mnist_viz.training.pulse import Pulse

SPEAKING = (Refused, Busy, Diverged, DamagedData, DamagedRun)
Progress = Callable[[Record], None]


def train(run: Run, *, stop: threading.Event | None = None, progress: Progress = lambda _record: None) -> Record:
    """Train the run and return its ending, which is also its last record: finished, stopped or failed.

    Setting `stop` ends it early and keeps what was learned; `progress` is told every record of the training.
    Raises Refused, and changes nothing, if the run has been trained before.
    """
    with Pulse(run):
        try:
            with only_one(run):
                ending = _trained(run, stop or threading.Event(), progress)
        except Exception as error:
            if not isinstance(error, SPEAKING):
                _log(run, traceback.format_exc())
            ending = {"kind": "failed", "reason": _reason(error)}
        records.append(run, ending)
        _log(run, " ".join(f"{name}={value}" for name, value in ending.items()))
    progress(ending)
    return ending


def _trained(run: Run, stop: threading.Event, progress: Progress) -> Record:
    config = TrainConfig.from_dict(run.config)
    _log(run, f"training {config}")
    from mnist_viz.training import session  # noqa: PLC0415  brings torch, after the first beat

    return session.train(run, config, Controls(run, stop), progress)


def _reason(error: Exception) -> str:
    if isinstance(error, SPEAKING):
        return str(error)
    return _("The training ended by an error ({error}): the log says where.").format(error=type(error).__name__)


def _log(run: Run, text: str) -> None:
    """A line with the time of day; a log that cannot be written keeps nobody from training."""
    with contextlib.suppress(OSError), (run.folder / "log.txt").open("a", encoding="utf-8") as file:
        file.write(f"{time.strftime('%H:%M:%S')} {text.rstrip()}\n")
