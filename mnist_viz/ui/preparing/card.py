"""The card of a step: the digit before and after, eight others, mean digit and histogram, formula and code."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.data.address import COUNTS, Address
from mnist_viz.data.preparation import STEPS, Chosen
from mnist_viz.figures.stages import GREY, Look, Stage, histogram, rows, stages
from mnist_viz.text import _
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.preparing import before_after

BREAK = r"\qquad"  # in a formula: there a new line may begin
_MEANS_WIDE = 330  # pixels on the screen: the narrower column
BIN = 8  # grey values counted together, so that a bar can be seen


@dataclass(frozen=True)
class Digits:
    """What a card shows of single digits, as the browser gets it, with formula, its letters' meaning and code."""

    digit: Drawn
    others: Drawn
    formula: str
    letters: str
    code: str
    errors: Drawn | None = None


@dataclass(frozen=True)
class All:
    """What a card shows of all digits of a part."""

    mean: Drawn
    histogram: Drawn


def show(digits: Digits, of_all: Callable[[], All]) -> None:
    """Pictures of digits and the code on the left, what all digits add up to and the formula on the right.

    Only after the single digits are on the page are all of them prepared, which takes longer.
    """
    left, right = st.columns([8, 5], gap="medium")
    with left:
        figure.show(digits.digit, key="prep_digit")
        figure.show(digits.others, key="prep_others")
        st.code(digits.code, language="python", wrap_lines=True)
    with right:
        if digits.errors:
            figure.show(digits.errors, key="prep_errors")
        with st.spinner(_("Preparing {count:,} digits …").format(count=COUNTS[before_after.PART])):
            whole = of_all()
        figure.show(whole.mean, key="prep_mean")
        figure.show(whole.histogram, key="prep_histogram")
        for line in digits.formula.split(BREAK):
            st.latex(line.strip().removesuffix(","))
        st.caption(digits.letters)


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


def means(before: Stage, after: Stage) -> Drawn:
    """The mean digit before and after."""
    return Drawn.of(stages([before, after], _("Mean validation digit"), width=_MEANS_WIDE, most=4.2))


def title_of_counts() -> str:
    """The title of the histogram, which stands below the mean digit of the same part."""
    return _("Pixels of all {count:,} of them").format(count=COUNTS[before_after.PART])


def grey_counts(before: NDArray[np.intp], after: NDArray[np.intp]) -> Drawn:
    """How many pixels have each grey value, (256,) each, BIN values together."""
    return Drawn.of(
        histogram(
            np.arange(0, 257.0, BIN),
            before.reshape(-1, BIN).sum(axis=1),
            after.reshape(-1, BIN).sum(axis=1),
            title_of_counts(),
            axis=_("grey value: 0 paper, 255 ink"),
            ticks={value + 0.5: str(value) for value in (0, 64, 128, 192, 255)},
        )
    )


def others(before: NDArray[np.generic], after: NDArray[np.generic], look: Look = GREY) -> Drawn:
    """The eight other digits; `look` is that of the lower row."""
    return Drawn.of(rows([before, after], _("Eight test digits: before above, after below"), looks=[GREY, look]))
