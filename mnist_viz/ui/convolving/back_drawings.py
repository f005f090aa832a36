"""The pictures of a step back, drawn once for all viewers: words and numbers in, what the browser gets out."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from mnist_viz import text
from mnist_viz.data.address import Address
from mnist_viz.figures import backward as figures
from mnist_viz.figures import channels, probabilities
from mnist_viz.figures import network as networks
from mnist_viz.figures import repeats as repeated
from mnist_viz.figures.numbers import written
from mnist_viz.text import _
from mnist_viz.ui import caches
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.convolving import passes
from mnist_viz.ui.inside import feature_drawings

if TYPE_CHECKING:
    from mnist_viz.analysis.features import Activation

_POWER = "×"  # in a number that is written with a power of ten
_ROW = 25  # pixels: ten bars before and after are seen on the first screen


def layers(run_id: str, step: int, address: str) -> "tuple[Activation, ...]":
    """The layers of the way, each with the gradient at its output in place of the output; the softmax is left out."""
    forward = caches.activations(run_id, step, address)
    back = passes.backward(run_id, step, address).layers
    return tuple(replace(one, values=gradient.values) for one, gradient in zip(forward[:-1], back, strict=True))


def error(run_id: str, step: int, address: Address) -> Drawn:
    """Prediction minus truth."""
    return _error(run_id, step, str(address), text.language())


def network(run_id: str, step: int, address: Address, place: int, *, compact: bool) -> Drawn:
    """The gradient at every layer, in fewer words where `compact`; the one at this place is outlined."""
    return _network(run_id, step, str(address), place, compact=compact, language=text.language())


def layer(run_id: str, step: int, address: Address, place: int) -> Drawn:
    """The gradient at one layer."""
    return _layer(run_id, step, str(address), place, text.language())


def lengths(run_id: str, step: int, address: Address, place: int) -> Drawn:
    """How long the gradient at each layer is."""
    return _lengths(run_id, step, str(address), place, text.language())


def bars(run_id: str, step: int, address: Address, rate: float, count: int) -> Drawn:
    """The ten probabilities after `count` steps on the digit, of which there is at most 1."""
    return _bars(run_id, step, str(address), rate, count, language=text.language())


def repeats(run_id: str, step: int, address: Address, rate: float, count: int) -> tuple[Drawn, Drawn]:
    """Loss and probabilities after each step; those after the `count`-th are marked."""
    return _repeats(run_id, step, str(address), rate, count, language=text.language())


def others(run_id: str, step: int, address: Address, rate: float, count: int) -> Drawn:
    """As what other digits are read before and after."""
    return _others(run_id, step, str(address), rate, count, language=text.language())


@st.cache_data(max_entries=256, show_spinner=False)
def _error(run_id: str, step: int, address: str, language: str) -> Drawn:
    found = passes.backward(run_id, step, address)
    return Drawn.of(figures.error(found.probabilities, found.label, found.error))


@st.cache_data(max_entries=256, show_spinner=False)
def _network(run_id: str, step: int, address: str, place: int, *, compact: bool, language: str) -> Drawn:
    title = _("The gradient at each layer")
    if not compact:
        title = _("How the loss of {digit} grows with what each layer puts out").format(digit=address)
    return feature_drawings.laid_out(layers(run_id, step, address), _block, place, title=title, compact=compact)


def _block(layer: "Activation", below: str, lines: int) -> networks.Block:
    name = layer.name.rpartition(".")[2] if below else feature_drawings.called(layer.name)
    length = written(float(np.linalg.norm(layer.values)), 2)
    largest = written(float(np.abs(layer.values).max()), 2)
    # Beside a power of ten there is no room for a word; the words at the pointer say what it is.
    said = (
        f"<b>{name}</b>",
        length if _POWER in length else _("length {length}").format(length=length),
        f"±{largest}" if _POWER in largest else _("up to ±{largest}").format(largest=largest),
    )
    words = _("{name}: gradient of length {length}, the largest absolute value {largest}").format(
        name=feature_drawings.called(layer.name), length=length, largest=largest
    )
    return networks.Block(said[:lines], words, layer.values, signed=True)


@st.cache_data(max_entries=256, show_spinner=False)
def _layer(run_id: str, step: int, address: str, place: int, language: str) -> Drawn:
    one = layers(run_id, step, address)[place]
    title = _("The gradient at {name}: one scale up to ±{largest}").format(
        name=feature_drawings.called(one.name), largest=written(float(np.abs(one.values).max()))
    )
    if one.values.ndim == 1:
        return Drawn.of(channels.numbers(one.values, title, names=_("neuron"), width=channels.HALF))
    if one.values.ndim == 2:
        return Drawn.of(figures.table(one.values, title, names=feature_drawings.positions(one)[1]))
    return Drawn.of(channels.signed(one.values, title, width=channels.HALF))


@st.cache_data(max_entries=256, show_spinner=False)
def _lengths(run_id: str, step: int, address: str, place: int, language: str) -> Drawn:
    found = passes.backward(run_id, step, address).layers
    names = [feature_drawings.called(one.name) for one in reversed(found)]
    lengths = [one.length for one in reversed(found)]
    title = _("Length of the gradient, from the scores back to the pixels")
    return Drawn.of(figures.lengths(names, lengths, chosen=len(found) - 1 - place, title=title))


@st.cache_data(max_entries=256, show_spinner=False)
def _bars(run_id: str, step: int, address: str, rate: float, count: int, *, language: str) -> Drawn:
    found = passes.repeats(run_id, step, address, rate, 1)
    title = _("After the step") if count else _("Before the step")
    label = passes.backward(run_id, step, address).label
    return Drawn.of(
        probabilities.probabilities(np.nan_to_num(found.probabilities[count]), label=label, title=title, row=_ROW)
    )


@st.cache_data(max_entries=256, show_spinner=False)
def _repeats(run_id: str, step: int, address: str, rate: float, count: int, *, language: str) -> tuple[Drawn, Drawn]:
    found, label = passes.repeats(run_id, step, address, rate), passes.backward(run_id, step, address).label
    losses = repeated.losses(found.losses, chosen=count)
    return Drawn.of(losses), Drawn.of(repeated.shares(found.probabilities, label=label, chosen=count))


@st.cache_data(max_entries=256, show_spinner=False)
def _others(run_id: str, step: int, address: str, rate: float, count: int, *, language: str) -> Drawn:
    before, after = passes.others(run_id, step), passes.others(run_id, step, address, rate, count)
    title = _("As what {count:,} validation digits are read").format(count=passes.OTHERS)
    return Drawn.of(repeated.read_as(before.sum(axis=0), after.sum(axis=0), title))
