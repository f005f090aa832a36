"""What is said of a digit that teaches nothing any more, with the button that takes one which does."""

import streamlit as st

from mnist_viz.data.address import Address
from mnist_viz.figures.numbers import written
from mnist_viz.text import _
from mnist_viz.ui import caches, link
from mnist_viz.ui.convolving import passes
from mnist_viz.ui.link import Choice

LOSS = 0.01  # nats: p = 0.99. Below it not even 20 steps at the largest rate cost other digits anything


def show(choice: Choice) -> None:
    """Say so where the loss is that small; shows nothing where it is not."""
    assert choice.step is not None
    loss = passes.backward(choice.run.id, choice.step, str(choice.digit)).loss
    if loss >= LOSS:
        return
    other = passes.misread(choice.run.id, choice.step)
    with st.container(horizontal=True, vertical_alignment="center", key="read_already"):
        st.markdown(
            _(
                "{digit} is **read already** (its loss is {loss}), so there is almost no gradient: take a misread "
                "digit, or an early checkpoint."
            ).format(digit=choice.digit, loss=written(loss)),
        )
        if other:
            _take(choice, other)


def _take(choice: Choice, other: str) -> None:
    read = int(caches.answer(choice.run.id, choice.step or 0, other).argmax())
    label = passes.image(choice.run.id, other)[1]
    st.button(
        _("Take {digit}, a {label} read as {read}").format(digit=Address.parse(other), label=label, read=read),
        key="take_misread",
        on_click=link.choose,
        kwargs={"digit": other},
    )
