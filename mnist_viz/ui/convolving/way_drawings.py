"""The pictures of a digit's way through a network, drawn once for all viewers: words and numbers in."""

import numpy as np
import streamlit as st

from mnist_viz import text
from mnist_viz.analysis import evaluation
from mnist_viz.data.address import Address, digit
from mnist_viz.figures import passage as figures
from mnist_viz.figures import probabilities
from mnist_viz.figures.numbers import written
from mnist_viz.text import _, percent
from mnist_viz.ui import caches
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.convolving import passes

_ROW = 17  # pixels: ten bars are seen below the network on the first screen
_CURVE = 112  # pixels: with its axis it is as tall as ten such bars


def spreads(run_id: str, step: int, address: Address, layer: str) -> Drawn:
    """How a layer's numbers lie before and after it."""
    return _spreads(run_id, step, str(address), layer, text.language())


def weighted_sum(run_id: str, step: int, address: Address, target: int) -> Drawn:
    """The score of a class, added up."""
    return _weighted_sum(run_id, step, str(address), target, text.language())


def bars(run_id: str, step: int, address: Address, temperature: float) -> Drawn:
    """The ten probabilities at a temperature."""
    return _bars(run_id, step, str(address), temperature, text.language())


def surprise(run_id: str, step: int, address: Address, *, low: bool = False) -> Drawn:
    """What the true label costs; as tall as the bars at a temperature where `low`."""
    return _surprise(run_id, step, str(address), low=low, language=text.language())


@st.cache_data(max_entries=512, show_spinner=False)
def _spreads(run_id: str, step: int, address: str, layer: str, language: str) -> Drawn:
    found = passes.passage(run_id, step, address, layer)
    sentence = _("<b>{where}: {shape} numbers</b><br>from {least} to {largest}, {zeros} are 0")
    words = [
        sentence.format(
            where=where,
            shape=" × ".join(map(str, one.shape)),
            least=written(one.least),
            largest=written(one.largest),
            zeros=percent(one.zeros, 1),
        )
        for where, one in ((_("in"), found.before), (_("out"), found.after))
    ]
    return Drawn.of(figures.spreads(found.before.counts, found.after.counts, found.edges, (words[0], words[1])))


@st.cache_data(max_entries=512, show_spinner=False)
def _weighted_sum(run_id: str, step: int, address: str, target: int, language: str) -> Drawn:
    found = passes.weighted_sum(run_id, step, address, target)
    names = [
        f"{written(float(weight))} · {written(float(value))}"
        for weight, value in zip(found.weights, found.activations, strict=True)
    ]
    values = [*map(float, found.products)]
    if found.count > len(values):
        names.append(_("{count} more").format(count=f"{found.count - len(values):,}"))
        values.append(found.rest)
    title = _("The score of {target}: weight · activation, added up").format(target=target)
    return Drawn.of(figures.weighted_sum([*names, _("bias")], np.array([*values, found.bias]), found.score, title))


@st.cache_data(max_entries=512, show_spinner=False)
def _bars(run_id: str, step: int, address: str, temperature: float, language: str) -> Drawn:
    shares = evaluation.softmax(caches.answer(run_id, step, address).astype(np.float64) / temperature)
    title = _("At temperature {temperature}").format(temperature=f"{temperature:g}")
    return Drawn.of(probabilities.probabilities(shares, label=digit(Address.parse(address))[1], title=title, row=_ROW))


@st.cache_data(max_entries=512, show_spinner=False)
def _surprise(run_id: str, step: int, address: str, *, low: bool, language: str) -> Drawn:
    found = passes.backward(run_id, step, address)
    share, height = float(found.probabilities[found.label]), {"height": _CURVE} if low else {}
    return Drawn.of(figures.surprise(share, found.loss, found.label, **height))
