"""What can be tried with and without, as a visitor reads it; which contest the link says."""

from collections.abc import Iterable

import streamlit as st

from mnist_viz.data import preparation
from mnist_viz.figures import changes
from mnist_viz.text import _
from mnist_viz.training.contest import ARCHITECTURES, FIRST, NOISES, SEEDS, SIZES, STEPS, Contest
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.ui import words

WORD, SETTING, NOISE, DIGITS, NETWORK, SEED = (
    "test_step",
    "test_setting",
    "test_noise",
    "test_digits",
    "test_network",
    "test_seeds",
)


def choose() -> Contest:
    """The fields of a contest, and what they say; each has its own place, so that it stays in the link."""
    step = words.menu(WORD, _("Step"), names(), default=FIRST, width=200)
    digits = words.menu(DIGITS, _("Training digits"), _numbers(SIZES), default="1000", width=150)
    setting = 0.0
    with st.container(width="content"):
        if strengths := STEPS[step]:
            shown = {f"{one:g}": strength(step, one) for one in sorted(strengths)}
            setting = float(words.menu(SETTING, _("Strength"), shown, default=f"{strengths[0]:g}", width=130))
    fold = st.popover(_("Settings"), icon=":material/tune:", on_change="rerun", key="contest_settings")
    with fold if fold.open else st.container(key="hidden_contest"):
        network = words.menu(NETWORK, _("Network"), _same(ARCHITECTURES), default="conv16_32")
        seeds = words.menu(SEED, _("Pairs (seeds)"), _numbers(SEEDS), default="5")
        percents = {f"{one}": noisy(one) if one else _("none") for one in NOISES}
        noise = words.menu(NOISE, _("Noise in all digits"), percents, default="0")
    return Contest(step, setting, 0 if step == "noise" else int(noise), int(digits), network, int(seeds))


def names() -> dict[str, str]:
    """The steps by their names on the page."""
    return {
        **{step: called for step, called in preparation.names().items() if step in STEPS},
        "standard": _("Standardise"),
        "half": _("Scale to [−1, 1]"),
        "mean_image": _("Mean image"),
        "rotation": _("Augment: turn"),
        "shift": _("Augment: shift"),
        "zoom": _("Augment: scale"),
        "shear": _("Augment: slant"),
        "elastic": _("Augment: bend"),
        "erasing": _("Augment: cover"),
        "grain": _("Augment: noise"),
    }


def strength(step: str, setting: float) -> str:
    """How much of a step, with its unit."""
    return changes.value_of(step, setting) if step in AUGMENTATION else preparation.strength(step, setting)


def doing(contest: Contest) -> str:
    """What the side with the step does, after “with”."""
    said = {
        "deskew": _("deskewing"),
        "centre": _("centring"),
        "median": _("a median of {strength} pixels"),
        "gaussian": _("a Gaussian blur of {strength}"),
        "bilateral": _("a bilateral filter of {strength}"),
        "binarise": _("binarising at {strength}"),
        "noise": _("noise of {strength}"),
        "standard": _("standardised pixels"),
        "half": _("pixels scaled to [−1, 1]"),
        "mean_image": _("the mean image subtracted"),
        "rotation": _("digits turned by up to {strength}"),
        "shift": _("digits shifted by up to {strength}"),
        "zoom": _("digits scaled by up to {strength}"),
        "shear": _("digits slanted by up to {strength}"),
        "elastic": _("digits bent by {strength}"),
        "erasing": _("{strength} of each digit covered"),
        "grain": _("new noise of {strength} each time"),
    }[contest.step]
    return said.format(strength=strength(contest.step, contest.setting))


def noisy(percent: int) -> str:
    """How much noise lies on all digits."""
    return _("{percent}\N{NO-BREAK SPACE}% of full ink").format(percent=percent)


def read(contest: Contest) -> str:
    """The digits that both sides read."""
    if contest.noise:
        return _("noisy validation digits ({percent}\N{NO-BREAK SPACE}%)").format(percent=contest.noise)
    return _("validation digits")


def to_train(contest: Contest) -> dict[str, str]:
    """The settings of a training that say the side with the step, as its form reads them from the link."""
    said = contest.settings(with_step=True).items()
    return {name: value if isinstance(value, str) else f"{value:g}" for name, value in said if value}


def _numbers(options: Iterable[int]) -> dict[str, str]:
    return {f"{one}": f"{one:,}" for one in options}


def _same(options: Iterable[str]) -> dict[str, str]:
    return {one: one for one in options}
