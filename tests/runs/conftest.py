"""A store of a test's own, and a run in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mnist_viz.runs.store import Run, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs", tmp_path / "pretrained", tmp_path / "cache")


@pytest.fixture
def run(store: Store) -> Run:
    return store.create({"architecture": "mlp"})


@pytest.fixture(scope="session")
def make_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Run]:
    """Makes any number of runs, for tests that need one for every example."""
    folder = tmp_path_factory.mktemp("runs")
    store = Store(folder, folder / "pretrained", folder / "cache")
    return lambda: store.create({"architecture": "mlp"})
