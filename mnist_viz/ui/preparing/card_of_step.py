"""The card of a step that runs before the network: straightening, denoising, binarising, and noise to remove."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz import text
from mnist_viz.analysis import before_after as measures
from mnist_viz.data.address import COUNTS, Address
from mnist_viz.data.preparation import STEPS, Chosen, names, parse, said, write
from mnist_viz.figures import stages as pictures
from mnist_viz.text import _, percent
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.preparing import before_after, card, cards, letters


def show(address: Address, step: Chosen, noised: int) -> str:
    """The card of a step, for a digit into which noise was put first, in per cent; returns the answer."""
    digits = _digits(str(address), step, noised, text.language())
    card.show(digits, lambda: _all(step, noised, text.language()))
    return _answer(str(address), step, noised)


def _words(step: Chosen, noised: int) -> tuple[str, str]:
    """The steps before this one, and those with it; noise of 0 % is none."""
    first = (Chosen(cards.NOISE, noised),) if noised else ()
    return write(first), write((*first, step) if step != cards.NO_NOISE else first)


def _called(step: Chosen, noised: int) -> tuple[str, str]:
    return _("with noise") if noised else _("before"), said(*step)


@st.cache_data(max_entries=512, show_spinner=False)
def _digits(digit: str, step: Chosen, noised: int, language: str) -> card.Digits:
    step, words = Chosen(*step), _words(step, noised)
    clean, *images = (before_after.one(digit, word) for word in ("", *words))
    shown = [pictures.Stage(clean, (_("clean"),))] if noised else []
    for image, name in zip(images, _called(step, noised), strict=True):
        error = _("error {error:.1f}").format(error=measures.error(image, clean))
        shown.append(pictures.Stage(image, (name, error) if noised else (name,)))
    return card.Digits(
        digit=Drawn.of(pictures.stages(shown, _("{digit}: {step}").format(digit=digit, step=names()[step.name]))),
        others=card.others(before_after.others(words[0]), before_after.others(words[1])),
        formula=STEPS[step.name].formula(step.setting),
        letters=letters.meaning(step.name),
        code=card.code(Address.parse(digit), parse(words[1])),
        errors=_errors(digit, step, noised) if step.name in cards.FILTERS else None,
    )


@st.cache_data(max_entries=256, show_spinner=False)
def _all(step: Chosen, noised: int, language: str) -> card.All:
    step = Chosen(*step)
    whole = [before_after.whole(word) for word in _words(step, noised)]
    before, after = (pictures.Stage(one.mean, (name,)) for one, name in zip(whole, _called(step, noised), strict=True))
    return card.All(card.means(before, after), card.grey_counts(whole[0].counts, whole[1].counts))


def _errors(digit: str, step: Chosen, noised: int) -> Drawn:
    """How far the digit is from the clean one with each filter: the chosen one as it is set, the others as usual."""
    clean = before_after.one(digit, "")
    first = (Chosen(cards.NOISE, noised),) if noised else ()
    filters = [step if name == step.name else Chosen(name, STEPS[name].usual) for name in cards.FILTERS]
    words = {_("no filter"): write(first), **{said(*one): write((*first, one)) for one in filters}}
    values = {name: measures.error(before_after.one(digit, word), clean) for name, word in words.items()}
    title = _("Error (RMSE, grey values)")
    return Drawn.of(pictures.errors(values, title, chosen=said(*step)))


def _answer(digit: str, step: Chosen, noised: int) -> str:
    words = _words(step, noised)
    clean, start, end = (before_after.one(digit, word) for word in ("", *words))
    match step.name:
        case "deskew":
            return _slant(digit, measures.slant(start), measures.slant(end))
        case "centre":
            old, new = measures.centre(start), measures.centre(end)
            return _(
                "The centre of mass of {digit} moves by **{far:.2f} pixels**, from row {row:.2f}, column {column:.2f} "
                "to row {new_row:.2f}, column {new_column:.2f}."
            ).format(
                digit=digit,
                far=float(np.hypot(*np.subtract(new, old))),
                row=old[0],
                column=old[1],
                new_row=new[0],
                new_column=new[1],
            )
        case "binarise":
            return _binarised(digit, step.setting or 0, start)
        case "noise" if step == cards.NO_NOISE:
            return _("0 % is no noise: {digit} stays as it is, and so do all {count:,} validation digits.").format(
                digit=digit, count=COUNTS[before_after.PART]
            )
        case "noise":
            return _(
                "{changed} of the 784 pixels of {digit} change. Of all pixels of {count:,} validation digits "
                "**{before}** were grey, neither paper nor full ink; now **{after}** are."
            ).format(
                changed=int((start != end).sum()),
                digit=digit,
                count=COUNTS[before_after.PART],
                before=percent(measures.grey_share(before_after.whole(words[0]).counts), 1),
                after=percent(measures.grey_share(before_after.whole(words[1]).counts), 1),
            )
    return _error(digit, step, noised, measures.error(start, clean), measures.error(end, clean))


def _binarised(digit: str, percent: int, image: NDArray[np.uint8]) -> str:
    """How much is ink from so many per cent of full ink on, in the digit and in all, and how much of it was so faint
    that it is paper now.
    """
    counts = before_after.whole("").counts
    sentence = (
        _(
            "From {percent} on it is ink: **{inked} of the {some} pixels** with ink in {digit}. Of all pixels of "
            "{count:,} validation digits **{after}** are ink now; {before} held some."
        )
        if percent == STEPS["binarise"].usual
        else _(
            "From {percent} on it is ink: **{inked} of the {some} pixels** with ink in {digit}. Of all pixels of "
            "{count:,} validation digits **{after}** are ink now; {before} held some, and from {usual} on it is {half}."
        )
    )
    return sentence.format(
        percent=text.percent(percent / 100, 0),
        inked=int((image >= 255 * percent / 100).sum()),
        some=int((image > 0).sum()),
        digit=digit,
        count=COUNTS[before_after.PART],
        after=text.percent(measures.ink_share(counts, percent), 1),
        before=text.percent(measures.ink_share(counts, 0), 1),
        usual=text.percent((STEPS["binarise"].usual or 0) / 100, 0),
        half=text.percent(measures.ink_share(counts, STEPS["binarise"].usual or 0), 1),
    )


def _slant(digit: str, before: float, after: float) -> str:
    sentence = (
        _("{digit} leaned **{before:.1f}° to the right**; its slant undone, {after:.1f}° are left.")
        if before > 0
        else _("{digit} leaned **{before:.1f}° to the left**; its slant undone, {after:.1f}° are left.")
    )
    return sentence.format(digit=digit, before=abs(before), after=abs(after))


def _error(digit: str, step: Chosen, noised: int, before: float, after: float) -> str:
    if not noised:
        sentence = _(
            "There is no noise to remove: {step} only takes {digit} **{after:.1f} grey values** away from itself "
            "(RMSE)."
        )
    elif after < before:
        sentence = _(
            "Noise puts {digit} {before:.1f} grey values away from itself (RMSE); {step} leaves **{after:.1f}** of "
            "them: {share} of the error is gone."
        )
    else:
        sentence = _(
            "Noise puts {digit} {before:.1f} grey values away from itself (RMSE); {step} makes them **{after:.1f}**: "
            "more ink is lost than noise."
        )
    share = percent(1 - after / before, 0) if before else ""
    return sentence.format(digit=digit, step=said(*step), before=before, after=after, share=share)
