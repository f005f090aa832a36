"""What happens inside the network for a drawing: every layer as a picture, and one of them large."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_viz import text
from mnist_viz.text import _
from mnist_viz.ui import caches
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.inside import drawing, feature_drawings, features

if TYPE_CHECKING:
    from mnist_viz.analysis.features import Activation


def show(run_id: str, step: int, pixels: str) -> None:
    """A sentence on the layer that the link names, the network, and that layer."""
    layers = _layers(run_id, step, pixels)
    place = features.chosen_of(layers)
    name, begins = _("your drawing"), _("Your drawing")
    st.markdown(features.sentence_of(layers, place, step=step, name=name, begins=begins))
    network, opened = _pictures(run_id, step, pixels, place, text.language())
    version = f"{step} {place} {pixels}"
    features.overview(network, layers, place, version=version)
    features.say_order(layers)
    figure.show(opened, key="opened", version=version)


@st.cache_resource(max_entries=32, show_spinner=False)  # up to 0.6 MB each, and computed again in milliseconds
def _layers(run_id: str, step: int, pixels: str) -> "tuple[Activation, ...]":
    image = drawing.seen(run_id, pixels)
    with drawing.turn:
        return caches.activations_of(run_id, step, image)


@st.cache_data(max_entries=drawing.KEPT, show_spinner=False)
def _pictures(run_id: str, step: int, pixels: str, place: int, language: str) -> tuple[Drawn, Drawn]:
    layers = _layers(run_id, step, pixels)
    with drawing.turn:
        return (
            feature_drawings.overview(layers, place, name=_("your drawing")),
            feature_drawings.opened(layers, place, half=False),
        )
