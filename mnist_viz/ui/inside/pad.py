"""The pad on the page: it answers by itself while one draws; what it got is explained here once the pen rests."""

import base64
import threading
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from mnist_viz import text
from mnist_viz.analysis import evaluation
from mnist_viz.figures import attribution
from mnist_viz.runs.logits import predict
from mnist_viz.server import predict as route
from mnist_viz.text import _
from mnist_viz.ui import as_seen, caches
from mnist_viz.ui.components import figure, pad
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.link import Choice

METHODS = ("saliency", "integrated_gradients")
_heavy = threading.BoundedSemaphore(1)  # a class that draws at once leaves a core to the pages


class Reasons(NamedTuple):
    """Of a drawing: the maps by each method that has them, why another has none, what is read, what the maps show."""

    drawn: dict[str, Drawn]
    refusals: list[str]
    sentence: str
    heading: str


def show(choice: Choice, answer: DeltaGenerator) -> None:
    """The pad, and below it why its last picture is read as it is; the sentence on it becomes the answer."""
    assert choice.step is not None
    prepares = bool(as_seen.steps(choice.run.id))
    address = route.route_of(choice.run.id, choice.step)
    image = pad.show(address, key="pad", label=_("Draw a digit"), prepares=prepares)
    if image is None:
        words = _("Draw a digit: step {step:,} answers with every stroke. The link does not carry drawings.")
        answer.markdown(words.format(step=choice.step))
        return
    pixels = base64.b64encode(image.tobytes()).decode()
    with st.container(border=True, key="pad_reasons"):
        why = reasons(choice.run.id, choice.step, pixels, text.language())
        answer.markdown(why.sentence)
        if why.drawn:
            st.markdown(why.heading)
        for column, (method, one) in zip(st.columns(len(METHODS), gap="medium"), why.drawn.items(), strict=False):
            with column:
                figure.show(one, key=f"pad_{method}", version=pixels)
        for refusal in why.refusals:
            st.caption(refusal)


@st.cache_data(max_entries=128, show_spinner=False)
def reasons(run_id: str, step: int, pixels: str, language: str) -> Reasons:
    """Maps of a drawing (its 784 bytes in base64) for the class it is read as and for the runner-up."""
    drawn_by_hand = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(28, 28)
    image = as_seen.prepared(run_id, drawn_by_hand[np.newaxis])[0]
    shares = evaluation.softmax(predict(caches.network(run_id, step), image[np.newaxis])[0])
    first, second = (int(digit) for digit in np.argsort(-shares, kind="stable")[:2])
    with _heavy:
        signed, refusals = _maps(run_id, step, image, (first, second))
    sentence = _(
        "Step {step:,} reads a **{first}** in your drawing; next comes a {second}. The link does not carry drawings."
    ).format(step=step, first=first, second=second)
    classes = [str(first), str(second)]
    drawn = {
        name: Drawn.of(attribution.beside(maps, image, classes=classes, title=method))
        for name, (method, maps) in signed.items()
    }
    heading = _("Which pixels speak for **{first}** and for **{second}**").format(first=first, second=second)
    return Reasons(drawn, refusals, sentence, heading)


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
