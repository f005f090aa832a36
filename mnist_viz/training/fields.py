"""What each setting of a training may be, in one table: forms are built from it, and every door checks with it."""

import math
import re
from dataclasses import dataclass

from mnist_viz.plan import words
from mnist_viz.plan.layers import Impossible
from mnist_viz.plan.words import BUILT
from mnist_viz.runs.store import ID, SHIPS
from mnist_viz.text import _
from mnist_viz.training.failures import Refused
from mnist_viz.training.schedules import SCHEDULES

Value = str | int | float


@dataclass(frozen=True)
class Number:
    """A number in `low`..`high`, both allowed; `step` is how far one click of a form goes.

    `own`, where there is one, is a number outside of these which means: as the network has it.
    """

    low: float
    high: float
    step: float
    try_: float
    whole: bool = True
    own: float | None = None

    def checked(self, name: str, value: object) -> Value:
        """The value as the number it stands for. Raises Refused."""
        number = _number(value)
        if number is not None and number == self.own:
            return float(number)
        if number is None or (self.whole and number != int(number)):
            kind = _("a whole number") if self.whole else _("a number")
            sentence = _("{name}={value} is not {kind} in {low}..{high}: try {advice}.")
        elif not self.low <= number <= self.high:
            kind = ""
            sentence = _("{name}={value} is outside {low}..{high}: try {advice}.")
        else:
            return int(number) if self.whole else float(number)
        raise Refused(
            sentence.format(
                name=name,
                value=str(value)[:40],
                kind=kind,
                low=_plain(self.low),
                high=_plain(self.high),
                advice=_plain(self.try_),
            )
        )


@dataclass(frozen=True)
class Choice:
    """One of the words in `options`."""

    options: tuple[str, ...]

    def checked(self, name: str, value: object) -> Value:
        """The word. Raises Refused."""
        if isinstance(value, str) and value in self.options:
            return value
        raise Refused(
            _("{name}={value} is not known: choose {options}.").format(
                name=name, value=str(value)[:40], options=_(" or ").join(self.options)
            )
        )


@dataclass(frozen=True)
class RunName:
    """The id of a run, or nothing; whether it is there is looked up when the training is started."""

    def checked(self, name: str, value: object) -> Value:
        """The id. Raises Refused."""
        if isinstance(value, str) and (value in ("", *SHIPS) or ID.fullmatch(value)):
            return value
        raise Refused(
            _("{name}={value} is no run's name: choose one from the list, or none.").format(
                name=name, value=str(value)[:40]
            )
        )


@dataclass(frozen=True)
class Layers:
    """The layers of a network of one's own in the words of `plan.words`, or nothing."""

    def checked(self, name: str, value: object) -> Value:
        """The word, as short as it can be. Raises Refused."""
        if not isinstance(value, str):
            raise Refused(
                _("{name}={value} is no word for layers: try c16k3-r-d128-r.").format(name=name, value=str(value)[:40])
            )
        try:
            return words.write(words.parse(value)) if value else ""
        except Impossible as why:
            raise Refused(str(why)) from why


Field = Number | Choice | RunName | Layers
NEWEST = -1  # as from_step: the last checkpoint that is there when the training is started
OWN = -1.0  # as dropout: the shares that the network was built with

