"""How well and how fast `fast_cnn` learns, and how fast the digits are there."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mnist_viz.data import mnist
from tests.benchmarks.measure import Measure

SEEDS = range(5)


def accuracy() -> tuple[float, str]:
    """Mean test accuracy of one epoch over five seeds, in percent."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            command = [sys.executable, "-m", "mnist_viz.training", "--preset", "live", "--seed", str(seed)]
            done = subprocess.run(
                [*command, "--runs", str(Path(folder) / "runs")],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            results.append(json.loads(done.stdout.splitlines()[-1]))
    tested = [100 * result["test_accuracy"] for result in results]
    seconds = statistics.mean(result["seconds"] for result in results)
    each = " ".join(f"{value:.2f}" for value in tested)
    spread = statistics.stdev(tested)
    return statistics.mean(tested), f"standard deviation {spread:.3f}; {each}; {seconds:.1f} s of training each"


def loading() -> tuple[float, str]:
    """Seconds from nothing to all three parts in memory, checksums included; median of five."""
    times = []
    for _attempt in range(5):
        begin = time.perf_counter()
        mnist.load()
        times.append(time.perf_counter() - begin)
    return statistics.median(times), "median of 5, warm disk"


MEASURES = {
    "data_loading": Measure(loading, "s", 1.0),
    "fast_cnn_live_accuracy": Measure(accuracy, "%", 99.0, least=True),
}
