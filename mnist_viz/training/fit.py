"""The training loop: it changes a model step by step and yields a record of each; somebody else writes them."""

import math
import time
from collections.abc import Iterator

import torch

import models
from mnist_viz.data.mnist import Digits
from mnist_viz.data.split import of_each, subset
from mnist_viz.plan import words
from mnist_viz.runs.records import Record
from mnist_viz.text import _
from mnist_viz.training import runaway
from mnist_viz.training.changes import Moment
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Refused
from mnist_viz.training.initialisation import initialise
from mnist_viz.training.learner import Learner
from mnist_viz.training.looks import look
from mnist_viz.training.order import batches

SUBSET = 0  # which digits few digits are: the same for every seed, so that runs can be compared


def device(name: str) -> torch.device:
    """The device of this name, `auto` being the fastest there is. Raises Refused if it isn't there."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(kind for kind, is_there in there.items() if is_there)
    if not there.get(name, False):
        raise Refused(_("device={name} is not there on this machine: choose auto or cpu.").format(name=name))
    return torch.device(name)


def network(config: TrainConfig) -> models.Classifier:
    """The network before the first step, from nothing: its weights depend on architecture, layers, classes,
    initialisation and seed alone.
    """
    torch.manual_seed(config.seed)
    model = models.build(config.architecture, config.classes, **words.shape(config.architecture, config.layers))
    initialise(model, config.initialisation)
    return model


def taught(train: Digits, config: TrainConfig) -> Digits:
    """The digits that train. How many of all are given, which ones they are is a constant; few of each class are
    drawn by the seed, for with so few it matters as much which ones they are as with which weights one begins.
    """
    if config.per_class:
        return train.chosen(of_each(train.labels, config.per_class, config.seed))
    return train.chosen(subset(train.labels, config.shown, SUBSET)) if config.shown < len(train) else train


def fit(
    model: models.Classifier,
    train: Digits,
    val: Digits,
    config: TrainConfig,
    old: Digits | None = None,
    *,
    moment: Moment | None = None,
) -> Iterator[Record]:
    """Train the layers that `config.trains` names on the digits of `taught`; the weights are those of the last record,
    or the average of all until then.

    Yields what `runs.records` lists: start; after every step a step, and where `config.is_kept` an evaluation
    on the validation digits, another on those of the old task if there are any, and a checkpoint (whoever keeps
    weights saves them now). The same settings give the same numbers on the same machine. Raises Diverged when the
    loss is no number or beyond RUNAWAY; the latter is yielded before. Whoever gives the `moment` can change some of
    the settings between two steps.
    """
    where = device(config.device)
    torch.backends.cudnn.deterministic = True
    model.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    train = taught(train, config)
    moment = moment or Moment(config)
    learner = Learner(model, config, moment)
    images = torch.tensor(train.images, device=where).unsqueeze(1)  # uint8: 43 MB instead of 172
    labels = torch.tensor(train.labels, device=where).long()

    yield {
        "kind": "start",
        "device": where.type,
        "steps": config.steps,
        "steps_per_epoch": config.steps_per_epoch,
        "digits": len(train),
        "parameters": sum(weights.numel() for weights in model.parameters()),
        "learn": sum(weights.numel() for weights in learner.learns.parameters()),
    }
    yield from look(model, (val, old), config, {"step": 0, "epoch": 0.0, "seconds": 0.0})
    learner.prepare()
    seconds, seen = 0.0, 0
    for step, chosen in enumerate(batches(config, where), 1):
        began = time.perf_counter()
        loss, accuracy = learner.step(step, images[chosen], labels[chosen])
        seconds += time.perf_counter() - began
        seen += len(chosen)
        record = {
            "kind": "step",
            "step": step,
            "epoch": step / config.steps_per_epoch,
            "loss": loss,
            "accuracy": accuracy,
            "rate": moment.now.rate_at(step),
            "seconds": seconds,
            "images_per_second": seen / seconds,
        }
        if math.isfinite(loss):
            yield record
        runaway.refuse(moment.now, step, loss)
        if config.is_kept(step):
            yield from look(model, (val, old), config, record)
