"""Contests in the queue: held for real and kept, told of on the way, given up without a process left; what ships."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_viz.jobs import contests
from mnist_viz.jobs.contests import Trial
from mnist_viz.jobs.queue import Queue
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.training.contest import Contest
from tests.jobs.conftest import Wait

TINY = Contest("binarise", 50, 0, 300, "mlp", 3)


def children(pid: int) -> set[int]:
    """The processes that this one started."""
    said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return {int(one) for one in said.stdout.split()}


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return (
        "Z"
        not in subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    )


@pytest.mark.skipif(sys.platform == "win32", reason="asks ps for processes")
def test_a_contest_is_held_and_kept_and_another_is_given_up_without_a_process_left(run: Run, wait: Wait) -> None:
    queue = Queue(gently=False)
    try:
        trial, given_up = Trial(run, TINY), Trial(run, replace(TINY, digits=3000, seeds=10))
        assert contests.known(run, TINY) is None
        queue.ask(trial)
        queue.ask(trial)
        wait(lambda: (look := queue.look(trial)) is not None and look.done > 0)
        look = queue.look(trial)
        assert look is not None and (look.stage, look.of) == ("epochs", 2 * 3 * 8)
        wait(lambda: (look := queue.look(trial)) is not None and look.done >= 17)
        look = queue.look(trial)
        assert look is not None and look.seen
        halfway = contests.so_far(TINY, look.seen[:17])
        wait(lambda: (look := queue.look(trial)) is not None and not look.alive)
        look, table = queue.look(trial), contests.known(run, TINY)
        assert look is not None and look.state == "done", look
        assert halfway.shape == (2, 1, 8) and table is not None and (halfway == table[:, :1]).all()
        assert table is not None and table.shape == (2, 3, 8)
        assert (table[:, :, 0] < table[:, :, -1]).all() and (table[:, :, -1] > 0.6).all()
        assert len(np.unique(table[:, :, -1])) > 3, "every network has its own chance"

        queue.ask(given_up)
        wait(lambda: (look := queue.look(given_up)) is not None and look.done > 0)
        assert queue._worker is not None
        worker = queue._worker.pid
        trainers = children(worker)
        assert len(trainers) == 1
        queue.cancel(given_up)
        wait(lambda: not any(is_there(one) for one in {worker, *trainers}))
        look = queue.look(given_up)
        assert look is not None and look.state == "cancelled" and contests.known(run, given_up.contest) is None
    finally:
        queue.close()


def test_of_what_is_seen_the_whole_pairs_count_without_the_step_first() -> None:
    seen = [*range(8), *range(10, 18), *range(20, 28), *range(30, 38)]  # two pairs of eight epochs each
    assert contests.so_far(TINY, seen).tolist() == [[seen[:8], seen[16:24]], [seen[8:16], seen[24:]]]
    assert contests.so_far(TINY, seen[:31]).tolist() == [[seen[:8]], [seen[8:16]]]
    assert contests.so_far(TINY, seen[:15]).shape == contests.so_far(TINY, ()).shape == (2, 0, 8)


def test_why_a_contest_could_not_be_held_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contests, "MODULE", "this")  # a module that says no JSON, then none at all
    with pytest.raises(ValueError, match="Expecting value"):
        contests.make(run, TINY, lambda _seen, _of: None)
    monkeypatch.setattr(contests, "MODULE", "mnist_viz.text")
    with pytest.raises(contests.NotHeld, match="ended before it was done"):
        contests.make(run, TINY, lambda _seen, _of: None)


def test_a_first_contest_ships(tmp_path: Path) -> None:
    shipped = Store(tmp_path, cache=tmp_path).run(PRETRAINED)
    table = contests.known(shipped, Contest())
    assert table is not None and table.shape == (2, 5, 6)
    assert (table[:, :, -1] > 0.93).all() and (table * 5000 == np.round(table * 5000)).mean() > 0.99
