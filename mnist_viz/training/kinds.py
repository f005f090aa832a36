"""What a setting may be: a number within bounds, one of some words, a run, layers, or steps of preparation."""

import math
import re
from dataclasses import dataclass

from mnist_viz.data import preparation
from mnist_viz.plan import words
from mnist_viz.plan.layers import Impossible
from mnist_viz.runs.store import ID, SHIPS
from mnist_viz.text import _
from mnist_viz.training.failures import Refused

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
        said = sentence.format(
            name=name,
            value=str(value)[:40],
            kind=kind,
            low=_plain(self.low),
            high=_plain(self.high),
            advice=_plain(self.try_),
        )
        raise OutOfBounds(said, name, value, self)


class OutOfBounds(Refused):
    """A setting cannot be this number. The sentence is the command line's; who has other words for the setting finds
    here its `name`, the `value` as it came, the `number` that it stands for, None where it is none, and the `allowed`.
    """

    def __init__(self, sentence: str, name: str, value: object, allowed: Number) -> None:
        super().__init__(sentence)
        self.name, self.value, self.number, self.allowed = name, str(value)[:40], _number(value), allowed


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


@dataclass(frozen=True)
class Preparation:
    """Steps that prepare each digit, in the words of `data.preparation`, or nothing."""

    def checked(self, name: str, value: object) -> Value:
        """The word, as short as it can be. Raises Refused."""
        if not isinstance(value, str):
            raise Refused(
                _("{name}={value} is no word for steps: try deskew-binarise50, or nothing.").format(
                    name=name, value=str(value)[:40]
                )
            )
        try:
            return preparation.write(preparation.parse(value))
        except preparation.UnknownStep as why:
            raise Refused(str(why)) from why


Field = Number | Choice | RunName | Layers | Preparation

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
