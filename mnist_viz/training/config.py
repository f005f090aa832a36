"""The settings of a training: frozen, checked at the one door that form, command line and file go through."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from itertools import count
from typing import Any

from mnist_viz.data.sets import DATASETS
from mnist_viz.training import contradictions, crossvalidation, going_on, own_layers
from mnist_viz.training.failures import Refused
from mnist_viz.training.fields import FIELDS, LATER
from mnist_viz.training.kinds import Choice, Number, Value
from mnist_viz.training.presets import PRESETS, Preset
from mnist_viz.training.schedules import SCHEDULES

__all__ = ["FIELDS", "PRESETS", "Choice", "Number", "Preset", "Refused", "TrainConfig", "Value", "from_words"]

SHORT = 3  # epochs up to which Adam forgets quickly
EARLY = 1000  # validation digits looked at before the first whole look, where it would cost more than learning
MOST_STEPS = 3700  # records of steps; with those of kept steps a run has no more than 4,000
LOOKS = 40  # at the validation digits, as many as there are checkpoints: each costs as much as many steps


@dataclass(frozen=True)
class TrainConfig:
    """What decides the outcome of a training. Refuses nonsense: what came, what is allowed, what to do.

    `batch` and `digits` are counts, `rate` is the learning rate (its peak, which the schedule follows),
    `momentum` and `nesterov` belong to sgd alone, `weight_decay` is used as `optimisers` says, `smoothing` is the share
    of a label that is spread over all classes, `preset` is where the settings came from. `per_class` digits of each
    class of `data` train, `digits` of all classes together where it is 0. Who has a `parent` starts from its checkpoint
    `from_step`, and only the layers that `trains` names learn; who has none starts from weights that `initialisation`
    names. With `averaging`, which is a decay, an average of the weights is looked at and kept.
    With `patience` it ends after so many whole looks in a row without a lower validation loss.
    `layers` is the word for a network of one's own (`plan.words`), "" for the zoo's. `dropout` is the share of
    activations that `training.dropout` silences. From `rotation` on: how far each batch is changed before it is learned
    from, in the units of `training.augmentation`. With `folds` those of one `fold` are looked at and do not train.
    `preparation` are the steps that each digit goes through before the network gets it (`data.preparation`), `scaling`
    is how the network then scales its pixels (`models.classifier`).
    What `goes_on`, `began_with` and `cycle_from` mean says `going_on`.
    """

    preset: str
    architecture: str
    epochs: int
    batch: int
    rate: float
    optimiser: str
    schedule: str
    momentum: float
    digits: int
    seed: int
    device: str
    data: str
    per_class: int
    parent: str
    from_step: int
    trains: str
    nesterov: str
    weight_decay: float
    smoothing: float
    initialisation: str
    averaging: float
    patience: int
    layers: str
    dropout: float
    rotation: float
    shift: float
    zoom: float
    shear: float
    elastic: float
    erasing: float
    grain: float
    folds: int
    fold: int
    goes_on: str
    began_with: str
    cycle_from: int
    preparation: str
    scaling: str

    def __post_init__(self) -> None:
        for name, allowed in FIELDS.items():
            object.__setattr__(self, name, allowed.checked(name, getattr(self, name)))
        contradictions.refuse(self)
        last_batch = (self.shown - 1) % self.batch + 1
        layers = own_layers.settled(self.architecture, self.layers, classes=self.classes, last_batch=last_batch)
        object.__setattr__(self, "layers", layers)

    @classmethod
    def from_preset(cls, preset: str = "live", /, **changes: Value) -> "TrainConfig":
        """A preset's settings with some of them changed. Raises Refused."""
        FIELDS["preset"].checked("preset", preset)
        return cls.from_dict({**PRESETS[preset].settings, "preset": preset, **_known(changes)})

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> "TrainConfig":
        """The settings in a run's config.json, whose other words are passed over. Raises Refused."""
        names = [field.name for field in fields(cls)]
        settings = {**settings, **{name: value for name, value in LATER.items() if settings.get(name) is None}}
        missing = [name for name in names if name not in settings]
        if missing:
            raise Refused(f"{', '.join(missing)} is missing, but a training needs all of {', '.join(names)}.")
        return cls(**{name: settings[name] for name in names})

    def as_dict(self) -> dict[str, Value]:
        """The settings as words and numbers."""
        return asdict(self)

    @property
    def begins_with(self) -> str:
        """The run whose weights the first step of all began with, "" for who began from nothing."""
        return self.began_with if self.goes_on == "yes" else self.parent

    @property
    def classes(self) -> int:
        """How many classes there are to tell apart."""
        return len(DATASETS[self.data].classes)

    @property
    def pool(self) -> int:
        """How many digits there are to train on, those of a fold among them."""
        return self.per_class * self.classes or min(self.digits, DATASETS[self.data].counts["train"])

    @property
    def shown(self) -> int:
        """How many digits train."""
        return self.pool - crossvalidation.size(self.pool, self.folds, self.fold)

    @property
    def steps_per_epoch(self) -> int:
        """How many batches the digits make; the last may be smaller."""
        return -(-self.shown // self.batch)

    @property
    def steps(self) -> int:
        """How many steps the whole training has."""
        return self.epochs * self.steps_per_epoch

    @property
    def betas(self) -> tuple[float, float]:
        """How slowly Adam forgets gradients and their squares.

        Up to 3 epochs quickly (0.7, 0.9), as the fastest one-epoch recipes do (train_mnist_fast), else its
        defaults.
        """
        return (0.7, 0.9) if self.epochs - self.cycle_from <= SHORT else (0.9, 0.999)

    def rate_at(self, step: int) -> float:
        """The learning rate of step 1, 2, ... `steps`, as the schedule says."""
        place, steps = going_on.in_round(self, step)
        return self.rate * SCHEDULES[self.schedule](place, steps, self.steps_per_epoch)

    @cached_property
    def steps_between_looks(self) -> int:
        """How many steps a whole look at the validation digits comes after the one before: an epoch, or where there
        are so many that it would be more than LOOKS in all, as few epochs as keep it there.
        """
        for epochs in count(1):
            between = epochs * self.steps_per_epoch
            first = 1 + (between - 1).bit_length()  # 0, 1, 2, 4, 8 ...
            if first - (-self.epochs // epochs) <= LOOKS:
                return between
        raise AssertionError("one look at the end is never too many")

    @property
    def steps_between_records(self) -> int:
        """Every how many steps one is recorded, so that there are no more than a curve can show."""
        return -(-self.steps // MOST_STEPS)

    @property
    def whole_looks(self) -> int:
        """How often all validation digits are looked at after a step, where not a few of each class train."""
        return -(-self.steps // self.steps_between_looks)

    def is_whole_look(self, step: int) -> bool:
        """Whether all validation digits are looked at after this step: at the end of each epoch, or of every few. Of
        few digits a class only at the end of all: looking would take far longer than learning. Who starts from a
        checkpoint is looked at before its first step too, for what it brings is read off both ends.
        """
        if step == 0:
            return bool(self.begins_with)
        return step == self.steps or (step > 0 and not self.per_class and step % self.steps_between_looks == 0)

    def is_kept(self, step: int) -> bool:
        """Whether a checkpoint is kept and validation digits are looked at after this step, at most LOOKS times:
        0, 1, 2, 4, 8 ... up to the first whole look, and at each of those.
        """
        power = step & (step - 1) == 0
        within_first = power and (self.per_class > 0 or step < self.steps_between_looks)
        return within_first or self.is_whole_look(step)


def from_words(
    preset: str = "live",
    architecture: Value | None = None,
    epochs: Value | None = None,
    seed: Value | None = None,
    set: Iterable[str] = (),  # noqa: A002  the word of the command line
) -> TrainConfig:
    """The settings that a form's values or a command line's words stand for, `set` holding words such as
    "batch=64". Raises Refused.
    """
    changes: dict[str, Value] = {}
    for word in set:
        name, equals, value = word.partition("=")
        if not equals:
            raise Refused(f"{word[:40]!r} is no setting: write it as name=value, such as batch=64.")
        changes[name] = value
    named = {"architecture": architecture, "epochs": epochs, "seed": seed}
    changes |= {name: value for name, value in named.items() if value is not None}
    return TrainConfig.from_preset(preset, **changes)


def _known(changes: Mapping[str, Value]) -> Mapping[str, Value]:
    names = [name for name in FIELDS if name not in ("preset", *going_on.SETTLED)]
    for name in changes:
        if name not in names:
            raise Refused(f"{repr(name)[:40]} is no setting: choose from {', '.join(names)}.")
    return changes
