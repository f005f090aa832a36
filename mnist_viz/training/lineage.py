"""Where a training begins and what it is compared with: a checkpoint of another run, and the same from nothing."""

from dataclasses import replace

from mnist_viz.data.sets import DATASETS
from mnist_viz.plan import words
from mnist_viz.plan.layers import Impossible
from mnist_viz.runs.records import shown_step
from mnist_viz.runs.store import DamagedRun, Store, UnknownRun
from mnist_viz.text import _
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Refused
from mnist_viz.training.fields import NEWEST


def found(config: TrainConfig, store: Store) -> TrainConfig:
    """The settings with the parent's newest or best checkpoint named by its step; as they are where it has no parent.

    Raises Refused, in one sentence, for a parent that is not there, has not that checkpoint or is another network.
    """
    if not config.parent:
        return replace(config, from_step=NEWEST)
    try:
        parent = store.run(config.parent)
        architecture, steps, classes = parent.config["architecture"], parent.steps, parent.classes
        data, layers = parent.data, words.shape(architecture, parent.config.get("layers"))
    except (UnknownRun, DamagedRun, Impossible) as refusal:
        raise Refused(str(refusal)) from refusal
    if architecture != config.architecture:
        raise Refused(
            _("Run {run} is a {theirs}, no {ours}: choose architecture={theirs}, or another run to start from.").format(
                run=parent.id, theirs=architecture, ours=config.architecture
            )
        )
    if layers != words.shape(config.architecture, config.layers):
        raise Refused(
            _("Run {run} has the layers {theirs}: choose these, or another run to start from.").format(
                run=parent.id, theirs=words.write(layers["layers"])
            )
        )
    if data not in DATASETS or classes != len(DATASETS[data].classes):
        raise Refused(
            _("Run {run} says that {data} has {classes} classes, which is not so: choose another run.").format(
                run=parent.id, data=str(data)[:40], classes=classes
            )
        )
    step = shown_step(parent) if config.from_step == NEWEST else config.from_step
    if step not in steps:
        raise Refused(
            _("Run {run} keeps no checkpoint of step {step}: choose one of its checkpoints.").format(
                run=parent.id, step="–" if step is None else step
            )
        )
    return replace(config, from_step=step)


def from_nothing(config: TrainConfig) -> TrainConfig:
    """The same training without a parent: the same digits, steps and seed, and all layers learn."""
    return replace(config, parent="", from_step=NEWEST, trains="all")
