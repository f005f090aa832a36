"""How well and how fast `fast_cnn` learns, what pre-training brings it, and how fast the digits are there."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mnist_viz.data import mnist
from tests.benchmarks.measure import Measure

SEEDS = range(5)


def trained(*words: str) -> list[dict[str, Any]]:
    """What five trainings with these words and the seeds 0 to 4 came to, each in a process of its own."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            command = [sys.executable, "-m", "mnist_viz.training", *words, "--seed", str(seed)]
            done = subprocess.run(
                [*command, "--runs", str(Path(folder) / "runs")],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                check=True,
            )
            results.append(json.loads(done.stdout.splitlines()[-1]))
    return results


def fine_tuning_gain() -> tuple[float, str]:
    """Mean gain in test accuracy, in points, of printed characters before 10 digits a class of MNIST over nothing
    before them; five seeds, each with its own 100 digits and the same for both.
    """
    before = [100 * one["test_accuracy"] for one in trained("--preset", "fine_tune")]
    nothing = [100 * one["test_accuracy"] for one in trained("--preset", "fine_tune", "--set", "parent=")]
    gains = [one - other for one, other in zip(before, nothing, strict=True)]
    each = " ".join(f"{gain:.1f}" for gain in gains)
    return statistics.mean(gains), (
        f"standard deviation {statistics.stdev(gains):.2f}; {each}; "
        f"pre-trained {statistics.mean(before):.2f} % (sd {statistics.stdev(before):.2f}), "
        f"from nothing {statistics.mean(nothing):.2f} % (sd {statistics.stdev(nothing):.2f})"
    )


def accuracy() -> tuple[float, str]:
    """Mean test accuracy of one epoch over five seeds, in percent."""
    results = trained("--preset", "live")
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
    "fine_tuning_gain_10_a_class": Measure(fine_tuning_gain, "points", 5.0, least=True),
}
