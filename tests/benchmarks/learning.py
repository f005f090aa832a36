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
MOST_SECONDS = 20 * 60


def trained(*words: str, seeds: range = SEEDS) -> list[dict[str, Any]]:
    """What trainings with these words and seeds came to, each in a process of its own."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
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


def standard() -> tuple[float, str]:
    """Minutes of training with the preset standard, mean of three seeds."""
    seconds, detail = _tested("standard")
    return statistics.mean(seconds) / 60, detail


def accurate() -> tuple[float, str]:
    """Mean test accuracy of the preset accurate over three seeds, in percent; 0 if one took more than its minutes."""
    seconds, detail = _tested("accurate")
    mean = float(detail.split()[0])
    return (mean if max(seconds) <= MOST_SECONDS else 0.0), detail


def _tested(preset: str) -> tuple[list[float], str]:
    """The seconds of training of three seeds, and mean, spread and each of their test accuracies in words."""
    results = trained("--preset", preset, seeds=range(3))
    tested = [100 * result["test_accuracy"] for result in results]
    seconds = [result["seconds"] for result in results]
    each = " ".join(f"{value:.2f}" for value in tested)
    spread, time = statistics.stdev(tested), statistics.mean(seconds)
    mean = statistics.mean(tested)
    return seconds, f"{mean:.3f} % of the test digits, standard deviation {spread:.3f}; {each}; {time:.0f} s each"


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
    "standard_minutes": Measure(standard, "min", 4.0),
    "accurate_accuracy": Measure(accurate, "%", 99.6, least=True),
    "fine_tuning_gain_10_a_class": Measure(fine_tuning_gain, "points", 5.0, least=True),
}
