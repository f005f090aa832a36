"""The loss after the step, and the same step on the same digit again and again."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.data.address import Address
from mnist_viz.figures.numbers import written
from mnist_viz.text import _, level, percent, probability
from mnist_viz.ui import words
from mnist_viz.ui.components import figure
from mnist_viz.ui.convolving import back_drawings, passes, read_already
from mnist_viz.ui.link import Choice

if TYPE_CHECKING:
    from mnist_viz.analysis.descent import Backward, Repeats

USUAL = "10"
_WELL = 0.3  # nats: below it, it takes a larger rate than 0.03 to cost others much


def count(*, shown: bool) -> int:
    """How many steps the link asks for, with a slider where that means something."""
    names = {str(one): str(one) for one in range(passes.MOST + 1)}
    if shown:
        with st.container(width=380):
            return int(words.slide("repeats", _("Steps on this digit"), names, default=USUAL))
    return int(words.hidden("repeats", names, default=USUAL))


def after(choice: Choice, rate: float) -> str:
    """The ten probabilities before and after one step; returns the sentence on its loss."""
    where, version = _where(choice), f"{choice.step} {choice.digit} {rate:g}"
    left, right = st.columns(2, gap="medium")
    with left:
        figure.show(back_drawings.bars(*where, rate, 0), key="before_step", version=version)
    with right:
        figure.show(back_drawings.bars(*where, rate, 1), key="after_step", version=version)
    found, back = passes.repeats(where[0], where[1], str(choice.digit), rate, 1), _back(choice)
    promised = rate * back.length**2
    st.markdown(
        _(
            "The gradient of all weights together has the length {length}. If the loss kept falling as steeply as "
            "here, a step of {rate:g} would take rate × length² = **{promised}** off it; it took **{taken}** off. The "
            "larger the step, the less the slope at its start says of where it ends."
        ).format(
            length=written(back.length, 4),
            rate=rate,
            promised=written(promised, 4),
            taken=written(float(found.losses[0]) - float(found.losses[1]), 4),
        )
    )
    return _stepped(choice, rate, found, back.label)


def _stepped(choice: Choice, rate: float, found: "Repeats", label: int) -> str:
    """What one step changed, as far as it shows in the digits that are written."""
    before, now = (written(float(loss), 4) for loss in found.losses[:2])
    share, then = (probability(float(shares[label]), 2) for shares in found.probabilities[:2])
    if before == now and found.losses[0] < read_already.LOSS:
        said = _(
            "The network is so sure of {digit} (its loss is **{before}**) that one step with a rate of {rate:g} is too "
            "small to be seen."
        )
    elif before == now:
        said = _(
            "One step with a rate of {rate:g} is too small to be seen: the loss of {digit} stays **{before}**. Take a "
            "larger rate."
        )
    elif share == then:
        said = _(
            "One step with a rate of {rate:g} takes the loss of {digit} from {before} to **{now}**; the probability of "
            "**{label}** stays {level}."
        )
    else:
        said = _(
            "One step with a rate of {rate:g} takes the loss of {digit} from {before} to **{now}**, and the "
            "probability of **{label}** from {share} to {then}."
        )
    stays = level(float(found.probabilities[0][label]), 2)
    return said.format(
        rate=rate, digit=choice.digit, before=before, now=now, label=label, share=share, then=then, level=stays
    )


def repeat(choice: Choice, rate: float, count: int) -> str:
    """Loss and probabilities over the steps and what they do to other digits; returns the sentence on both."""
    where, version = _where(choice), f"{choice.step} {choice.digit} {rate:g} {count}"
    with st.spinner(_("Taking {count} steps …").format(count=passes.MOST)):
        losses, shares = back_drawings.repeats(*where, rate, count)
    left, right = st.columns(2, gap="medium")
    with left:
        figure.show(losses, key="repeated_losses", version=version)
    with right:
        figure.show(shares, key="repeated_shares", version=version)
    with st.spinner(_("Reading {count:,} validation digits …").format(count=passes.OTHERS)):
        before, now = (
            passes.others(where[0], where[1]),
            passes.others(where[0], where[1], str(choice.digit), rate, count),
        )
    figure.show(back_drawings.others(*where, rate, count), key="others_read", version=version)
    found, back = passes.repeats(where[0], where[1], str(choice.digit), rate), _back(choice)
    st.markdown(
        _moral(float(found.losses[0]), rate, count, little=_little(before, now)).format(
            digit=choice.digit,
            total=passes.OTHERS,
            before=int(before[:, back.label].sum()),
            now=int(now[:, back.label].sum()),
            label=back.label,
        )
    )
    if count == 0:
        said = _(
            "Before any step the loss of {digit} is **{loss}**; of {total:,} validation digits {was} are read "
            "correctly."
        )
    elif count == 1:
        said = _(
            "After 1 step on {digit} alone with a rate of {rate:g} its loss is **{loss}**, before {first}; of "
            "{total:,} validation digits the network reads **{right}** correctly, before {was}."
        )
    else:
        said = _(
            "After {count} steps on {digit} alone with a rate of {rate:g} its loss is **{loss}**, before {first}; of "
            "{total:,} validation digits the network reads **{right}** correctly, before {was}."
        )
    return said.format(
        count=count,
        digit=choice.digit,
        rate=rate,
        loss=written(float(found.losses[count]), 4),
        first=written(float(found.losses[0]), 4),
        total=passes.OTHERS,
        right=percent(now.trace() / passes.OTHERS, 1),
        was=percent(before.trace() / passes.OTHERS, 1),
    )


def _moral(loss: float, rate: float, count: int, *, little: bool) -> str:
    """What follows for the other digits; "" where the digit has nothing to teach, which is said above."""
    if loss < read_already.LOSS:
        return ""
    if count == 0:
        return _(
            "No step is taken yet: of {total:,} validation digits {before:,} are read as **{label}**. Move the slider "
            "to see what steps on {digit} alone make of the others."
        )
    if little and loss < _WELL:
        return _(
            "{digit} is read so well that its gradient is small and costs the others little: of {total:,} validation "
            "digits {before:,} were read as **{label}** before, and {now:,} are now. Take a digit that is misread."
        )
    words = _(
        "Every weight goes where this one digit wants it, and nothing speaks for the others: of {total:,} validation "
        "digits {before:,} were read as **{label}** before, and {now:,} are now. A batch of many different digits "
        "averages their wishes; that is why one does not learn from a single digit."
    )
    return words + " " + _("So small a rate costs the others little: try 0.03.") if little and rate < 0.03 else words


def _little(before: NDArray[np.int64], now: NDArray[np.int64]) -> bool:
    """Whether the steps cost less than 5 % of the digits."""
    return bool(before.trace() - now.trace() < 0.05 * passes.OTHERS)


def _where(choice: Choice) -> tuple[str, int, Address]:
    assert choice.step is not None
    return choice.run.id, choice.step, choice.digit


def _back(choice: Choice) -> "Backward":
    run_id, step, digit = _where(choice)
    return passes.backward(run_id, step, str(digit))
