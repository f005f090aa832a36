"""Starts processes that outlive whoever started them: trainers, and the measuring of this machine's speed.

They are fresh interpreters in a session of their own, so a page change, a reload, a restart of the server and
Ctrl-C in its terminal don't touch them. A run's folder is all they share with anybody.
"""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnist_viz.data.sets import DATASETS
from mnist_viz.runs.store import REPOSITORY, Run, Store
from mnist_viz.training import chain, estimate, lineage
from mnist_viz.training.config import TrainConfig

FROM_NOTHING, NEXT_FOLD = "from_nothing", "next_fold"
SPEED = ["mnist_viz.training.speed"]
_children: list["subprocess.Popen[bytes]"] = []
_announced = threading.Event()
_counting = threading.Lock()  # a viewer starts one while the server's reader asks after the others


def create(config: TrainConfig, store: Store, **more: str) -> Run:
    """A new run's folder; its config.json says the settings, and what the digits were.

    `more` is what ties runs together: `then` = from_nothing has the same trained from nothing afterwards, next_fold the
    next fold; `beside` names the run that it is compared with, `first_fold` that of the first fold. One that goes on
    begins with what the run before has kept, and takes its place among the folds. Raises Refused if the run to start
    from does not fit, DamagedRun if what it remembers is not whole.
    """
    config = lineage.found(config, store)
    origin: dict[str, Any] = {"classes": config.classes, "counts": dict(DATASETS[config.data].counts)}
    if not config.parent:
        origin |= {"parent": None, "from_step": None}
    settings = {**config.as_dict(), **origin, **more}
    if config.goes_on == "no":
        return store.create(settings)
    before = store.run(config.parent)
    settings |= _ties(before, config)
    return store.create(settings, lambda folder: chain.take_over(folder, before, config))


def first(config: TrainConfig, store: Store) -> Run:
    """The folder of the first of the runs that these settings ask for: if it starts from another run, the same from
    nothing follows it; if it is to be cross-validated, one fold follows the other. Raises as `create` does, also
    for what a later fold would refuse.
    """
    if config.folds and not config.fold:
        folds = [replace(config, fold=fold) for fold in range(1, config.folds + 1)]
        return create(folds[0], store, then=NEXT_FOLD)
    is_compared = config.parent and config.goes_on == "no"
    return create(config, store, **({"then": FROM_NOTHING} if is_compared else {}))


def start(config: TrainConfig, store: Store) -> Run:
    """Make a new run with these settings, the `first`, and start its trainer, whose first breath is its pulse.

    Raises as `create` does, OSError if the folder can't be made or the process can't be started.
    """
    run = first(config, store)
    _start(["mnist_viz.training", str(run.folder.absolute())], store, log=run.folder / "log.txt")
    return run


def _ties(before: Run, config: TrainConfig) -> dict[str, str]:
    """What ties a fold to the others, for who goes on with it to its planned end.

    With epochs added it is no longer as the others are. Who goes on with the first fold is the first itself.
    """
    known = before.config
    if not config.fold or config.cycle_from != (known.get("cycle_from") or 0):
        return {}
    return {name: known[name] for name in ("then", "first_fold") if name in known}


def announce_speed() -> None:
    """Say that the speed will be measured, though not before there is time for it."""
    _announced.set()


def measure_speed(store: Store) -> None:
    """Let a process measure this machine's speed, as far as that has not been done."""
    try:
        if estimate.unknown(store.cache):
            _start(SPEED, store, log=Path(os.devnull))
    finally:
        _announced.clear()


def is_measuring_speed() -> bool:
    """Whether the speed is about to be measured, or the process that does so is at it."""
    if _announced.is_set():
        return True
    reap()
    with _counting:
        return any(child.args[-1] == SPEED[-1] for child in _children)  # type: ignore[index]


def reap() -> None:
    """Ask every child whether it has ended: nobody else takes a dead one's place in the process table."""
    with _counting:
        _children[:] = [child for child in _children if child.poll() is None]


def _start(module: list[str], store: Store, log: Path) -> None:
    reap()
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=REPOSITORY,
            env={**os.environ, "MNIST_VIZ_CACHE": str(store.cache.absolute())},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **_apart(),
        )
    with _counting:
        _children.append(child)


def _apart() -> dict[str, Any]:
    """What makes a child independent of this process, its terminal and its signals."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
