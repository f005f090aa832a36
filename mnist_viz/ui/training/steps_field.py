"""The steps that prepare each digit, as a field of the form: pills for which, the link's word for order and numbers."""

import streamlit as st

from mnist_viz.data import preparation
from mnist_viz.data.preparation import MOST, STEPS, Chosen, UnknownStep
from mnist_viz.text import _

WORD = "preparation"
SENSIBLE = ("noise", "median", "gaussian", "bilateral", "deskew", "centre", "binarise")
"""Where a step goes that is chosen here: what spoils a digit first, then what smooths, places and cuts it."""


def field(label: str, hint: str | None) -> None:
    """Pills for the steps of the word in the link; a word that makes no sense is left for the settings' door."""
    with st.container(key=f"hidden_{WORD}"):
        word = st.text_input(WORD, value="", key=WORD, bind="query-params")
    steps, shown = _steps(word), f"{WORD}_shown"
    st.session_state[shown] = list(dict.fromkeys(step.name for step in steps))

    def take_over() -> None:
        st.session_state[WORD] = preparation.write(chosen(_steps(st.session_state[WORD]), st.session_state[shown]))

    called = preparation.names()
    st.pills(
        label,
        SENSIBLE,
        selection_mode="multi",
        format_func=called.__getitem__,
        key=shown,
        on_change=take_over,
        wrap=True,
        help=hint,
    )
    if steps:
        order = _("In this order: {steps}.").format(steps=", ".join(preparation.said(*step) for step in steps))
        st.caption(order)


def chosen(steps: tuple[Chosen, ...], names: list[str]) -> tuple[Chosen, ...]:
    """The steps of these names: those that were there stay as they are, others take their sensible place among them
    with their usual number; none where they would be too many.
    """
    kept = [step for step in steps if step.name in names]
    for name in names:
        if name not in {step.name for step in kept}:
            later = [place for place, step in enumerate(kept) if SENSIBLE.index(step.name) > SENSIBLE.index(name)]
            kept.insert(later[0] if later else len(kept), Chosen(name, STEPS[name].usual))
    return tuple(kept) if len(kept) <= MOST else steps


def _steps(word: str) -> tuple[Chosen, ...]:
    try:
        return preparation.parse(word)
    except UnknownStep:
        return ()
