"""The card of a step: the digit before and after, eight others, mean digit and histogram, formula and code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from mnist_viz.data.address import COUNTS, Address
from mnist_viz.data.preparation import STEPS, Chosen
from mnist_viz.text import _
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.preparing import before_after

BREAK = r"\qquad"  # in a formula: there a new line may begin
MEAN_WIDE = 330  # pixels on the screen: the narrower column


@dataclass(frozen=True)
class Card:
    """All that a card shows, as the browser gets it; `answer` is the sentence with its numbers."""

    digit: Drawn
    others: Drawn
    mean: Drawn
    histogram: Drawn
    formula: str
    code: str
    answer: str
    errors: Drawn | None = None


def show(card: Card) -> None:
    """Pictures of digits and the code on the left, what all digits add up to and the formula on the right."""
    left, right = st.columns([8, 5], gap="medium")
    with left:
        figure.show(card.digit, key="prep_digit")
        figure.show(card.others, key="prep_others")
        st.code(card.code, language="python", wrap_lines=True)
    with right:
        if card.errors:
            figure.show(card.errors, key="prep_errors")
        figure.show(card.mean, key="prep_mean")
        figure.show(card.histogram, key="prep_histogram")
        for line in card.formula.split(BREAK):
            st.latex(line.strip().removesuffix(","))


def code(address: Address, steps: Sequence[Chosen]) -> str:
    """Python that loads a digit and takes these steps: from the repository's root it runs as it is."""
    pieces = [
        f'images = digits("{address.part}").images[{address.index}:{address.index + 1}]',
        "images = torch.tensor(images)",
        *"\nimages = prepared\n".join(STEPS[name].code(setting) for name, setting in steps).splitlines(),
    ]
    return in_order(["import torch", "from mnist_viz.data.mnist import digits", *pieces])


def loaded(address: Address) -> str:
    """The line that reads the digit at an address as `image`, (28, 28)."""
    return f'image = digits("{address.part}").images[{address.index}]'


def in_order(lines: Iterable[str]) -> str:
    """Lines of Python with all imports first, each once, and no empty line but the one after them."""
    known = [line for line in dict.fromkeys(lines) if line.startswith(("import ", "from "))]
    others = [line for line in lines if line and line not in known]
    return "\n".join([*sorted(known, key=lambda line: (line.startswith("from"), line)), "", *others])


def titles_of_all() -> tuple[str, str]:
    """The titles of the mean digit and of the histogram, both over all digits of a part."""
    count = COUNTS[before_after.PART]
    return _("Mean validation digit"), _("Pixels of all {count:,} of them").format(count=count)
