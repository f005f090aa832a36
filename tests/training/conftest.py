"""Small trainings for tests: a store of their own, and a wait that ends as soon as it can."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from mnist_viz.runs.store import Store

Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Small trainings gain nothing from a second thread, and lose much when the machine is busy."""
    threads, said = torch.get_num_threads(), os.environ.get("OMP_NUM_THREADS")
    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"  # for the processes that are started
    yield
    torch.set_num_threads(threads)
    os.environ.pop("OMP_NUM_THREADS") if said is None else os.environ.update(OMP_NUM_THREADS=said)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs", tmp_path / "pretrained", tmp_path / "cache")


@pytest.fixture(scope="session")
def wait() -> Wait:
    """Waits until something is so, and fails if it is not within a minute."""

    def until(so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not so():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)

    return until
