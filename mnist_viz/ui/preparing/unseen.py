"""Leaking statistics: all 70,000 digits looked at before they are cut, and cut without shuffling.

That is what the article on preparing the data does: it subtracts the mean of all, then cuts the last fifth off.
"""

from typing import NamedTuple

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz import text
from mnist_viz.analysis import unseen
from mnist_viz.data import openml
from mnist_viz.data.address import COUNTS
from mnist_viz.figures import digits as pictures
from mnist_viz.figures import unseen as drawing
from mnist_viz.text import _
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.link import Choice

SMALL = 500


class Shifts(NamedTuple):
    """How the mean moves with all digits, in file order, and by how much it would with SMALL digits."""

    all: unseen.Shift
    small: float


def show(_choice: Choice, _row: DeltaGenerator) -> str:
    """Which digits are held back, and how far they move the mean."""
    figure.show(_contents(text.language()), key="unseen_contents")
    left, right = st.columns([3, 2], gap="large")
    with left:
        figure.show(_means(text.language()), key="unseen_means")
    with right:
        figure.show(_difference(text.language()), key="unseen_difference")
    st.caption(
        _(
            "OpenML is a public collection of data sets: who gets MNIST there has one list of 70,000 digits, the "
            "60,000 training digits first."
        )
    )
    return _(
        "“Subtract the mean of all 70,000, then hold the last fifth back”: these 14,000 have moved the mean by up to "
        "{all:.2f} of 255, and all 10,000 test digits are among them; of only {small} digits, the {part} held back "
        "would move it by {few:.0f}."
    ).format(all=shifts().all.largest, small=SMALL, part=round(unseen.HELD_BACK * SMALL), few=shifts().small)


@st.cache_resource(show_spinner=False)
def shifts() -> Shifts:
    """Both, in about a second."""
    images = openml.images()
    return Shifts(unseen.shift(images, unseen.HELD_BACK), unseen.small_shift(images, SMALL, unseen.HELD_BACK))


@st.cache_data(max_entries=8, show_spinner=False)
def _contents(language: str) -> Drawn:
    own = unseen.Content((COUNTS["train"], 0), (COUNTS["val"], COUNTS["test"]))
    ways = {
        _("The last fifth of the list: {train:,} + {test:,}"): unseen.content(
            openml.FILES, unseen.HELD_BACK, seed=None
        ),
        _("A fifth after shuffling: {train:,} + {test:,}"): unseen.content(openml.FILES, unseen.HELD_BACK, seed=0),
        _("This project: {train:,} validation + {test:,} test"): own,
    }
    rows = {words.format(train=one.held_back[0], test=one.held_back[1]): one for words, one in ways.items()}
    title = _("Which of the 70,000 digits in OpenML's list are learned from, and which are held back")
    return Drawn.of(drawing.contents(rows, title))


@st.cache_data(max_entries=8, show_spinner=False)
def _means(language: str) -> Drawn:
    known = shifts().all
    return Drawn.of(
        pictures.panels(
            np.stack([known.learned, known.everything]),
            [_("of the 56,000 learned from"), _("of all 70,000")],
            title=_("The mean image"),
            unit=_("grey value"),
            columns=2,
        )
    )


@st.cache_data(max_entries=8, show_spinner=False)
def _difference(language: str) -> Drawn:
    return Drawn.of(drawing.difference(shifts().all.difference, _("What the unseen fifth does to it")))
