"""Figures that many viewers look at, drawn once for all of them: words and numbers in, what the browser gets out.

Drawing takes longer than all that a click computes, so these are kept like what they show: under its name.
"""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz import text
from mnist_viz.analysis import evaluation
from mnist_viz.data import mnist
from mnist_viz.data.address import Address, digit
from mnist_viz.figures import attribution, probabilities
from mnist_viz.figures import confusion as matrices
from mnist_viz.figures import digits as pictures
from mnist_viz.figures import embedding as scattered
from mnist_viz.figures.before_after import before_after
from mnist_viz.text import _
from mnist_viz.ui import as_seen, caches
from mnist_viz.ui.components.figure import Drawn


def picture(run_id: str, address: Address) -> Drawn:
    """A digit as a run's network gets it."""
    return _picture(run_id, str(address), text.language())


def raw_and_prepared(run_id: str, address: Address) -> Drawn:
    """A digit as it is in the data, and beside it as the network of a run gets it that prepares its digits."""
    return _raw_and_prepared(run_id, str(address), text.language())


def bars(run_id: str, step: int, address: Address) -> Drawn:
    """The ten probabilities of a digit."""
    return _bars(run_id, step, str(address), text.language())


def maps(run_id: str, step: int, address: Address, methods: dict[str, str]) -> tuple[Drawn | None, list[str]]:
    """The maps of a digit for the class it is read as and for its rival, by `methods` (name -> title).

    With it a sentence for each method that refuses this network or this digit; None where all do.
    """
    return _maps(run_id, step, str(address), methods, text.language())


def saliency_grid(
    run_id: str, step: int, address: Address, *, methods: tuple[str, ...], classes: tuple[int, ...], baseline: str
) -> Drawn:
    """The maps of a digit by these methods, none of which refuses it, for these classes."""
    return _saliency_grid(
        run_id, step, str(address), methods=methods, classes=classes, baseline=baseline, language=text.language()
    )


def compared_with(run_id: str, address: Address, baseline: str, title: str) -> Drawn:
    """What the digit is compared with; `title` says what that is."""
    return _compared_with(run_id, str(address), baseline, title)


def confusion(run_id: str, step: int, part: str, scale: str, chosen: tuple[int, int] | None) -> Drawn:
    """The confusion matrix of a part in counts or shares of its `row`; `chosen` is (labelled, read as)."""
    return _confusion(run_id, step, part=part, scale=scale, chosen=chosen, language=text.language())


def embedding(
    run_id: str, step: int, places: NDArray[np.float32], *, by: str, part: str, name: str, version: str
) -> Drawn:
    """The digits of a part at their `places` on a map, which the `version` names, coloured `by` a word."""
    return _embedding(run_id, step, places, by=by, part=part, name=name, version=version, language=text.language())


@st.cache_data(max_entries=1024, show_spinner=False)
def _picture(run_id: str, address: str, language: str) -> Drawn:
    image, label = digit(Address.parse(address))
    title = _("Labelled\u00a0{label}").format(label=label)
    if as_seen.steps(run_id):
        image, title = as_seen.image(run_id, address), _("As the network gets it")
    return Drawn.of(pictures.digit(image, title, pixel=8))


@st.cache_data(max_entries=1024, show_spinner=False)
def _raw_and_prepared(run_id: str, address: str, language: str) -> Drawn:
    image, label = digit(Address.parse(address))
    names, title = (_("in the data"), _("prepared")), _("Labelled\u00a0{label}").format(label=label)
    return Drawn.of(before_after(image, as_seen.image(run_id, address), names=names, title=title))


@st.cache_data(max_entries=1024, show_spinner=False)
def _bars(run_id: str, step: int, address: str, language: str) -> Drawn:
    shares = evaluation.softmax(caches.answer(run_id, step, address))
    return Drawn.of(probabilities.probabilities(shares, label=digit(Address.parse(address))[1]))


@st.cache_data(max_entries=512, show_spinner=False)
def _maps(
    run_id: str, step: int, address: str, methods: dict[str, str], language: str
) -> tuple[Drawn | None, list[str]]:
    from mnist_viz.analysis.saliency import Refused  # noqa: PLC0415  brings torch and captum

    facts = caches.facts(run_id, step, address)
    targets = (facts.predicted, facts.other)
    signed, refusals = {}, []
    for name, title in methods.items():
        try:
            signed[title] = caches.attributions(run_id, step, address, name, targets, baseline=caches.BLACK)
        except Refused as refusal:
            refusals.append(str(refusal))
    if not signed:
        return None, refusals
    image, classes = as_seen.image(run_id, address), [str(target) for target in targets]
    drawn = attribution.attribution(
        np.stack(list(signed.values()), axis=1), image, classes=classes, methods=list(signed)
    )
    return Drawn.of(drawn), refusals


@st.cache_data(max_entries=512, show_spinner=False)
def _saliency_grid(
    run_id: str,
    step: int,
    address: str,
    *,
    methods: tuple[str, ...],
    classes: tuple[int, ...],
    baseline: str,
    language: str,
) -> Drawn:
    from mnist_viz.analysis.saliency import METHODS  # noqa: PLC0415  brings torch and captum

    maps = [
        caches.attributions(
            run_id, step, address, name, classes, baseline=baseline if METHODS[name].compares else caches.BLACK
        )
        for name in methods
    ]
    return Drawn.of(
        attribution.grid(
            np.stack(maps, axis=1),
            as_seen.image(run_id, address),
            classes=[str(one) for one in classes],
            methods=[METHODS[name].title for name in methods],
        )
    )


@st.cache_data(max_entries=512, show_spinner=False)
def _compared_with(run_id: str, address: str, baseline: str, title: str) -> Drawn:
    shares = as_seen.baseline(run_id, address, baseline)
    return Drawn.of(pictures.digit(np.round(255 * shares).astype(np.uint8), title, pixel=8))


@st.cache_data(max_entries=512, show_spinner=False)
def _confusion(
    run_id: str, step: int, *, part: str, scale: str, chosen: tuple[int, int] | None, language: str
) -> Drawn:
    counts = evaluation.confusion(caches.logits(run_id, step, part), mnist.digits(part).labels)
    return Drawn.of(matrices.confusion(counts, by_row=scale == "row", chosen=chosen))


@st.cache_data(max_entries=96, show_spinner=False)
def _embedding(
    run_id: str,
    step: int,
    _places: NDArray[np.float32],
    *,
    by: str,
    part: str,
    name: str,
    version: str,
    language: str,
) -> Drawn:
    read = evaluation.predictions(caches.logits(run_id, step, part))
    labels = mnist.digits(part).labels
    return Drawn.of(scattered.embedding(_places, labels, read, by=by, part=part, name=name, version=version))
