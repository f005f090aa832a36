"""The pad on the page: it answers by itself while one draws; once the pen rests one looks at what became of it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.server import predict as route
from mnist_viz.text import _
from mnist_viz.ui import as_seen, words
from mnist_viz.ui.components import pad
from mnist_viz.ui.inside import drawing, drawn_layers, drawn_nearest, drawn_pixels, features
from mnist_viz.ui.link import Choice

VIEWS = {"pixels": drawn_pixels.show, "layers": drawn_layers.show, "nearest": drawn_nearest.show}


def show(choice: Choice, answer: DeltaGenerator) -> None:
    """The pad, and below it one of the views of its last picture; how that is read becomes the answer."""
    assert choice.step is not None
    prepares = bool(as_seen.steps(choice.run.id))
    address = route.route_of(choice.run.id, choice.step)
    image = pad.show(address, key="pad", label=_("Draw a digit"), prepares=prepares)
    with st.container(border=True, key="pad_reasons"):
        look = _chosen()
        if image is None:
            if look == "layers":
                features.chosen(choice)  # the link keeps the layer, and the next drawing opens it again
            said = _("Draw a digit: step {step:,} answers with every stroke. The link does not carry drawings.")
            answer.markdown(said.format(step=choice.step))
            st.caption(_("This is shown here once you have drawn a digit."))
            return
        pixels = drawing.word(image)
        answer.markdown(sentence(choice.run.id, choice.step, pixels))
        VIEWS[look](choice.run.id, choice.step, pixels)


def sentence(run_id: str, step: int, pixels: str) -> str:
    """How a checkpoint reads a drawing."""
    first, second = drawing.likeliest(run_id, step, pixels)
    return _(
        "Step {step:,} reads a **{first}** in your drawing; next comes a {second}. The link does not carry drawings."
    ).format(step=step, first=first, second=second)


def _chosen() -> str:
    names = {
        "pixels": _("Which pixels speak"),
        "layers": _("Inside the network"),
        "nearest": _("Ten nearest digits"),
    }
    return words.segmented("look", _("What is shown of your drawing"), names, default="pixels", bare=True)
