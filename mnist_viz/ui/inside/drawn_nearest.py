"""Which test digits a network finds most similar to a drawing."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.data import mnist
from mnist_viz.jobs import maps
from mnist_viz.text import _
from mnist_viz.ui import caches
from mnist_viz.ui.inside import alike, drawing

SIZE = 70  # pixels of a digit at least: as large as ten side by side can be


def show(run_id: str, step: int, pixels: str) -> None:
    """Their labels in a sentence, and the ten; for a checkpoint that nobody has looked at it takes a few seconds."""
    with st.spinner(_("Reading {count:,} digits …").format(count=maps.DIGITS), show_time=True):
        indices, width = _nearest(run_id, step, pixels)
        counts = np.bincount(mnist.digits(maps.PART).labels[indices], minlength=10)
        st.markdown(_sentence(counts, width, drawing.likeliest(run_id, step, pixels)[0]))
        label = _("The ten test digits nearest to your drawing")
        alike.show(run_id, step, indices, key="pad_nearest", label=label, size=SIZE)


@st.cache_data(max_entries=drawing.KEPT, show_spinner=False)
def _nearest(run_id: str, step: int, pixels: str) -> tuple[NDArray[np.intp], int]:
    """The ten nearest to a drawing, and how many numbers are compared."""
    image = drawing.seen(run_id, pixels)
    width = caches.features(run_id, step).shape[1]  # before the turn, which nobody may keep for seconds
    with drawing.turn:
        return caches.nearest_to(run_id, step, image), width


def _sentence(counts: NDArray[np.intp], width: int, read: int) -> str:
    said = _(
        "The ten test digits nearest to your drawing by the network's {width:,} numbers are labelled {counts}; "
        "the network reads a **{read}**."
    )
    if counts.max() == counts.sum():
        said = _(
            "All ten test digits nearest to your drawing by the network's {width:,} numbers are labelled **{label}**; "
            "the network reads a **{read}**."
        )
    return said.format(width=width, counts=alike.counted(counts, read), label=int(counts.argmax()), read=read)
