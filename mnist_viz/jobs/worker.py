"""`python -m mnist_viz.jobs.worker [--gently]`: does one job after the other as long as whoever started it lives.

A job comes as a line of JSON on the standard input; what becomes of it goes out as lines of JSON. The end of the
input is the end of the process, in the middle of a job too. Gently: whatever else the machine does goes first.
"""

import contextlib
import json
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mnist_viz.data.idx import DamagedData
from mnist_viz.jobs.contests import NotHeld
from mnist_viz.runs.store import DamagedRun, Run, UnknownRun
from mnist_viz.text import _
from mnist_viz.training.contest import Contest

SPEAKING = (DamagedRun, UnknownRun, DamagedData, NotHeld)
Say = Callable[..., None]
Job = dict[str, Any]


def main() -> None:
    """Listen, work, answer, until nobody speaks any more."""
    if "--gently" in sys.argv:
        _step_back()
    say = _mouth()
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), name="ear", daemon=True).start()
    while True:
        job = jobs.get()
        try:
            _work(job, say)
        except Exception as error:
            traceback.print_exc()
            say(state="failed", reason=_reason(error))


def _work(job: Job, say: Say) -> None:
    say(state="working", stage="loading")
    if TRADES[job["kind"]](job, say):
        say(state="done")
    else:
        reason = _("It was computed but could not be kept: the disk is full or read-only.")
        say(state="failed", reason=reason)


# What each needs is loaded when it is asked for: the process answers before it knows its trade.
def _practise(_job: Job, _say: Say) -> bool:
    from mnist_viz.jobs import maps  # noqa: PLC0415

    maps.practise()
    return True


def _neighbours(job: Job, _say: Say) -> bool:
    from mnist_viz.jobs import maps  # noqa: PLC0415
    from mnist_viz.runs.features import features  # noqa: PLC0415

    run, step, digits = Run.at(job), job["step"], job["digits"]
    if maps.neighbours(run, step, digits) is not None:
        return True
    return maps.make_neighbours(run, step, features(run, step, maps.PART)[:digits])


def _map(job: Job, say: Say) -> bool:
    from mnist_viz.jobs import maps  # noqa: PLC0415
    from mnist_viz.runs.features import features  # noqa: PLC0415

    run = Run.at(job)
    if maps.umap(run, job["step"], job["digits"]) is not None:
        return True
    seen = features(run, job["step"], maps.PART)[: job["digits"]]
    import umap  # noqa: F401, PLC0415  heavy

    say(state="working", stage="neighbours")
    return maps.make_umap(run, job["step"], seen, _counting("epochs", say))


def _probe(job: Job, say: Say) -> bool:
    from mnist_viz.jobs import probes  # noqa: PLC0415

    return probes.make(Run.at(job), job["step"], _counting("fits", say))


def _contest(job: Job, say: Say) -> bool:
    from mnist_viz.jobs import contests  # noqa: PLC0415

    def told(seen: list[float], of: int) -> None:
        say(state="working", stage="epochs", done=len(seen), of=of, seen=seen)

    return contests.make(Run.at(job), Contest(**job["contest"]), told)


TRADES: dict[str, Callable[[Job, Say], bool]] = {
    "practice": _practise,
    "neighbours": _neighbours,
    "map": _map,
    "probe": _probe,
    "contest": _contest,
}
"""What it can do, by the kind that a job names; each returns whether the result could be kept."""


def _counting(stage: str, say: Say) -> Callable[[int, int], None]:
    return lambda done, of: say(state="working", stage=stage, done=done, of=of)


def _listen(jobs: "queue.SimpleQueue[Job]") -> None:
    for line in sys.stdin:
        jobs.put(json.loads(line))
    os._exit(0)  # the server is gone: nobody waits for the job that may be going on


def _mouth() -> Say:
    """The way out, kept for answers: whatever a library prints goes where errors go."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(**answer: object) -> None:
        out.write(json.dumps(answer) + "\n")
        out.flush()

    return say


def _step_back() -> None:
    """Let viewers and a training go first; on Windows whoever starts this process has seen to it."""
    if hasattr(os, "nice"):
        os.nice(10)
        with contextlib.suppress(OSError):  # Linux on a desktop weighs sessions against each other, and this is one
            Path("/proc/self/autogroup").write_text("10")


def _reason(error: Exception) -> str:
    if isinstance(error, SPEAKING):
        return str(error)
    return _("The computation ended by an error ({error}): the server's log says where.").format(
        error=type(error).__name__
    )


if __name__ == "__main__":
    main()
