"""Change one thing: the layers as they were, kept as A beside the copy B that is being changed, with what it costs."""

import streamlit as st

from mnist_viz.plan import sizes, words
from mnist_viz.plan.layers import Impossible
from mnist_viz.text import _
from mnist_viz.ui import link
from mnist_viz.ui.training import layer_table

KEPT = "variant"


def show(now: str) -> None:
    """The button that keeps these layers as A; once there is an A, both tables side by side.

    A is a word of the link; one that says no network counts as none.
    """
    with st.container(key=f"hidden_{KEPT}"):
        kept = st.text_input(KEPT, value="", key=KEPT, bind="query-params")
    first = _sizes(kept)
    with st.container(horizontal=True):
        if first:
            _button(_("Go back to A"), "undo", layers=kept)
            _button(_("Forget A"), "close", **{KEPT: ""})
        elif _sizes(now):
            _button(_("Keep this as A, change a copy"), "content_copy", **{KEPT: now})
    if not first:
        return
    for column, name, rows in zip(st.columns(2), ("A", "B"), (first, _sizes(now)), strict=True):
        with column:
            _table(name, rows)


def _table(name: str, rows: tuple[sizes.Sized, ...]) -> None:
    if not rows:
        st.caption(_("{name} is no network yet.").format(name=name))
        return
    st.markdown(
        _("**{name}**: {parameters:,} parameters, {products:,} multiply-adds").format(
            name=name,
            parameters=sum(row.parameters for row in rows),
            products=sum(row.multiply_adds for row in rows),
        )
    )
    alt = _("The layers of {name}, in the order a digit passes them").format(name=name)
    layer_table.show(rows, alt=alt, kinds=False)


def _sizes(word: str) -> tuple[sizes.Sized, ...]:
    """The sizes of the network that a word says, none where it says no network."""
    try:
        return sizes.shapes(words.parse(word)) if word else ()
    except Impossible:
        return ()


def _button(label: str, icon: str, **said: str) -> None:
    st.button(
        label, icon=f":material/{icon}:", type="tertiary", on_click=link.choose, kwargs=said, key=f"variant_{icon}"
    )
