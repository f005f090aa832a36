"""Spot the error: at the very end of a page, folded away, what articles say, a question, and its answer when asked for.

An answer is computed once it is asked for, and kept for all viewers.
"""

from collections.abc import Callable

import streamlit as st

from mnist_viz import text
from mnist_viz.text import _
from mnist_viz.ui import link
from mnist_viz.ui.exercising import of_data, of_losses, of_networks, of_programs
from mnist_viz.ui.exercising.exercise import Exercise
from mnist_viz.ui.link import Choice

EXERCISES: dict[str, dict[str, Callable[[], Exercise]]] = {
    "data": {"counts": of_data.counts},
    "prepare": {"leak": of_data.leak, "centred": of_data.centred, "encoder": of_data.encoder},
    "convolution": {"sizes": of_networks.sizes, "cross_entropy": of_losses.cross_entropy},
    "train": {
        "twice": of_losses.twice,
        "view": of_networks.view,
        "dropout": of_networks.dropout,
        "stops": of_programs.stops,
        "log": of_programs.log,
    },
    "mistakes": {"labels": of_data.labels},
    "features": {"parameters": of_networks.parameters},
    "draw": {"endures": of_networks.endures},
}
"""The exercises of each page by the page's name in the link; the keys name them, over all pages."""


def show(page: str) -> None:
    """The fold with the exercises of a page; nothing on a page that has none."""
    exercises = EXERCISES.get(page, {})
    if not exercises:
        return
    with st.expander(_("Spot the error"), icon=":material/quiz:", key="exercises"):
        st.caption(
            _("What introductory articles on MNIST say, in our words. Something is amiss in each: find it first.")
        )
        choice = link.choice()
        for name, make in exercises.items():
            _one(name, make(), choice)


def _one(name: str, exercise: Exercise, choice: Choice) -> None:
    with st.container(border=True, key=f"exercise_{name}"):
        st.markdown(f"“{exercise.said}”\n\n**{exercise.asked}**")
        if not st.toggle(_("Show the answer"), key=f"answer_{name}"):
            return
        if exercise.reads and choice.step is None:
            st.markdown(_("This run has no checkpoint yet: the answer is measured once it has begun to train."))
            return
        read = (choice.run.id, choice.step) if exercise.reads else None
        digit = str(choice.digit) if exercise.of_digit else ""
        with st.spinner(_("Working it out …")):
            st.markdown(_answer(name, read, digit, text.language(), _exercise=exercise, _choice=choice))
        if exercise.shows:
            exercise.shows(choice)


@st.cache_data(max_entries=512, show_spinner=False)
def _answer(
    name: str, read: tuple[str, int | None] | None, digit: str, language: str, *, _exercise: Exercise, _choice: Choice
) -> str:
    return _exercise.answer(_choice)
