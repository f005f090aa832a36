"""The pipeline that is being built: its steps in the link, to be added, moved and removed; the way to train with it.

Its words in the link are others than those of the train page: whoever leaves a page leaves the words that it has bound.
"""

from typing import Any

import numpy as np
import streamlit as st

from mnist_viz.analysis.scaling import SCALINGS
from mnist_viz.data import preparation
from mnist_viz.data.address import Address
from mnist_viz.data.preparation import MOST, Chosen, UnknownStep, parse, write
from mnist_viz.text import _
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.ui import link, words
from mnist_viz.ui.components import digit_grid
from mnist_viz.ui.preparing import before_after, card_of_augmentation, cards

WORD, SCALING, OWN = "pipeline", "scaled", "own"
AUGMENTED, YES, NO = "augmented", "yes", "no"


def take_up() -> tuple[Chosen, ...]:
    """The steps that the link says, none where it says nonsense, which is then said in a sentence."""
    with st.container(key=f"hidden_{WORD}"):
        said = st.text_input(WORD, value="", key=WORD, bind="query-params")
    words.hidden(SCALING, (OWN, *SCALINGS), default=OWN)
    words.hidden(AUGMENTED, (YES, NO), default=NO)
    try:
        return parse(said)
    except UnknownStep as refusal:
        st.info(link.plain(str(refusal)))
        return ()


def show(steps: tuple[Chosen, ...], card: str, chosen: Chosen | None, amounts: tuple[float, ...]) -> None:
    """The line of steps, the button that adds the one that is looked at, and the way to train with all.

    `card`: what is looked at; `chosen`: the step it is, None for a scaling and for augmentation.
    """
    scaling, augmented = _scaling(), st.session_state.get(AUGMENTED) == YES
    something = bool(steps) or scaling != OWN or augmented
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="pipeline_line"):
        st.markdown(_("**Pipeline:** digit"), width="content")
        for place, step in enumerate(steps):
            _link_in_chain(preparation.said(*step), f"{place}", cards.looked_at(step), _moves(steps, place))
        if augmented:
            _link_in_chain(_("Augment"), AUGMENTED, {cards.WORD: cards.AUGMENT}, {"close": {AUGMENTED: NO}})
        if scaling != OWN:
            _link_in_chain(cards.names()[scaling], SCALING, {cards.WORD: scaling}, {"close": {SCALING: OWN}})
        st.markdown(_("→ network"), width="content")
        _add(steps, card, chosen, is_first=not something)
        if something:
            with st.container(key="to_train", width="content"):
                st.page_link(
                    "pages/train.py",
                    label=_("Train with this preparation"),
                    query_params=_train_words(steps, scaling, amounts if augmented else None),
                )


def strip(address: Address, steps: tuple[Chosen, ...]) -> None:
    """The digit after each step of the pipeline, and what comes later; a click on one looks at its step."""
    if not steps:
        return
    names = (_("as it is"), *(f"→ {preparation.said(*step)}" for step in steps))
    label = _("{digit} after each step of the pipeline").format(digit=address)
    st.markdown(f"**{label}**")
    images = [before_after.one(str(address), write(steps[:count])) for count in range(len(names))]
    digit_grid.show(
        np.stack(images),
        [
            digit_grid.Tile(str(place), name, _("{digit}: {step}").format(digit=address, step=name))
            for place, name in enumerate(names)
        ],
        key="pipeline_strip",
        label=label,
        chosen="",
        on_click=lambda: _look_at(steps),
        size=96,
    )
    later = []
    if st.session_state.get(AUGMENTED) == YES:
        later.append(_("Augment follows in training alone, anew each time."))
    if (scaling := _scaling()) != OWN:
        later.append(_("{scaling} follows inside the network.").format(scaling=cards.names()[scaling]))
    if later:
        st.caption(" ".join(later))


def _look_at(steps: tuple[Chosen, ...]) -> None:
    places, clicked = {str(place): step for place, step in enumerate(steps, 1)}, digit_grid.clicked("pipeline_strip")
    if clicked in places:  # 0 is the digit as it is, and the browser may still show a step that is gone
        link.choose(**cards.looked_at(places[clicked]))


def _scaling() -> str:
    said = st.session_state.get(SCALING)
    return said if said in SCALINGS else OWN


def _link_in_chain(name: str, key: str, looked_at: dict[str, Any], moves: dict[str, dict[str, str]]) -> None:
    """One step of the line: an arrow, its name, which a click looks at, and its ways to move."""
    called = {
        "chevron_left": _("Move {step} to the left"),
        "chevron_right": _("Move {step} to the right"),
        "close": _("Remove {step}"),
    }
    with st.container(horizontal=True, vertical_alignment="center", gap=None, width="content"):
        st.button(f"→ {name}", type="tertiary", key=f"look_{key}", on_click=link.choose, kwargs=looked_at)
        with st.container(horizontal=True, gap=None, width="content", key=f"moves_{key}"):
            for icon, said in moves.items():
                st.button(
                    called[icon].format(step=name),
                    icon=f":material/{icon}:",
                    type="tertiary",
                    key=f"{icon}_{key}",
                    on_click=link.choose,
                    kwargs=said,
                )


def _moves(steps: tuple[Chosen, ...], place: int) -> dict[str, dict[str, str]]:
    """What each way of a step makes of the link: only those ways that it has."""
    result = {}
    for icon, first in (("chevron_left", place - 1), ("chevron_right", place)):
        if 0 <= first < len(steps) - 1:
            swapped = (*steps[:first], steps[first + 1], steps[first], *steps[first + 2 :])
            result[icon] = {WORD: write(swapped)}
    return {**result, "close": {WORD: write((*steps[:place], *steps[place + 1 :]))}}


def _add(steps: tuple[Chosen, ...], card: str, chosen: Chosen | None, *, is_first: bool) -> None:
    """The button that takes up what is looked at, unless it is taken up already."""
    label, refused = _("Add this step"), None
    if card in SCALINGS:
        label, said, done = _("Use this scaling"), {SCALING: card}, _scaling() == card
    elif card == cards.AUGMENT:
        said, done = {AUGMENTED: YES}, st.session_state.get(AUGMENTED) == YES
    else:
        done, said = chosen is None, {}
        if chosen == cards.NO_NOISE:
            refused = _("Noise of 0 % is no step: move its slider first.")
        elif len(steps) == MOST:
            refused = _("It has {most} steps, and more are not taken: remove one first.").format(most=MOST)
        elif chosen:
            said = {WORD: write((*steps, chosen))}
    if not done:
        st.button(
            label,
            icon=":material/add:",
            type="primary" if is_first else "secondary",
            disabled=refused is not None,
            help=refused,
            on_click=link.choose,
            kwargs=said,
            key="add_step",
        )


def _train_words(steps: tuple[Chosen, ...], scaling: str, amounts: tuple[float, ...] | None) -> dict[str, str]:
    """The settings of a training that say this pipeline, as its form reads them from the link."""
    said = {"preparation": write(steps), "scaling": "" if scaling == OWN else scaling}
    if amounts is not None:
        said |= {name: f"{amount:g}" for name, amount in zip(AUGMENTATION, amounts, strict=True) if amount}
    return {word: value for word, value in said.items() if value}


def kept_amounts() -> tuple[float, ...] | None:
    """What the sliders of augmentation say while another step is looked at; None where the pipeline has none."""
    if st.session_state.get(AUGMENTED) != YES:
        return None
    with st.container(key="hidden_ranges"):
        return card_of_augmentation.ranges()
