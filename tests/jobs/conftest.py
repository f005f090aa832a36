"""A run with a checkpoint in a store of a test's own, a queue that ends with its test, and a wait."""

import time
from collections.abc import Callable, Iterator

import pytest
import torch

import models
from mnist_viz.jobs.queue import Queue
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import Run, Store

Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A small network that has learned nothing."""
    folder = tmp_path_factory.mktemp("jobs")
    run = Store(folder / "runs", folder / "pretrained", folder / "cache").create({"architecture": "mlp"})
    torch.manual_seed(0)
    checkpoints.save(run, 0, models.build("mlp"))
    return run


@pytest.fixture(scope="module")
def queue() -> Iterator[Queue]:
    """One queue for all tests of a file: its process is loaded once."""
    one = Queue(gently=False)
    yield one
    one.close()


@pytest.fixture(scope="session")
def wait() -> Wait:
    """Waits until something is so, and fails if it is not within minutes: a busy machine compiles slowly."""

    def until(so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 400
        while not so():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.01)

    return until
