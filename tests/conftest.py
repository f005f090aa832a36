"""What all tests share: a store of their own, so that no test touches the project's runs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("MNIST_VIZ_AHEAD", "0")
os.environ.setdefault("NUMBA_OPT", "1")  # UMAP is compiled anew in every process: in 40 s instead of 90
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", ".hypothesis")

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Networks this small are no faster with more, and much slower on a busy machine."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a store with no runs but the one that ships, used by everything in this process."""
    from mnist_viz.server.board import board

    monkeypatch.setenv("MNIST_VIZ_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("MNIST_VIZ_CACHE", str(tmp_path / "cache"))
    board.cache_clear()
    yield tmp_path
    board.cache_clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if any("NO SMALL DISK" in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(
            "!!! THE FULL DISK WAS NOT TRIED: no small disk could be mounted here. !!!", red=True
        )
    if any("NO CHROMIUM FOUND" in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(
            "!!! THE BROWSER TESTS DID NOT RUN: no Chromium was found. Set CHROMIUM to its path. !!!",
            red=True,
            bold=True,
        )
