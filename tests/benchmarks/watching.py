"""What an audience costs: the training that it watches, and the server."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil

from mnist_viz.runs import commands, records
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig
from tests import servers
from tests.benchmarks.audience import READY
from tests.benchmarks.measure import Measure
from tests.servers import ROOT, Server

SECONDS, TURNS = 8.0, 4
CROWD = 300


@contextmanager
def training() -> Iterator[tuple[Server, Run]]:
    """A server and a training that goes on at full speed, both warm."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, servers.running(Path(folder)) as server:
        store = Store(server.runs, cache=server.home / "cache")
        run = launch.start(TrainConfig.from_preset("live", epochs=100), store)
        while _trained(run)[0] < 2 * 215:
            time.sleep(0.2)
        yield server, run
        commands.give(run, "stop")
        while records.read_all(run)[-1]["kind"] not in records.ENDINGS:
            time.sleep(0.2)


def _trained(run: Run) -> tuple[int, float]:
    """The newest step, and the seconds of training until then."""
    steps = [record for record in records.read_all(run) if record["kind"] == "step"]
    return (steps[-1]["step"], steps[-1]["seconds"]) if steps else (0, 0.0)


def _watched(server: Server, run: Run, count: int) -> tuple[float, list[float], float]:
    """Steps a second of training, the milliseconds of each answer, and the server's share of a core, while watched."""
    process = psutil.Process(server.process.pid)
    words = [server.url, run.id, str(count), str(SECONDS)]
    watch = [sys.executable, "-m", "tests.benchmarks.audience", *words]
    with subprocess.Popen(watch, cwd=ROOT, stdout=subprocess.PIPE, text=True) as audience:
        time.sleep(READY + 1)
        begun, spent, now = _trained(run), sum(process.cpu_times()[:2]), time.perf_counter()
        time.sleep(SECONDS - 2)
        ended, used = _trained(run), sum(process.cpu_times()[:2]) - spent
        share = used / (time.perf_counter() - now)
        times = json.loads(audience.communicate(timeout=60)[0])
    return (ended[0] - begun[0]) / (ended[1] - begun[1]), times, share


def _cost(count: int) -> tuple[float, str]:
    """How many percent slower a training is while so many watch, by turns with nobody; medians."""
    with training() as (server, run):
        pairs = [(_watched(server, run, 0)[0], _watched(server, run, count)[0]) for _turn in range(TURNS)]
    alone, watched = (statistics.median(speeds) for speeds in zip(*pairs, strict=True))
    return 100 * (1 - watched / alone), f"{watched:.1f} steps a second by {alone:.1f}, medians of {TURNS} turns"


def twenty() -> tuple[float, str]:
    """What 20 watchers cost a training."""
    return _cost(20)


def hundred() -> tuple[float, str]:
    """What 100 watchers cost a training."""
    return _cost(100)


def server_share() -> tuple[float, str]:
    """The percent of one core that the server uses while 300 watch."""
    with training() as (server, run):
        seen = [_watched(server, run, CROWD) for _turn in range(2)][-1]
    return 100 * seen[2], f"{CROWD} watchers of a training at full speed, {len(seen[1]) / SECONDS:.0f} answers a second"


def answers() -> tuple[float, str]:
    """Milliseconds within which 95 % of the answers to 300 watchers arrive."""
    with training() as (server, run):
        times = [_watched(server, run, CROWD) for _turn in range(2)][-1][1]
    return float(np.quantile(times, 0.95)), f"median {statistics.median(times):.1f} ms of {len(times)} answers"


MEASURES = {
    "twenty_watchers": Measure(twenty, "%", 5.0),
    "hundred_watchers": Measure(hundred, "%", 10.0),
    "three_hundred_watchers_server": Measure(server_share, "% core", 25.0),
    "three_hundred_watchers_answer": Measure(answers, "ms", 100.0),
}
