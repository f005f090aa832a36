"""The card of a scaling, which networks do inside: the same picture in other numbers."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz import text
from mnist_viz.analysis import scaling as numbers
from mnist_viz.data.address import COUNTS, Address, digit
from mnist_viz.figures import stages as pictures
from mnist_viz.text import _
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.preparing import before_after, card, letters


def show(address: Address, scaling: str) -> str:
    """The card of a scaling; returns the answer."""
    card.show(_digits(str(address), scaling, text.language()), lambda: _all(scaling, text.language()))
    if scaling == "mean_image":
        st.caption(
            _(
                "Here all 55,000 training digits as they are make the mean; a run subtracts that of the digits which "
                "train it: after its steps, and of fewer digits where it learns from fewer, or from folds."
            )
        )
    if scaling == "standard":
        st.caption(_origin())
    return _answer(address, scaling)


def _origin() -> str:
    """What the two numbers are that standardise, and what they would be of the digits that train here."""
    given, train = numbers.spread("train", "val"), numbers.spread("train")
    return _(
        "{mean} and {deviation} are mean and standard deviation of the pixels of all {given:,} digits that MNIST gives "
        "for training, the {held:,} validation digits among them. The {count:,} that train here have {own_mean:.5f} "
        "and {own_deviation:.5f} alone."
    ).format(
        mean=numbers.MEAN,
        deviation=numbers.DEVIATION,
        given=given.digits,
        held=given.digits - train.digits,
        count=train.digits,
        own_mean=train.mean,
        own_deviation=train.deviation,
    )


@st.cache_data(max_entries=256, show_spinner=False)
def _digits(written: str, scaling: str, language: str) -> card.Digits:
    address, look = Address.parse(written), _look(scaling)
    image, _label = digit(address)
    scaled, others = numbers.scale(image, scaling), before_after.others("")
    after = (_range(scaled), _("blue below 0, red above")) if look.signed else (_range(scaled),)
    before = (_("{low} to {high}").format(low=int(image.min()), high=int(image.max())),)
    row, column = (int(place) for place in np.unravel_index(image.argmax(), image.shape))
    mean = float(numbers.mean_image()[row, column]) if scaling == "mean_image" else 0.0
    return card.Digits(
        digit=Drawn.of(
            pictures.stages(
                [pictures.Stage(image, before), pictures.Stage(scaled, after, look)],
                _titles()[scaling].format(digit=written),
            )
        ),
        others=card.others(others, numbers.scale(others, scaling), look),
        formula=numbers.formula(scaling, int(image[row, column]), mean),
        letters=letters.meaning(scaling),
        code=card.in_order(
            [
                "from mnist_viz.data.mnist import digits",
                card.loaded(address),
                *numbers.line(scaling).splitlines(),
            ]
        ),
    )


@st.cache_data(max_entries=16, show_spinner=False)
def _all(scaling: str, language: str) -> card.All:
    unit, whole = before_after.scaled(scaling)
    both = {grey / 255: f"{grey}<br>{grey / 255:.2f}" for grey in (0, 64, 128, 191, 255)}
    return card.All(
        card.means(
            pictures.Stage(255 * unit.mean, (_("before"),)),
            pictures.Stage(whole.mean, (_range(whole.mean),), _look(scaling)),
        ),
        Drawn.of(
            pictures.histogram(
                before_after.edges(scaling),
                unit.counts,
                whole.counts,
                card.title_of_counts(),
                axis=_("grey value before, and after it") if scaling == "unit" else _("value (before: in [0, 1])"),
                ticks=both if scaling == "unit" else None,
            )
        ),
    )


def _look(scaling: str) -> pictures.Look:
    """Colours from paper to full ink as they are scaled; the mean image moves both, by at most 1."""
    low, high = numbers.ends(scaling)
    return pictures.Look(max(-low, high), signed=low < 0)


def _titles() -> dict[str, str]:
    return {
        "unit": _("{digit}: divided by 255"),
        "standard": _("{digit}: standardised"),
        "half": _("{digit}: scaled to [−1, 1]"),
        "mean_image": _("{digit}: the mean image subtracted"),
    }


def _range(values: NDArray[np.float64]) -> str:
    return _("{low} to {high}").format(low=_number(values.min()), high=_number(values.max()))


def _number(value: float | np.floating, decimals: int = 2) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")


def _answer(address: Address, scaling: str) -> str:
    image, _label = digit(address)
    scaled, (_unit, whole) = numbers.scale(image, scaling), before_after.scaled(scaling)
    deviation = numbers.spread(before_after.PART).deviation / numbers.DEVIATION
    sentence = {
        "unit": _("The picture stays the same, its numbers shrink: the {most} of {digit} becomes **{exact}**."),
        "standard": _(
            "Paper is no longer 0 but **{low}**, the pixel with most ink in {digit} becomes **{high}**; over "
            "{count:,} validation digits the mean of all pixels is {mean}, their deviation {deviation}."
        ),
        "half": _(
            "Paper becomes **{low}**, the pixel with most ink in {digit} **{high}**; over {count:,} "
            "validation digits the mean of all pixels is {mean}."
        ),
        "mean_image": _(
            "In {below} of the 784 pixels {digit} has less ink than the mean of 55,000 training digits, down to "
            "**{low}**: the range is no longer [0, 1]."
        ),
    }[scaling]
    return sentence.format(
        most=int(image.max()),
        digit=address,
        low=_number(scaled.min()),
        high=_number(scaled.max()),
        exact=_number(scaled.max(), 3),
        count=COUNTS[before_after.PART],
        mean=_number(whole.mean.mean(), 3),
        deviation=_number(deviation, 3),
        below=int((scaled < 0).sum()),
    )
