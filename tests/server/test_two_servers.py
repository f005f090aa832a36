"""Two servers on one folder of runs: both see the same, either may go, and still only one training at a time."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mnist_viz.runs import commands, records
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig
from tests import servers
from tests.servers import Server


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    with servers.running(tmp_path) as one, servers.running(tmp_path) as other:
        yield one, other


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs", cache=tmp_path / "cache")


@pytest.fixture
def run(store: Store) -> Iterator[Run]:
    """A training that would go on for a long time, and is stopped in the end."""
    made = launch.start(small(), store)
    yield made
    commands.give(made, "stop")
    until(lambda: records.read_all(made)[-1]["kind"] in records.ENDINGS)


def small() -> TrainConfig:
    return TrainConfig.from_preset("live", architecture="mlp", digits=500, batch=8, device="cpu", epochs=200)


def curve(server: Server, run: Run) -> dict[str, Any]:
    """What this server answers to who watches the run from its first record on."""
    with urllib.request.urlopen(f"{server.url}/api/runs/{run.id}/curve?since=0&by=step&lang=en", timeout=10) as answer:
        content: dict[str, Any] = json.loads(answer.read())
        return content


def until(so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_both_show_the_same_and_one_goes_on_without_the_other(both: tuple[Server, Server], run: Run) -> None:
    until(lambda: all(curve(server, run)["cursor"] > 80 for server in both))
    commands.give(run, "pause")
    until(lambda: all("paused" in curve(server, run)["phase"] for server in both))
    first, second = (curve(server, run)["extend"] for server in both)
    assert first == second and len(first[0]["x"]) > 10
    losses = [record["loss"] for record in records.read_all(run) if record["kind"] == "step"]
    assert first[0]["y"] == losses

    gone, left = both
    gone.process.kill()
    gone.process.wait()
    commands.give(run, "resume")
    held = curve(left, run)["cursor"]
    until(lambda: curve(left, run)["cursor"] > held + 20)


def test_of_two_trainings_one_comes_second_and_both_servers_say_so(
    both: tuple[Server, Server], run: Run, store: Store
) -> None:
    until(lambda: all(curve(server, run)["cursor"] > 3 for server in both))
    second = launch.start(small(), store)
    until(lambda: all(curve(server, second)["phase"].startswith("failed") for server in both))
    assert records.read_all(second)[-1]["reason"].startswith(f"Run {run.id} is training")
    assert not curve(both[0], run)["ended"]
