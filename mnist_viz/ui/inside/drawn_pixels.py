"""Which pixels of a drawing speak for the class that is read in it, and which for the runner-up."""

from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz import text
from mnist_viz.figures import attribution
from mnist_viz.text import _
from mnist_viz.ui import caches
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.inside import drawing

METHODS = ("saliency", "integrated_gradients")


class Reasons(NamedTuple):
    """Of a drawing: the maps by each method that has them, why another has none, and what the maps show."""

    drawn: dict[str, Drawn]
    refusals: list[str]
    heading: str


def show(run_id: str, step: int, pixels: str) -> None:
    """The maps of a drawing side by side."""
    why = reasons(run_id, step, pixels, text.language())
    if why.drawn:
        st.markdown(why.heading)
    for column, (method, one) in zip(st.columns(len(METHODS), gap="medium"), why.drawn.items(), strict=False):
        with column:
            figure.show(one, key=f"pad_{method}", version=pixels)
    for refusal in why.refusals:
        st.caption(refusal)


@st.cache_data(max_entries=drawing.KEPT, show_spinner=False)
def reasons(run_id: str, step: int, pixels: str, language: str) -> Reasons:
    """Maps of a drawing for the class it is read as and for the runner-up."""
    image, (first, second) = drawing.seen(run_id, pixels), drawing.likeliest(run_id, step, pixels)
    with drawing.turn:
        signed, refusals = _maps(run_id, step, image, (first, second))
    classes = [str(first), str(second)]
    drawn = {
        name: Drawn.of(attribution.beside(maps, image, classes=classes, title=method))
        for name, (method, maps) in signed.items()
    }
    heading = _("Which pixels speak for **{first}** and for **{second}**").format(first=first, second=second)
    return Reasons(drawn, refusals, heading)


def _maps(
    run_id: str, step: int, image: NDArray[np.uint8], targets: tuple[int, int]
) -> tuple[dict[str, tuple[str, NDArray[np.float32]]], list[str]]:
    import torch  # noqa: PLC0415  heavy

    from mnist_viz.analysis.saliency import METHODS as KNOWN  # noqa: PLC0415  brings captum
    from mnist_viz.analysis.saliency import Refused  # noqa: PLC0415

    ink = torch.tensor(image).float().div(255).expand(len(targets), 1, 28, 28)
    signed, refusals = {}, []
    for name in METHODS:
        try:
            maps = KNOWN[name](caches.network(run_id, step), ink, torch.tensor(targets))
            signed[name] = (KNOWN[name].title, maps)
        except Refused as refusal:
            refusals.append(str(refusal))
    return signed, refusals
