"""The card of a step that runs before the network: straightening, denoising, binarising, and noise to remove."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz import text
from mnist_viz.analysis import before_after as measures
from mnist_viz.data.address import COUNTS, Address
from mnist_viz.data.preparation import STEPS, Chosen, names, write
from mnist_viz.figures import before_after as pictures
from mnist_viz.text import _, percent
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.preparing import before_after, card, cards

BIN = 8  # grey values counted together, so that a bar can be seen


def show(address: Address, step: Chosen, noised: int) -> str:
    """The card of a step, for a digit into which noise was put first, in per cent; returns the answer."""
    with st.spinner(_("Preparing 5,000 digits …")):
        made = _made(str(address), step, noised, text.language())
    card.show(made)
    return made.answer


@st.cache_data(max_entries=512, show_spinner=False)
def _made(digit: str, step: Chosen, noised: int, language: str) -> card.Card:
    address, step = Address.parse(digit), Chosen(*step)
    first = (Chosen(cards.NOISE, noised),) if noised else ()
    before, after = write(first), write((*first, step))
    clean, start, end = (before_after.one(digit, word) for word in ("", before, after))
    shown = [pictures.Stage(clean, (_("clean"),))] if noised else []
    both = (_("with noise") if noised else _("before")), cards.named(step)
    for image, words in zip((start, end), both, strict=True):
        error = measures.error(image, clean)
        lines = (words, _("error {error:.1f}").format(error=error)) if noised else (words,)
        shown.append(pictures.Stage(image, lines))
    mean_title, histogram_title = card.titles_of_all()
    whole = before_after.whole(before), before_after.whole(after)
    return card.Card(
        digit=Drawn.of(pictures.stages(shown, _("{digit}: {step}").format(digit=digit, step=names()[step.name]))),
        others=Drawn.of(
            pictures.rows(
                [before_after.others(before), before_after.others(after)],
                _("Eight test digits: before above, after below"),
            )
        ),
        mean=Drawn.of(
            pictures.stages(
                [pictures.Stage(one.mean, (words,)) for one, words in zip(whole, both, strict=True)],
                mean_title,
                width=card.MEAN_WIDE,
                most=4.2,
            )
        ),
        histogram=histogram(whole[0].counts, whole[1].counts, histogram_title),
        formula=STEPS[step.name].formula(step.setting),
        code=card.code(address, (*first, step)),
        answer=_answer(digit, step, noised, (clean, start, end), whole),
        errors=_errors(digit, step, noised) if step.name in cards.FILTERS else None,
    )


def histogram(before: NDArray[np.intp], after: NDArray[np.intp], title: str) -> Drawn:
    """How many pixels have each grey value, (256,) each, BIN values together."""
    return Drawn.of(
        pictures.histogram(
            np.arange(0, 257.0, BIN),
            before.reshape(-1, BIN).sum(axis=1),
            after.reshape(-1, BIN).sum(axis=1),
            title,
            axis=_("grey value: 0 paper, 255 ink"),
            ticks={value + 0.5: str(value) for value in (0, 64, 128, 192, 255)},
        )
    )


def _errors(digit: str, step: Chosen, noised: int) -> Drawn:
    """How far the digit is from the clean one with each filter: the chosen one as it is set, the others as usual."""
    clean = before_after.one(digit, "")
    first = (Chosen(cards.NOISE, noised),) if noised else ()
    filters = [step if name == step.name else Chosen(name, STEPS[name].usual) for name in cards.FILTERS]
    words = {_("no filter"): write(first), **{cards.named(one): write((*first, one)) for one in filters}}
    values = {name: measures.error(before_after.one(digit, word), clean) for name, word in words.items()}
    title = _("Error (RMSE, grey values)")
    return Drawn.of(pictures.errors(values, title, chosen=cards.named(step)))


def _answer(
    digit: str,
    step: Chosen,
    noised: int,
    images: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]],
    whole: tuple[before_after.Whole, before_after.Whole],
) -> str:
    clean, start, end = images
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
        case "noise" | "binarise":
            return _(
                "{changed} of the 784 pixels of {digit} change. Of all pixels of {count:,} validation digits "
                "**{before}** were grey, neither paper nor full ink; now **{after}** are."
            ).format(
                changed=int((start != end).sum()),
                digit=digit,
                count=COUNTS[before_after.PART],
                before=percent(measures.grey_share(whole[0].counts), 1),
                after=percent(measures.grey_share(whole[1].counts), 1),
            )
    return _error(digit, step, noised, measures.error(start, clean), measures.error(end, clean))


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
            "Noise puts {digit} {before:.1f} grey values away from itself (RMSE); after {step} **{after:.1f}** are "
            "left: {share} of the error is gone."
        )
    else:
        sentence = _(
            "Noise puts {digit} {before:.1f} grey values away from itself (RMSE); after {step} it is **{after:.1f}**: "
            "more ink is lost than noise."
        )
    share = percent(1 - after / before, 0) if before else ""
    return sentence.format(digit=digit, step=cards.named(step), before=before, after=after, share=share)
