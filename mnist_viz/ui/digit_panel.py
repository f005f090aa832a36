"""The panel of one digit: what it is read as, how surely, and which pixels say so; the same on every page."""

import streamlit as st

from mnist_viz.ui import as_seen, caches, drawings
from mnist_viz.ui.components import figure
from mnist_viz.ui.link import Choice

METHODS = ("saliency", "integrated_gradients", "grad_cam")


def show(choice: Choice) -> None:
    """Picture, ten probabilities, and the maps for two classes on one scale, under a sentence made from the numbers."""
    from mnist_viz.analysis import explanation, saliency  # noqa: PLC0415  brings torch and captum

    assert choice.step is not None
    where = (choice.run.id, choice.step)
    maps, refusals = drawings.maps(*where, choice.digit, {name: saliency.METHODS[name].title for name in METHODS})
    with st.container(border=True, key="digit_panel"):
        st.markdown(f"**{choice.digit}** · {explanation.sentence(caches.facts(*where, str(choice.digit)))}")
        left, right = st.columns([3, 5], gap="small")
        with left:
            picture(choice, key="panel_digit")
            figure.show(drawings.bars(*where, choice.digit), key="panel_probabilities")
        with right:
            if maps:
                figure.show(maps, key="panel_maps", version=str(choice.digit))
            for refusal in refusals:
                st.caption(refusal)


def picture(choice: Choice, *, key: str) -> None:
    """The digit as it is in the data and, where the run prepares its digits, beside it as the network gets it."""
    said = as_seen.sentence(choice.run.id)
    if not said:
        figure.show(drawings.picture(choice.run.id, choice.digit), key=key)
        return
    figure.show(drawings.raw_and_prepared(choice.run.id, choice.digit), key=key)
    st.caption(said)


def method_words() -> str:
    """How the maps are made, for the fold of a page (Markdown)."""
    from mnist_viz.analysis import saliency  # noqa: PLC0415  brings torch and captum

    described = [saliency.METHODS[name] for name in METHODS]
    return "\n".join(f"- **{method.title}**: {method.description}" for method in described)
