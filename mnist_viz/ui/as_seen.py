"""Digits as the chosen run sees them, for pages: prepared by its steps, like all that it learned from.

Galleries, the thumbnails of points, and the pages about the data show digits as they are in the data: there a digit is
somebody's handwriting and not yet what a network gets.
"""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.analysis import baselines
from mnist_viz.data import preparation
from mnist_viz.data import statistics as counting
from mnist_viz.data.address import Address
from mnist_viz.runs import digits
from mnist_viz.server.board import board
from mnist_viz.text import _
from mnist_viz.ui.turns import heavy


def steps(run_id: str) -> str:
    """The word for the steps that prepare a run's digits, "" where it sees them as they are."""
    return digits.steps(board().store.run(run_id))


def said(run_id: str) -> str:
    """These steps as a visitor reads them: Deskew, Binarise at 50 %."""
    return ", ".join(preparation.said(*step) for step in preparation.parse(steps(run_id)))


def sentence(run_id: str) -> str:
    """That this run prepares its digits and how, "" where it does not."""
    steps = said(run_id)
    return _("This run prepares its digits: {steps}.").format(steps=steps) if steps else ""


def image(run_id: str, address: str) -> NDArray[np.uint8]:
    """The digit (28, 28) at an address as a run sees it."""
    return digits.image(board().store.run(run_id), Address.parse(address))


def prepared(run_id: str, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Drawn or changed pictures (N, 28, 28) as a run sees them."""
    return digits.prepared(board().store.run(run_id), images)


def baseline(run_id: str, address: str, name: str) -> NDArray[np.float32]:
    """What a digit is compared with, by its name in the link: (28, 28), in shares of full ink.

    Everything but black is made from digits as the run sees them, or it would lie where none of its digits ever is.
    """
    if name == "mean":
        return mean_digit(steps(run_id))
    if name == "blurred":
        return baselines.blurred(image(run_id, address))
    return np.zeros((28, 28), np.float32)


@st.cache_resource(max_entries=64, show_spinner=False)
def mean_digit(word: str) -> NDArray[np.float32]:
    """The mean of the training digits after these steps: (28, 28), in shares of full ink; some seconds at first."""
    with heavy:
        return (counting.mean_image(digits.as_seen(word, "train").images) / 255).astype(np.float32)
