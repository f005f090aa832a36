"""Where a transformer looks on the chosen digit, or the sentence that says that the network does not look so."""

import streamlit as st

from mnist_viz import text
from mnist_viz.figures import attention as picture
from mnist_viz.text import _
from mnist_viz.ui import as_seen, caches
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.link import Choice


def show(choice: Choice) -> None:
    """The attention of every head for the chosen digit; where there is none, that it needs a transformer."""
    assert choice.step is not None
    drawn = _attention(choice.run.id, choice.step, str(choice.digit), text.language())
    if drawn is None:
        st.caption(
            _("This network has no attention to show: train the network vit, a transformer, to see where it looks.")
        )
        return
    figure.show(drawn, key="attention", version=str(choice.digit))
    st.caption(method_words())


def exists(choice: Choice) -> bool:
    """Whether the network has attention."""
    assert choice.step is not None
    return _attention(choice.run.id, choice.step, str(choice.digit), text.language()) is not None


def method_words() -> str:
    """How the picture is read, for the place below it or the fold of a page."""
    return _(
        "The digit is cut into patches. In each layer (L1 is the first) every head gathers what it needs from all of "
        "them: the stronger the colour of a patch, the larger its share in what the class token gathers, from which "
        "the answer is read in the end. What is missing from 100 % is the share of the class token itself. "
        "Where it looks is not yet why it decides."
    )


@st.cache_data(max_entries=512, show_spinner=False)
def _attention(run_id: str, step: int, address: str, language: str) -> Drawn | None:
    from mnist_viz.analysis.attention import attention  # noqa: PLC0415  brings torch

    image = as_seen.image(run_id, address)
    shares = attention(caches.network(run_id, step), image)
    return None if shares is None else Drawn.of(picture.attention(shares, image))
