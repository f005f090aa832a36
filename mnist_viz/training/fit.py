"""The training loop: it changes a model step by step and yields a record of each; somebody else writes them."""

import math
from collections.abc import Iterator
from itertools import islice

import numpy as np
import torch

import models
from mnist_viz.data.mnist import Digits
from mnist_viz.data.split import folds, of_each, subset
from mnist_viz.data.statistics import mean_image
from mnist_viz.plan import words
from mnist_viz.plan.scalings import MEAN_IMAGE
from mnist_viz.runs.records import Record
from mnist_viz.training import chain, order, runaway
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.initialisation import initialise
from mnist_viz.training.learner import Learner
from mnist_viz.training.looks import look
from mnist_viz.training.tally import Tally

SUBSET = 0  # which digits few digits are: the same for every seed, so that runs can be compared


def network(config: TrainConfig) -> models.Classifier:
    """The network before the first step, from nothing: its weights depend on architecture, layers, classes,
    initialisation and seed alone. A mean image to subtract is black before `take_mean`.
    """
    torch.manual_seed(config.seed)
    model = models.build(config.architecture, config.classes, **words.shape(config.architecture, config.layers))
    initialise(model, config.initialisation)
    model.rescale(config.scaling)
    return model


def take_mean(model: models.Classifier, digits: Digits, config: TrainConfig) -> None:
    """Let a network that subtracts a mean image subtract that of the digits which train it; one that begins with what
    another has learned keeps the one that this was learned with.
    """
    if config.scaling == MEAN_IMAGE and not config.parent:
        mean = mean_image(digits.images) / 255
        model.mean.copy_(torch.from_numpy(mean.astype(np.float32)))


def taught(train: Digits, config: TrainConfig) -> Digits:
    """The digits to train on. How many of all are given, which ones they are is a constant; few of each class are
    drawn by the seed, for with so few it matters as much which ones they are as with which weights one begins.
    """
    if config.per_class:
        return train.chosen(of_each(train.labels, config.per_class, config.seed))
    return train.chosen(subset(train.labels, config.pool, SUBSET)) if config.pool < len(train) else train


def cut(train: Digits, val: Digits, config: TrainConfig) -> tuple[Digits, Digits]:
    """The digits that train, and those that are looked at meanwhile: the validation digits, or of the digits of
    `taught` the fold that the settings name.
    """
    pool = taught(train, config)
    if not config.folds:
        return pool, val
    held_back = folds(pool.labels, config.folds)[max(config.fold, 1) - 1]
    return pool.chosen(np.delete(np.arange(len(pool)), held_back)), pool.chosen(held_back)


def fit(
    model: models.Classifier,
    train: Digits,
    val: Digits,
    config: TrainConfig,
    old: Digits | None = None,
    *,
    learner: Learner | None = None,
    last: Record | None = None,
) -> Iterator[Record]:
    """Train the layers that `config.trains` names on the digits of `cut`, all of them as the run sees them;
    the weights are those of the last record, or the average of all until then.

    Yields what `runs.records` lists: start; after every step a step, and where `config.is_kept` an evaluation
    on the validation digits, another on those of the old task if there are any, and a checkpoint (whoever keeps
    weights saves them now). The same settings give the same numbers on the same machine. Raises Diverged when the
    loss is no number or beyond RUNAWAY; the latter is yielded before.

    Whoever wants to change settings between two steps gives a `learner` that follows a moment of his own; a training
    that goes on one as it was, and the record of the `last` step that it had taken.
    """
    torch.backends.cudnn.deterministic = True
    train, val = cut(train, val, config)
    if learner is None:
        take_mean(model, train, config)
        learner = Learner(model, config)
    where = learner.where
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
    if last is None:
        last = chain.BEGINNING
        yield from look(model, (val, old), config, last)
    if not learner.is_prepared:
        learner.prepare()
    tally = Tally(config, learner.moment, last, where)
    for step, chosen in enumerate(islice(order.batches(config, where), last["step"], None), last["step"] + 1):
        tally.begin()
        if not tally.add(step, len(chosen), learner.step(step, images[chosen], labels[chosen])):
            continue
        for record in tally.records():
            if math.isfinite(record["loss"]):
                yield record
            runaway.refuse(learner.moment.now, record["step"], record["loss"])
        if config.is_kept(step):
            yield from look(model, (val, old), learner.moment.now, record)
