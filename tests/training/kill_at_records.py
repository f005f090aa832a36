"""Trains runs in processes that kill themselves (kill -9) once they have written so many records.

python -m tests.training.kill_at_records ROOT COUNT ...   The count is the run's seed too, so that it can be told apart.
"""

import os
import signal
import sys
from pathlib import Path

import torch

from mnist_viz.data import mnist
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import Store
from mnist_viz.training import launch, worker
from mnist_viz.training.config import TrainConfig


def main(root: str, *counts: str) -> None:
    """Train one after the other; a trainer that ends by itself is an error."""
    store = Store(Path(root))
    mnist.digits("train")  # this and the first optimiser take seconds: once, not in every process
    torch.optim.Adam([torch.zeros(1, requires_grad=True)])
    for count in map(int, counts):
        child = os.fork()
        if child == 0:
            train_until(store, count)
            os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, count


def train_until(store: Store, count: int) -> None:
    """Train a small run of its own and kill this process after the record of this number."""
    written = 0

    def kill(_record: Record) -> None:
        nonlocal written
        written += 1
        if written == count:
            os.kill(os.getpid(), signal.SIGKILL)

    config = TrainConfig.from_preset("live", digits=500, batch=8, device="cpu", seed=count)
    worker.train(launch.create(config, store), progress=kill)


if __name__ == "__main__":
    main(*sys.argv[1:])
