"""A look at digits that are not learned from: how well the network reads them at a step, and a checkpoint of it."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from mnist_viz.data.mnist import Digits
from mnist_viz.runs.logits import predict
from mnist_viz.runs.records import Record
from mnist_viz.training import runaway, transfer
from mnist_viz.training.config import EARLY, TrainConfig


def evaluation(at: Record, part: str, logits: NDArray[np.float32], labels: NDArray[np.uint8]) -> Record:
    """The record of how well logits (N, 10) fit labels (N,): mean cross-entropy in nats, accuracy in 0..1.

    `at` has the step, the epoch and the seconds of training at which this was looked at.
    """
    loss = functional.cross_entropy(torch.tensor(logits), torch.tensor(labels).long()).item()
    return {
        "kind": "evaluation",
        **{name: at[name] for name in ("step", "epoch", "seconds")},
        "part": part,
        "digits": len(labels),
        "loss": loss,
        "accuracy": float((logits.argmax(1) == labels).mean()),
    }


def look(model: nn.Module, digits: tuple[Digits, Digits | None], config: TrainConfig, at: Record) -> Iterator[Record]:
    """How the model does on the validation digits, and on those of the old task (both all where the settings say so,
    else the first 1,000), then a checkpoint.
    """
    step = at["step"]
    count = None if config.is_whole_look(step) else EARLY
    model.eval()
    for part, looked in zip(("val", transfer.OLD), digits, strict=True):
        if looked is None:
            continue
        record = evaluation(at, part, predict(model, looked.images[:count]), looked.labels[:count])
        if math.isfinite(record["loss"]):
            yield record
        if part == "val":
            runaway.refuse(config, step, record["loss"])
    yield {"kind": "checkpoint", "step": step, "epoch": at["epoch"]}