PRESETS = (
    "live",
    "longer",
    "standard",
    "accurate",
    "plain_sgd",
    "two_convolutions",
    "no_dense_layer",
    "padded",
    "dropout",
    "rows",
    "patches",
    "overfit",
    "fine_tune",
)
ARCHITECTURES = (  # the zoo's, written down here so that a form needs no torch
    "fast_cnn",
    "deep_cnn",
    "conv16_32",
    "conv32_64",
    "conv32_64_same",
    "conv32_64_dropout",
    "mlp",
    "lstm_rows",
    "vit",
    BUILT,
)
FIELDS: dict[str, Field] = {
    "preset": Choice(PRESETS),
    "architecture": Choice(ARCHITECTURES),
    "epochs": Number(1, 200, 1, try_=1),
    "batch": Number(8, 4096, 8, try_=256),
    "rate": Number(1e-6, 10, 0.001, try_=0.01, whole=False),
    "optimiser": Choice(("adam", "adamw", "sgd")),
    "schedule": Choice(tuple(SCHEDULES)),
    "momentum": Number(0, 0.99, 0.05, try_=0.9, whole=False),
    "digits": Number(100, 55_000, 100, try_=55_000),
    "seed": Number(0, 2**31 - 1, 1, try_=0),
    "device": Choice(("auto", "cpu", "cuda", "mps")),
    "data": Choice(("mnist", "optdigits", "printed")),
    "per_class": Number(0, 500, 1, try_=10),
    "parent": RunName(),
    "from_step": Number(NEWEST, 10_000_000, 1, try_=NEWEST),
    "trains": Choice(("all", "last_block", "head")),
    "nesterov": Choice(("no", "yes")),
    "weight_decay": Number(0, 1, 0.001, try_=0.01, whole=False),
    "smoothing": Number(0, 0.5, 0.05, try_=0.1, whole=False),
    "initialisation": Choice(("default", "xavier", "he")),
    "averaging": Number(0, 0.9999, 0.99, try_=0.99, whole=False),
    "patience": Number(0, 40, 1, try_=3),
    "layers": Layers(),
    "dropout": Number(0, 0.9, 0.1, try_=0.3, whole=False, own=OWN),
    "rotation": Number(0, 180, 1, try_=10, whole=False),
    "shift": Number(0, 10, 0.5, try_=2, whole=False),
    "zoom": Number(0, 0.5, 0.02, try_=0.1, whole=False),
    "shear": Number(0, 45, 1, try_=10, whole=False),
    "elastic": Number(0, 3, 0.1, try_=1, whole=False),
    "erasing": Number(0, 0.5, 0.05, try_=0.1, whole=False),
    "grain": Number(0, 0.5, 0.05, try_=0.1, whole=False),
    "folds": Number(0, 10, 1, try_=5),
    "fold": Number(0, 10, 1, try_=0),
    "goes_on": Choice(("no", "yes")),
    "began_with": RunName(),
    "cycle_from": Number(0, 200, 1, try_=0),
}
AUGMENTATION = ("rotation", "shift", "zoom", "shear", "elastic", "erasing", "grain")
LATER: dict[str, Value] = {
    "data": "mnist",
    "per_class": 0,
    "parent": "",
    "from_step": NEWEST,
    "trains": "all",
    "nesterov": "no",
    "weight_decay": 0.0,
    "smoothing": 0.0,
    "initialisation": "default",
    "averaging": 0.0,
    "patience": 0,
    "layers": "",
    "dropout": OWN,
    **dict.fromkeys(AUGMENTATION, 0.0),
    "folds": 0,
    "fold": 0,
    "goes_on": "no",
    "began_with": "",
    "cycle_from": 0,
}
"""What a run says that was written before these settings were there."""


def names() -> dict[str, str]:
    """What the choices that are not names themselves are called where a visitor reads them."""
    return {
        "adam": "Adam",
        "adamw": "AdamW",
        "sgd": "SGD",
        "one_cycle": _("up, then down (one cycle)"),
        "constant": _("constant"),
        "cosine": _("down along a cosine"),
        "step": _("down after each epoch"),
        "auto": _("the fastest there is"),
        "cpu": "CPU",
        "cuda": "CUDA",
        "mps": "MPS",
        BUILT: _("build your own"),
        "mnist": "MNIST",
        "optdigits": _("scikit-learn's digits"),
        "printed": _("printed characters"),
        "default": _("as torch does"),
        "xavier": _("Glorot, uniform (Xavier)"),
        "he": _("He, normal (Kaiming)"),
        "no": _("no"),
        "yes": _("yes"),
        "all": _("all layers"),
        "last_block": _("the last block and the head"),
        "head": _("the head alone"),
    }


_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def _number(value: object) -> float | None:
    """A number from a number or its decimal text; None for what is neither, True and infinity included."""
    if isinstance(value, str):
        value = float(value) if _DECIMAL.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) or math.isfinite(value) else None


def _plain(number: float) -> str:
    """A bound as one writes it: 55000 and 0.01, never 5.5e+04."""
    return str(int(number)) if number == int(number) else f"{number:g}"
