"""`python -m mnist_viz.training.speed`: measures how long a step of each architecture takes on this machine.

What it has measured is there for all at once, and it goes on where another broke off.
"""

import sys

import numpy as np

from mnist_viz.data import mnist
from mnist_viz.runs.store import default_cache
from mnist_viz.training import estimate
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import fit, network

BATCHES = (32, 256)
LONG = 0.6  # seconds of training for each
LONGEST = 3.0  # seconds after which fewer steps must do, for the slow ones
WARM = 3  # steps that are not counted: the first ones make room for the others


def measured(architecture: str, batch: int) -> float:
    """Seconds a step takes, the real loop on real digits."""
    config = TrainConfig.from_preset(architecture=architecture, batch=batch, epochs=20, digits=20_000)
    few = mnist.digits("val").chosen(np.arange(10))
    times: list[float] = []
    for record in fit(network(config), mnist.digits("train"), few, config):
        if record["kind"] == "step" and record["step"] >= WARM:
            times.append(record["seconds"])
            spent = times[-1] - times[0]
            if spent > LONGEST or (spent > LONG and len(times) > estimate.STRETCH):
                break
    return estimate.pace(times)


def main() -> None:
    """Measure every architecture that has not been measured, and keep each result in the cache as it comes."""
    cache = default_cache()
    for name in estimate.unknown(cache):
        small, large = ((batch, measured(name, batch)) for batch in BATCHES)
        known = estimate.read(cache)
        lines = {**(known.lines if known else {}), name: estimate.line(small, large)}
        estimate.write(cache, estimate.Speed(lines))
        print(f"{name}: {1e3 * small[1]:.1f} ms a step of 32, {1e3 * large[1]:.1f} ms of 256", file=sys.stderr)


if __name__ == "__main__":
    main()
