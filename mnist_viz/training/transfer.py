"""Starting from what another run has learned: its weights, a new head for other classes, and what stays as it is."""

from torch import nn

import models
from mnist_viz.data.mnist import Digits
from mnist_viz.data.sets import DATASETS
from mnist_viz.runs import checkpoints, digits
from mnist_viz.runs.store import DamagedRun, Store, UnknownRun
from mnist_viz.training.config import TrainConfig

OLD = "old"  # the part of an evaluation on the validation digits of the parent's data


def inherited(fresh: models.Classifier, config: TrainConfig, store: Store) -> models.Classifier:
    """The network with the weights of its parent's checkpoint; a head for other classes stays as fresh as it is.

    Raises UnknownRun or DamagedRun.
    """
    learned = checkpoints.load(store.run(config.parent), config.from_step)
    weights = learned.state_dict()
    if not keeps_head(config, store):
        weights = {name: value for name, value in weights.items() if not name.startswith("head.")}
    fresh.load_state_dict(weights, strict=False)
    return fresh


def keeps_head(config: TrainConfig, store: Store) -> bool:
    """Whether the classes of the run it began with are the same, so that its head can go on."""
    parent = _data(config, store)
    return DATASETS[parent].classes == DATASETS[config.data].classes


def old_task(config: TrainConfig, store: Store) -> Digits | None:
    """The validation digits of the parent's data, prepared as those that train now, where the network can still name
    them and they are others.
    """
    try:
        if not config.begins_with or not keeps_head(config, store) or _data(config, store) == config.data:
            return None
    except (UnknownRun, DamagedRun):
        if config.goes_on == "yes":  # its weights are its own by now
            return None
        raise
    return digits.as_seen(config.preparation, "val", _data(config, store))


def free(model: models.Classifier, trains: str) -> nn.ModuleList:
    """Freeze all but the layers named by `trains`, and return these, whose parameters are to be learned."""
    learns = nn.ModuleList(model.part(trains))
    model.requires_grad_(False)
    learns.requires_grad_(True)
    return learns


def _data(config: TrainConfig, store: Store) -> str:
    """What the run it began with learned from."""
    data = store.run(config.begins_with).data
    return data if data in DATASETS else "mnist"
