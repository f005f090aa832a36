"""Steps of preparation as one word for links, command lines and files, deskew-median3-binarise50, and back."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from mnist_viz.data.preparation.steps import STEPS, Step
from mnist_viz.text import _

MOST = 6  # steps one after the other
_LONGEST = 200  # letters, more than six steps ever need
_STEP = re.compile(r"(?P<name>[a-z]+)(?P<setting>[0-9]{1,4})?", re.ASCII)


class UnknownStep(ValueError):
    """What came is no list of steps; the message is one sentence that says what is allowed and what to do."""


class Chosen(NamedTuple):
    """A step by its name in `STEPS`, and its setting, None for one that has none."""

    name: str
    setting: int | None


def parse(word: str) -> tuple[Chosen, ...]:
    """The steps that a word says, in their order; none for "". Raises UnknownStep."""
    if word.count("-") >= MOST or len(word) > _LONGEST:
        sentence = _("A digit is prepared by {most} steps at most, separated by hyphens: leave some out.")
        raise UnknownStep(sentence.format(most=MOST))
    return tuple(map(_chosen, word.split("-"))) if word else ()


def write(steps: Iterable[tuple[str, int | None]]) -> str:
    """The word for these steps; what it parses to are the very same."""
    return "-".join(f"{name}{'' if setting is None else setting}" for name, setting in steps)


def _chosen(piece: str) -> Chosen:
    written = _STEP.fullmatch(piece)
    if written is None or written["name"] not in STEPS:
        raise UnknownStep(
            _("{piece} is no step of preparation: write {steps}, separated by hyphens.").format(
                piece=repr(piece[:20]), steps=_(" or ").join(write([(name, one.usual)]) for name, one in STEPS.items())
            )
        )
    name, step = written["name"], STEPS[written["name"]]
    setting = int(written["setting"]) if written["setting"] else None
    if (setting in step.settings) if step.settings else setting is None:
        return Chosen(name, setting)
    raise UnknownStep(_refusal(piece, name, step))


def _refusal(piece: str, name: str, step: Step) -> str:
    if not step.settings:
        return _("{piece} has a number, but {name} takes none: write {name}.").format(piece=piece, name=name)
    return _("{piece} is not {name} with a number in {low}..{high}{odd}: try {advice}.").format(
        piece=piece,
        name=name,
        low=step.settings[0],
        high=step.settings[-1],
        odd=_(", an odd one") if name == "median" else "",
        advice=write([(name, step.usual)]),
    )
