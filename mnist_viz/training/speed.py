"""`python -m mnist_viz.training.speed`: measures how long a step of each architecture takes on this machine."""

import sys

import numpy as np

import models
from mnist_viz.data import mnist
from mnist_viz.runs.store import default_cache
from mnist_viz.training import estimate
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import fit, network

BATCHES = (32, 256)
LONG = 1.0  # seconds of training for each
WARM = 3  # steps that are not counted: the first ones make room for the others


def measured(architecture: str, batch: int) -> float:
    """Seconds a step takes, the real loop on real digits."""
    config = TrainConfig.from_preset(architecture=architecture, batch=batch, epochs=20, digits=20_000)
    few = mnist.digits("val").chosen(np.arange(10))
    times: list[float] = []
    for record in fit(network(config), mnist.digits("train"), few, config):
        if record["kind"] == "step" and record["step"] >= WARM:
            times.append(record["seconds"])
            if times[-1] - times[0] > LONG and len(times) > estimate.STRETCH:
                break
    return estimate.pace(times)


def main() -> None:
    """Measure every architecture and keep the result in the cache."""
    lines = {}
    for name in models.ARCHITECTURES:
        small, large = ((batch, measured(name, batch)) for batch in BATCHES)
        lines[name] = estimate.line(small, large)
        print(f"{name}: {1e3 * small[1]:.1f} ms a step of 32, {1e3 * large[1]:.1f} ms of 256", file=sys.stderr)
    estimate.write(default_cache(), estimate.Speed(lines))


if __name__ == "__main__":
    main()
