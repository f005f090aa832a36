"""What one step makes of one kernel: before, gradient, rate times gradient and after, as numbers."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.figures import backward as figures
from mnist_viz.figures.numbers import written
from mnist_viz.text import _
from mnist_viz.ui import words
from mnist_viz.ui.components import figure
from mnist_viz.ui.convolving import number_grids, passes, weight_words
from mnist_viz.ui.inside import feature_drawings
from mnist_viz.ui.link import Choice

if TYPE_CHECKING:
    from mnist_viz.analysis.weight_pictures import Kernels

WORD = "kernel_of"  # in the link: layer-filter-channel
RATES = ("0.0001", "0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3")
USUAL = "0.001"


def rate(*, shown: bool) -> float:
    """The learning rate that the link names, with its menu where it means something."""
    if shown:
        with st.container(width=340):
            return float(words.slide("digit_rate", _("Learning rate"), {one: one for one in RATES}, default=USUAL))
    return float(words.hidden("digit_rate", RATES, default=USUAL))


def chosen(choice: Choice) -> "tuple[Kernels, int, int]":
    """Three menus for the one word of the link; where it names nothing, the picture with the steepest weight."""
    assert choice.step is not None
    known = passes.kernels(choice.run.id, choice.step)
    with st.container(key=f"hidden_{WORD}"):
        said = st.text_input(WORD, value="", key=WORD, bind="query-params").split("-")
    layer = said[0] if said[0] in known else next(iter(known))
    kernels = known[layer]
    filters, channels, *_size = kernels.shape
    if len(said) == 3 and said[0] == layer and _within(said[1], filters) and _within(said[2], channels):
        filter_, channel = int(said[1]), int(said[2])
    else:
        filter_, channel = steepest(passes.gradients(choice.run.id, choice.step, str(choice.digit), kernels))
    names = {one: feature_drawings.called(one) for one in known}
    _menu("layer", _("Weights of"), names, layer, "?")
    readers = weight_words.choices(kernels)
    _menu("filter", weight_words.reader(kernels), readers, str(filter_), f"{layer}-?-{channel}")
    if channels > 1:
        maps = {str(one): str(one) for one in range(channels)}
        _menu("channel", _("Map it reads"), maps, str(channel), f"{layer}-{filter_}-?")
    return kernels, filter_, channel


def show(choice: Choice, step_size: float, picture: "tuple[Kernels, int, int]") -> str:
    """The four grids of a kernel; returns the sentence on its steepest weight."""
    assert choice.step is not None
    kernels, filter_, channel = picture
    where = choice.run.id, choice.step
    before = passes.weights(*where, kernels)[filter_, channel]
    gradient = passes.gradients(*where, str(choice.digit), kernels)[filter_, channel]
    change = np.float32(step_size) * gradient
    after = before - change
    weight, steepest = float(np.abs(before).max()), float(np.abs(gradient).max())
    panels = [
        (_("before: w"), before, weight),
        (_("gradient: g (own scale)"), gradient, steepest),
        (_("rate × gradient: {rate:g} · g").format(rate=step_size), change, weight),
        (_("after: w − {rate:g} · g").format(rate=step_size), after, weight),
    ]
    if max(before.shape) <= number_grids.MOST:
        number_grids.show(panels)
    else:
        figure.show(figures.weights(panels, weight_words.title(kernels, filter_, channel)), key="kernel")
    st.caption(weight_words.explained(kernels, filter_))
    place = np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)
    return _(
        "Each weight takes a small step against its gradient; the steepest one here goes from {before} to "
        "{before} − {rate:g} · {gradient} = **{after}**."
    ).format(
        before=written(float(before[place]), 4),
        gradient=_bracketed(float(gradient[place])),
        after=written(float(after[place]), 4),
        rate=step_size,
    )


def _menu(name: str, label: str, names: dict[str, str], value: str, word: str) -> None:
    """A menu in front of the piece of the word that is "?"; another layer begins with its steepest picture."""
    key = f"{WORD}_{name}"
    st.session_state[key] = value

    def take_over() -> None:
        chosen = st.session_state[key]
        if chosen in names:
            st.session_state[WORD] = word.replace("?", chosen)

    width = 200 if name == "layer" else 130
    st.selectbox(label, list(names), format_func=names.__getitem__, key=key, width=width, on_change=take_over)


def steepest(gradients: NDArray[np.float32]) -> tuple[int, int]:
    """Filter and channel of the picture in which the gradient farthest from 0 lies."""
    largest = np.abs(gradients).max(axis=(2, 3))
    filter_, channel = np.unravel_index(int(largest.argmax()), largest.shape)
    return int(filter_), int(channel)


def _within(said: str, count: int) -> bool:
    return said.isdecimal() and len(said) < 6 and int(said) < count


def _bracketed(value: float) -> str:
    return f"({written(value, 4)})" if value < 0 else written(value, 4)
