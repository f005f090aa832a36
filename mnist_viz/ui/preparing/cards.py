"""Which step is looked at: a word of the link, chosen by its group first; its strength and the noise before it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mnist_viz.analysis.scaling import SCALINGS
from mnist_viz.data import preparation
from mnist_viz.data.preparation import STEPS, Chosen
from mnist_viz.text import _
from mnist_viz.ui import words

WORD, FIRST, AUGMENT, NOISE = "prep", "deskew", "augment", "noise"
NOISED, MOST_NOISE, USUAL_NOISE, NOISE_APART = "noised", 60, 30, 5  # per cent of full ink
NO_NOISE = Chosen(NOISE, 0)  # what the slider may say, and no pipeline has
GROUPS = {
    "scale": SCALINGS,
    "straighten": ("deskew", "centre"),
    "denoise": ("median", "gaussian", "bilateral", NOISE),
    "binarise": ("binarise",),
    AUGMENT: (AUGMENT,),
}
IN_TENTHS = "gaussian"  # of a pixel in the link, in pixels on the page
FILTERS = ("median", "gaussian", "bilateral")
_ALL = tuple(card for cards in GROUPS.values() for card in cards)


def names() -> dict[str, str]:
    """The steps by their names on the page."""
    return {
        "unit": "[0, 1]",
        "standard": _("Standardise"),
        "half": "[−1, 1]",
        "mean_image": _("Mean image"),
        **preparation.names(),
        "augment": _("Augment"),
    }


def looked_at(step: Chosen) -> dict[str, Any]:
    """The words of the link that show a step's card with this setting."""
    if step.setting is None:
        return {WORD: step.name}
    if step.name == IN_TENTHS:
        return {WORD: step.name, IN_TENTHS: f"{step.setting}"}
    return {WORD: step.name, NOISED if step.name == NOISE else step.name: step.setting}


def choose() -> str:
    """The chosen step; two rows of buttons, the second only where a group has several."""
    chosen = words.hidden(WORD, _ALL, default=FIRST)
    group = next(name for name, cards in GROUPS.items() if chosen in cards)
    groups = {
        "scale": _("Scale"),
        "straighten": _("Straighten"),
        "denoise": _("Denoise"),
        "binarise": _("Binarise"),
        AUGMENT: _("Augment"),
    }
    _buttons("prep_group", _("Kind of step"), groups, group, {name: cards[0] for name, cards in GROUPS.items()})
    if len(GROUPS[group]) > 1:
        shown = {card: names()[card] for card in GROUPS[group]}
        _buttons("prep_step", _("Step"), shown, chosen, {card: card for card in shown})
    return chosen


def _buttons(key: str, label: str, shown: dict[str, str], value: str, means: dict[str, str]) -> None:
    """Buttons side by side, of which `value` is pressed; a press sets the link's word to what it `means`."""
    st.session_state[key] = value

    def take_over() -> None:
        pressed = st.session_state[key]
        if pressed in means:  # the browser may still show a button that is gone: nobody chose it
            st.session_state[WORD] = means[pressed]

    st.segmented_control(
        label,
        list(shown),
        required=True,
        wrap=True,
        format_func=shown.__getitem__,
        label_visibility="collapsed",
        width="content",
        key=key,
        on_change=take_over,
    )


def noise(*, first: bool) -> int:
    """The slider of noise, in per cent of full ink; 0 is none. `first`: it is put in before another step."""
    label = _("Noise put in first (% of full ink)") if first else _("Noise (% of full ink)")
    said = st.slider(label, 0, MOST_NOISE, USUAL_NOISE, NOISE_APART, key=NOISED, bind="query-params")
    return _nearest(int(said), range(0, MOST_NOISE + 1, NOISE_APART))


def strength(name: str) -> int | None:
    """The slider of a step's setting, None for a step that has none."""
    step = STEPS[name]
    if step.usual is None:
        return None
    if name == IN_TENTHS:
        shown = {f"{one}": preparation.strength(name, one) for one in step.settings}
        return int(words.slide(name, _("Deviation"), shown, default=f"{step.usual}"))
    label = {
        "median": _("Window (pixels a side)"),
        "bilateral": _("Deviation of grey (% of full ink)"),
        "noise": _("Noise (% of full ink)"),
        "binarise": _("Ink from (% of full ink)"),
    }[name]
    low, high, apart = step.settings[0], step.settings[-1], step.settings[1] - step.settings[0]
    said = st.slider(label, low, high, step.usual, apart, key=name, bind="query-params")
    return _nearest(int(said), step.settings)


def _nearest(said: int, allowed: Sequence[int]) -> int:
    """What is allowed and nearest: a link may say what lies between two stops of a slider, which takes it."""
    return min(allowed, key=lambda one: abs(one - said))
