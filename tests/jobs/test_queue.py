"""Real jobs in a real process: how far they are, given up, killed, and asked for by two at once."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import psutil
import pytest
from sklearn.neighbors import NearestNeighbors

from mnist_viz.jobs import maps
from mnist_viz.jobs.process import Worker
from mnist_viz.jobs.queue import Job, Neighbours, Practice, Progress, Queue, Work
from mnist_viz.runs import derived
from mnist_viz.runs.features import features
from mnist_viz.runs.store import Run
from tests.jobs.conftest import Wait

pytestmark = pytest.mark.timeout(420)  # UMAP is compiled anew in every process: seconds, or minutes on a busy machine


def look(queue: Queue, job: Work) -> Progress:
    progress = queue.look(job)
    assert progress is not None
    return progress


def test_it_practises_once_and_looks_for_neighbours_before_the_first_job(queue: Queue, run: Run, wait: Wait) -> None:
    job = Job(run, 0, 611)
    assert not queue.is_practising() and maps.neighbours(run, 0, 611) is None
    for _ in range(2):
        queue.get_ready(job)
    wait(queue.is_practising)
    wait(lambda: not look(queue, Neighbours(job)).alive)
    assert look(queue, Practice()).state == look(queue, Neighbours(job)).state == "done"
    (pid,) = workers()
    queue.get_ready(job)
    assert not any(look(queue, work).alive for work in (Practice(), Neighbours(job))) and workers() == [pid]
    near, seen = maps.neighbours(run, 0, 611), features(run, 0, "test")[:611]
    assert near is not None and maps.umap(run, 0, 611) is None
    distances, rows = NearestNeighbors(n_neighbors=15, algorithm="brute").fit(seen).kneighbors(seen)
    found = [len(set(one) & set(other)) / 15 for one, other in zip(near.rows, rows, strict=True)]
    assert np.mean(found) > 0.99
    np.testing.assert_allclose(near.distances[:, :2], distances[:, :2], atol=1e-3)


def test_who_gets_ready_for_another_map_no_longer_does_for_those_before(held: "type[Held]", run: Run) -> None:
    own, maps_asked = Queue(gently=False), [Job(run, step) for step in (1, 2, 3)]
    try:
        for job in maps_asked:
            own.get_ready(job)
        assert held.begins.wait(60)  # with the practice, which all three wait for
        assert [own.look(Neighbours(job)) is not None for job in maps_asked] == [False, False, True]
        assert own.ahead(Neighbours(maps_asked[2])) == 1
    finally:
        own.close()


def test_the_map_begins_with_the_neighbours_that_were_found_ahead(queue: Queue, run: Run, wait: Wait) -> None:
    job, random = Job(run, 0, 610), np.random.default_rng(0)
    rows = (np.arange(610)[:, None] + 2 * random.permutation(304)[:15]) % 610  # of even rows even ones, of odd ones odd
    rows[:, 0], distances = np.arange(610), np.tile(np.arange(15, dtype=np.float32), (610, 1))
    for field, table in (("rows", rows.astype(np.int32)), ("distances", distances)):
        derived.put(run, 0, f"umap_{field}_610", maps.VERSION, table)
    queue.ask(job)
    wait(lambda: not look(queue, job).alive)
    places = maps.umap(run, 0, 610)
    assert places is not None
    five = NearestNeighbors(n_neighbors=6).fit(places).kneighbors(return_distance=False)
    assert np.mean(five % 2 == np.arange(610)[:, None] % 2) > 0.9, "by the features it would be a half"


def test_a_job_says_its_epochs_and_leaves_a_map_of_neighbours(queue: Queue, run: Run, wait: Wait) -> None:
    job, seen = Job(run, 0, 600), list[Progress]()

    def over() -> bool:
        seen.append(look(queue, job))
        return not seen[-1].alive

    assert queue.look(job) is None
    queue.ask(job)
    wait(over)
    assert seen[-1].state == "done", seen[-1].reason
    epochs = [progress.done for progress in seen if progress.stage == "epochs"]
    assert epochs == sorted(epochs) and len(set(epochs)) > 2
    assert {progress.of for progress in seen if progress.stage == "epochs"} == {500}
    places = maps.umap(run, 0, 600)
    assert places is not None and places.dtype == np.float32 and np.isfinite(places).all()
    ten = [
        NearestNeighbors(n_neighbors=10).fit(points).kneighbors(return_distance=False)
        for points in (places, features(run, 0, "test")[:600])
    ]
    kept = np.mean([len(set(one) & set(other)) / 10 for one, other in zip(*ten, strict=True)])
    assert kept > 0.25, "of ten neighbours by chance 0.17 would stay"


def test_two_who_ask_at_once_for_the_same_get_the_same_job_and_others_wait(
    queue: Queue, run: Run, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    same, other, last = Job(run, 0, 601), Job(run, 0, 602), Job(run, 99, 609)
    given, do = list[object](), Worker.do

    def noted(worker: Worker, job: Mapping[str, object]) -> Iterator[dict[str, Any]]:
        given.append(job["digits"])
        return do(worker, job)

    monkeypatch.setattr(Worker, "do", noted)
    together = threading.Barrier(3)

    def ask(job: Job) -> None:
        together.wait()
        queue.ask(job)

    askers = [threading.Thread(target=ask, args=(job,)) for job in (same, Job(run, 0, 601), other)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    def both_over() -> bool:
        states = [look(queue, job) for job in (same, other)]
        assert sum(progress.state == "working" for progress in states) <= 1
        return not any(progress.alive for progress in states)

    wait(both_over)
    assert maps.umap(run, 0, 601) is not None and maps.umap(run, 0, 602) is not None
    queue.ask(last)  # its turn comes after whatever was asked for twice
    wait(lambda: not look(queue, last).alive)
    assert given[-1] == 609 and set(given[:-1]) == {601, 602} and len(given) == 3


def test_two_servers_compute_at_once_and_neither_dies(queue: Queue, run: Run, wait: Wait) -> None:
    second, jobs = Queue(gently=False), (Job(run, 0, 603), Job(run, 0, 604))
    try:
        for one, job in zip((queue, second), jobs, strict=True):
            one.ask(job)
        second.ask(jobs[0])
        wait(lambda: not any(look(second, job).alive for job in jobs) and not look(queue, jobs[0]).alive)
        assert [look(second, job).state for job in jobs] == ["done", "done"]
    finally:
        second.close()


def test_what_is_given_up_ends_and_what_waits_goes_on(queue: Queue, run: Run, wait: Wait) -> None:
    first, second = Job(run, 0, 605), Job(run, 0, 606)
    queue.ask(first)
    queue.ask(second)
    wait(lambda: look(queue, first).stage == "epochs")
    queue.cancel(first)
    assert look(queue, first).state == "cancelled"
    queue.cancel(second)
    assert look(queue, second).state == "cancelled"
    queue.ask(second)
    wait(lambda: look(queue, second).state == "working")
    assert look(queue, first).state == "cancelled" and maps.umap(run, 0, 605) is None


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_process_that_dies_is_one_sentence_and_the_next_job_starts_another(
    queue: Queue, run: Run, wait: Wait
) -> None:
    queue.cancel(Job(run, 0, 606))
    job = Job(run, 0, 607)
    before = set(workers())
    queue.ask(job)
    wait(lambda: look(queue, job).state == "working")
    (pid,) = set(workers()) - before
    os.kill(pid, signal.SIGKILL)
    wait(lambda: look(queue, job).state == "failed")
    assert "ended before it was done" in look(queue, job).reason
    queue.ask(job)
    wait(lambda: look(queue, job).state == "working")


def test_a_checkpoint_that_is_not_there_is_a_sentence(queue: Queue, run: Run, wait: Wait) -> None:
    job = Job(run, 99, 608)
    for other in (Job(run, 0, 607), Job(run, 0, 606)):
        queue.cancel(other)
    queue.ask(job)
    wait(lambda: not look(queue, job).alive)
    assert look(queue, job).state == "failed" and "no checkpoint of step 99" in look(queue, job).reason


def test_the_process_ends_with_whoever_started_it() -> None:
    worker = Worker()
    process = psutil.Process(worker.pid)
    assert worker._process.stdin
    worker._process.stdin.close()  # as the end of a server does
    assert worker._process.wait(30) == 0
    assert not process.is_running()
    assert worker._process.stdout
    worker._process.stdout.close()


class Held(Worker):
    """A process that begins and ends only when it may."""

    def __init__(self, *, gently: bool = True) -> None:
        self.begins.set()
        assert self.may_begin.wait(60)
        super().__init__(gently=gently)
        self.made.append(self)

    def end(self) -> None:
        self.ends.set()
        assert self.may_end.wait(60)
        super().end()

    begins: threading.Event
    may_begin: threading.Event
    ends: threading.Event
    may_end: threading.Event
    made: list[Worker]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Held]]:
    Held.begins, Held.may_begin, Held.ends, Held.may_end = (threading.Event() for _ in range(4))
    Held.made = []
    monkeypatch.setattr("mnist_viz.jobs.queue.Worker", Held)
    yield Held
    Held.may_begin.set()
    Held.may_end.set()


def at_once(act: Callable[[], object]) -> None:
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive(), "it waits"


@pytest.mark.parametrize("give_up", [lambda queue: queue.cancel(Practice()), lambda queue: queue.close()])
def test_nobody_waits_for_a_process_to_begin_and_none_is_left_of_what_was_given_up(
    held: type[Held], wait: Wait, give_up: Callable[[Queue], None]
) -> None:
    own = Queue(gently=False)
    own.ask(Practice())
    assert held.begins.wait(60)
    at_once(lambda: look(own, Practice()))
    at_once(lambda: give_up(own))
    held.may_end.set()
    held.may_begin.set()
    wait(lambda: len(held.made) == 1 and not held.made[0].is_alive())
    assert look(own, Practice()).state in ("cancelled", "waiting") and not own.is_practising()


def test_nobody_waits_for_a_process_to_end_and_the_next_job_has_another(held: type[Held], wait: Wait) -> None:
    own = Queue(gently=False)
    held.may_begin.set()
    try:
        own.ask(Practice())
        wait(lambda: look(own, Practice()).state == "working")
        given_up = threading.Thread(target=own.cancel, args=(Practice(),))
        given_up.start()
        assert held.ends.wait(60)
        at_once(lambda: own.ask(Practice()))
        held.may_end.set()
        given_up.join()
        wait(lambda: look(own, Practice()).state == "working")
        assert [worker.is_alive() for worker in held.made] == [False, True]
    finally:
        held.may_end.set()
        own.close()
    assert not any(worker.is_alive() for worker in held.made)


def workers() -> list[int]:
    """The processes of jobs that this one started; one that is dead and not yet waited for does nothing any more."""
    living = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child.pid for child in living if any("mnist_viz.jobs.worker" in word for word in child.cmdline())]
