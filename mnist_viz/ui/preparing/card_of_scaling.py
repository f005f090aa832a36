"""The card of a scaling, which networks do inside: the same picture in other numbers."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz import text
from mnist_viz.analysis import scaling as numbers
from mnist_viz.data.address import COUNTS, Address, digit
from mnist_viz.figures import before_after as pictures
from mnist_viz.text import _
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.preparing import before_after, card


def show(address: Address, scaling: str) -> str:
    """The card of a scaling; returns the answer."""
    with st.spinner(_("Scaling 5,000 digits …")):
        made = _made(str(address), scaling, text.language())
    card.show(made)
    return made.answer


@st.cache_data(max_entries=256, show_spinner=False)
def _made(written: str, scaling: str, language: str) -> card.Card:
    address = Address.parse(written)
    image, _label = digit(address)
    scaled = numbers.scale(image, scaling)
    low, high = (
        (float(end) for end in numbers.scale(np.array([0, 255], np.uint8), scaling))
        if (scaling != "mean_image")
        else (-1.0, 1.0)
    )
    look = pictures.Look(max(-low, high), signed=low < 0)
    after = (_range(scaled), _("blue below 0, red above")) if look.signed else (_range(scaled),)
    before = (_("{low} to {high}").format(low=int(image.min()), high=int(image.max())),)
    unit, whole = before_after.scaled(scaling)
    others = before_after.others("")
    mean_title, histogram_title = card.titles_of_all()
    row, column = (int(place) for place in np.unravel_index(image.argmax(), image.shape))
    mean = float(numbers.mean_image()[row, column]) if scaling == "mean_image" else 0.0
    title = _titles()[scaling].format(digit=written)
    return card.Card(
        digit=Drawn.of(pictures.stages([pictures.Stage(image, before), pictures.Stage(scaled, after, look)], title)),
        others=Drawn.of(
            pictures.rows(
                [others, numbers.scale(others, scaling)],
                _("Eight test digits: before above, after below"),
                looks=[pictures.GREY, look],
            )
        ),
        mean=Drawn.of(
            pictures.stages(
                [
                    pictures.Stage(255 * unit.mean, (_("before"),)),
                    pictures.Stage(whole.mean, (_range(whole.mean),), look),
                ],
                mean_title,
                width=card.MEAN_WIDE,
                most=4.2,
            )
        ),
        histogram=Drawn.of(
            pictures.histogram(
                before_after.edges(scaling),
                unit.counts,
                whole.counts,
                histogram_title,
                axis=_("grey value before, and after it") if scaling == "unit" else _("value (before: in [0, 1])"),
                ticks={grey / 255: f"{grey}<br>{grey / 255:.2f}" for grey in (0, 64, 128, 191, 255)}
                if scaling == "unit"
                else None,
            )
        ),
        formula=numbers.formula(scaling, int(image[row, column]), mean),
        code=card.in_order(
            [
                "from mnist_viz.data.mnist import digits",
                card.loaded(address),
                *numbers.line(scaling).splitlines(),
            ]
        ),
        answer=_answer(written, scaling, float(image.max()), scaled, whole.mean),
    )


def _titles() -> dict[str, str]:
    return {
        "unit": _("{digit}: divided by 255"),
        "standard": _("{digit}: less the mean, by the deviation"),
        "half": _("{digit}: less a half, by a half"),
        "mean_image": _("{digit}: less the mean training digit"),
    }


def _range(values: NDArray[np.float64]) -> str:
    words = _("{low:.2f} to {high:.2f}").format(low=float(values.min()), high=float(values.max()))
    return words.replace("-", "−")


def _answer(digit: str, scaling: str, most: float, scaled: NDArray[np.float64], mean: NDArray[np.float64]) -> str:
    below = int((scaled < 0).sum())
    sentence = {
        "unit": _("The picture stays the same, its numbers shrink: the {most:.0f} of {digit} becomes **{high:.3f}**."),
        "standard": _(
            "Paper is no longer 0 but **{low:.2f}**, the darkest pixel of {digit} becomes **{high:.2f}**; over "
            "{count:,} validation digits the mean of all pixels is {mean:.3f}."
        ),
        "half": _(
            "Paper becomes **{low:.2f}**, the darkest pixel of {digit} **{high:.2f}**; over {count:,} validation "
            "digits the mean of all pixels is {mean:.3f}."
        ),
        "mean_image": _(
            "In {below} of the 784 pixels {digit} has less ink than the mean of 55,000 training digits, down to "
            "**{low:.2f}**: the range is no longer [0, 1]."
        ),
    }[scaling]
    return sentence.format(
        most=most,
        digit=digit,
        low=float(scaled.min()),
        high=float(scaled.max()),
        count=COUNTS[before_after.PART],
        mean=float(mean.mean()),
        below=below,
    ).replace("-0", "−0")
