"""Settings that are sensible one by one and make no sense together: each pair has its sentence."""

from typing import TYPE_CHECKING

from mnist_viz.data.sets import DATASETS
from mnist_viz.text import _
from mnist_viz.training import crossvalidation, going_on
from mnist_viz.training.failures import Refused

if TYPE_CHECKING:
    from mnist_viz.training.config import TrainConfig


def refuse(config: "TrainConfig") -> None:
    """Raises Refused: what came, why it cannot be, what to do."""
    going_on.refuse(config)
    crossvalidation.settled(config.folds, config.fold, parent=config.begins_with, per_class=config.per_class)
    if config.trains != "all" and not config.begins_with:
        raise Refused(
            _("trains={trains} would leave layers that never learned: choose a parent, or all.").format(
                trains=config.trains
            )
        )
    if config.initialisation != "default" and config.begins_with:
        raise Refused(
            _(
                "initialisation={initialisation} would throw away what parent={parent} has learned: choose "
                "initialisation=default, or no parent."
            ).format(initialisation=config.initialisation, parent=config.begins_with)
        )
    if config.patience and config.begins_with:
        raise Refused(
            _(
                "patience={patience} with parent={parent} would end it and the same from nothing at different "
                "steps, which could not be compared: choose patience=0, or no parent."
            ).format(patience=config.patience, parent=config.begins_with)
        )
    if config.patience and config.per_class:
        raise Refused(
            _(
                "patience={patience} with per_class={count} has one look at all validation digits, at the end: "
                "choose patience=0, or per_class=0."
            ).format(patience=config.patience, count=config.per_class)
        )
    if config.patience >= config.whole_looks:
        raise Refused(
            _(
                "patience={patience} needs more looks at all validation digits than {looks}: choose "
                "patience={most}, or more epochs."
            ).format(patience=config.patience, looks=config.whole_looks, most=config.whole_looks - 1)
        )
    if config.nesterov == "yes" and (config.optimiser != "sgd" or not config.momentum):
        raise Refused(
            _(
                "nesterov=yes with optimiser={optimiser} and momentum={momentum:g} has no momentum to look ahead "
                "along: choose optimiser=sgd with momentum above 0, or nesterov=no."
            ).format(optimiser=config.optimiser, momentum=config.momentum)
        )
    if config.per_class > DATASETS[config.data].rarest:
        raise Refused(
            _("per_class={count} is more than {data} has of each class: try {most} or fewer.").format(
                count=config.per_class, data=config.data, most=DATASETS[config.data].rarest
            )
        )
