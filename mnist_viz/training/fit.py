"""The training loop: it changes a model step by step and yields a record of each; somebody else writes them."""

import math
import time
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

import models
from mnist_viz.data.mnist import Digits
from mnist_viz.data.split import of_each, subset
from mnist_viz.plan import words
from mnist_viz.runs.logits import predict
from mnist_viz.runs.records import Record
from mnist_viz.text import _
from mnist_viz.training import optimisers, transfer
from mnist_viz.training.averaging import Average
from mnist_viz.training.config import EARLY, TrainConfig
from mnist_viz.training.failures import Diverged, Refused
from mnist_viz.training.fields import names
from mnist_viz.training.initialisation import initialise

RUNAWAY = 10_000.0  # nats, at the start it is 2.3; of 144 trainings none that got there learned more than 25 %
UNREADABLE = 1e12  # a loss with more digits than anybody reads
SAFE = 0.01  # the learning rate of every recipe: no advice is above it
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
    model: models.Classifier, train: Digits, val: Digits, config: TrainConfig, old: Digits | None = None
) -> Iterator[Record]:
    """Train the layers that `config.trains` names on the digits of `taught`; the weights are those of the last record,
    or the average of all until then.

    Yields what `runs.records` lists: start; after every step a step, and where `config.is_kept` an evaluation
    on the validation digits, another on those of the old task if there are any, and a checkpoint (whoever keeps
    weights saves them now). The same settings give the same numbers on the same machine. Raises Diverged when the
    loss is no number or beyond RUNAWAY; the latter is yielded before.
    """
    where = device(config.device)
    torch.backends.cudnn.deterministic = True
    model.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    train = taught(train, config)
    average = Average(model, config.averaging)
    learns = transfer.free(average.learner, config.trains)
    images = torch.tensor(train.images, device=where).unsqueeze(1)  # uint8: 43 MB instead of 172
    labels = torch.tensor(train.labels, device=where).long()
    order = torch.Generator().manual_seed(config.seed)

    yield {
        "kind": "start",
        "device": where.type,
        "steps": config.steps,
        "steps_per_epoch": config.steps_per_epoch,
        "digits": len(train),
        "parameters": sum(weights.numel() for weights in model.parameters()),
        "learn": sum(weights.numel() for weights in learns.parameters()),
    }
    yield from _look(model, (val, old), config, {"step": 0, "epoch": 0.0, "seconds": 0.0})
    optimiser = optimisers.build(learns, config)  # takes seconds the first time, in which there is something to see
    step, seconds, seen = 0, 0.0, 0
    for _epoch in range(config.epochs):
        shuffled = torch.randperm(config.shown, generator=order).to(where)
        for begin in range(0, config.shown, config.batch):
            chosen = shuffled[begin : begin + config.batch]
            step += 1
            began = time.perf_counter()
            rate = config.rate_at(step)
            for group in optimiser.param_groups:
                group["lr"] = rate
            batch = (images[chosen], labels[chosen])
            loss, accuracy = _learn(average.learner, learns, optimiser, batch, config.smoothing)
            average.update()
            seconds += time.perf_counter() - began
            seen += len(chosen)
            record = {
                "kind": "step",
                "step": step,
                "epoch": step / config.steps_per_epoch,
                "loss": loss,
                "accuracy": accuracy,
                "rate": rate,
                "seconds": seconds,
                "images_per_second": seen / seconds,
            }
            if math.isfinite(loss):
                yield record
            _refuse_runaway(config, step, loss)
            if config.is_kept(step):
                yield from _look(model, (val, old), config, record)


def _learn(
    model: nn.Module,
    learns: nn.Module,
    optimiser: torch.optim.Optimizer,
    batch: tuple[Tensor, Tensor],
    smoothing: float,
) -> tuple[float, float]:
    """One step on one batch. Returns its loss, against the smoothed labels, and its accuracy before the step.

    What does not learn stays in eval mode: a batch norm in it uses its statistics and leaves them as they are.
    """
    model.eval()
    learns.train()
    optimiser.zero_grad()
    images, labels = batch
    answers = model(images.float() / 255)
    loss = functional.cross_entropy(answers, labels, label_smoothing=smoothing)
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return loss.item(), (answers.argmax(1) == labels).float().mean().item()


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


def _look(model: nn.Module, digits: tuple[Digits, Digits | None], config: TrainConfig, at: Record) -> Iterator[Record]:
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
            _refuse_runaway(config, step, record["loss"])
    yield {"kind": "checkpoint", "step": step, "epoch": at["epoch"]}


def _refuse_runaway(config: TrainConfig, step: int, loss: float) -> None:
    if loss <= RUNAWAY:
        return
    sentence = (
        _(
            "The loss ran away ({loss} at step {step:,}): the learning rate (rate={rate:g}) is too large for "
            "{optimiser} here: try {less:g}."
        )
        if loss < UNREADABLE
        else _(
            "The loss grew beyond all numbers at step {step:,}: the learning rate (rate={rate:g}) is too large for "
            "{optimiser} here: try {less:g}."
        )
    )
    raise Diverged(
        sentence.format(
            loss=f"{float(f'{loss:.3g}'):,.0f}",
            step=step,
            rate=config.rate,
            optimiser=names()[config.optimiser],
            less=min(config.rate / 10, SAFE),
        )
    )
