"""The whole way: every layer of the network in turn on the digit, until ten probabilities and the loss are there."""

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.figures.numbers import written, written_share
from mnist_viz.text import _, percent
from mnist_viz.ui import caches, page
from mnist_viz.ui.components import figure
from mnist_viz.ui.convolving import (
    formula_lines,
    formulas,
    layer_words,
    number_grids,
    overviews,
    passes,
    stepper,
    way_drawings,
    way_end,
)
from mnist_viz.ui.inside import feature_drawings, features
from mnist_viz.ui.link import Choice

if TYPE_CHECKING:
    from mnist_viz.analysis.features import Activation


def show(choice: Choice) -> str:
    """Show the view; returns the sentence that says what the chosen layer does."""
    if choice.step is None:
        return _("This run has no checkpoint yet: a digit can go its way once it has begun to train.")
    st.html(number_grids.STYLE)
    layers = caches.activations(choice.run.id, choice.step, str(choice.digit))
    place = features.chosen(choice)
    with st.container(horizontal=True, vertical_alignment="center", key="way_moves"):
        stepper.moves("layer", [one.name for one in layers], place)
        st.markdown(
            _("**{layer}**, {place} of {count} on the way").format(
                layer=feature_drawings.called(layers[place].name), place=place + 1, count=len(layers)
            )
        )
    left, right, compact = overviews.beside(layers)
    with left:
        features.network(choice, place, compact=compact)
    if place == len(layers) - 1:
        way_end.probabilities(choice, right)
    else:
        with right:
            features.alone(choice, place)
        if place == 0:
            left.markdown(features.scaling(choice))
        else:
            _layer(choice, layers, place, left)
    page.how_made(_method())
    return _sentence(choice, layers, place)


def _layer(choice: Choice, layers: "tuple[Activation, ...]", place: int, side: DeltaGenerator) -> None:
    """What one layer does: in words at this side, by its formula, on its numbers, by its weights where these show."""
    assert choice.step is not None
    name = layers[place].name
    found = passes.passage(choice.run.id, choice.step, str(choice.digit), name)
    general, filled = formulas.formula(found)
    side.markdown(layer_words.sentence(found))
    if filled:
        side.markdown(_("The formula below works out the number at {place}.").format(place=formulas.place(found)))
    if general:
        formula_lines.show(general, filled)
    left, right = st.columns([0.46, 0.54], gap="medium")
    with left:
        drawn = way_drawings.spreads(choice.run.id, choice.step, choice.digit, name)
        figure.show(drawn, key="spreads", version=f"{choice.step} {choice.digit} {place}")
    with right:
        filters = caches.filters(choice.run.id, choice.step)
        if place == len(layers) - 2:
            way_end.score(choice)
        elif filters is not None and filters[0] == name:
            features.filters(choice)


def _sentence(choice: Choice, layers: "tuple[Activation, ...]", place: int) -> str:
    layer = layers[place]
    assert choice.step is not None
    if place == 0:
        return features.sentence(choice, place)
    if place == len(layers) - 1:
        found = passes.backward(choice.run.id, choice.step, str(choice.digit))
        return _(
            "Softmax makes probabilities of ten scores: the true label **{label}** gets p = {share}, so that {digit} "
            "costs −ln p = **{loss}**."
        ).format(
            label=found.label,
            share=written_share(found.loss, 4),
            digit=choice.digit,
            loss=written(found.loss, 4),
        )
    found_here = passes.passage(choice.run.id, choice.step, str(choice.digit), layer.name)
    if percent(found_here.after.zeros, 1) != percent(0, 1):
        words = _(
            "**{layer}** ({kind}) makes {out} numbers of {into}, with {parameters:,} learned ones; they go from "
            "{least} to {largest}, and {zeros} are exactly 0."
        )
    else:
        words = _(
            "**{layer}** ({kind}) makes {out} numbers of {into}, with {parameters:,} learned ones; they go from "
            "{least} to {largest}."
        )
    return words.format(
        layer=feature_drawings.called(layer.name),
        kind=layer.kind,
        out=" × ".join(map(str, found_here.after.shape)),
        into=" × ".join(map(str, found_here.before.shape)),
        parameters=layer.parameters,
        least=written(found_here.after.least),
        largest=written(found_here.after.largest),
        zeros=percent(found_here.after.zeros, 1),
    )


def _method() -> str:
    return (
        _(
            "The digit goes once through the chosen checkpoint, as it would be read: a BatchNorm uses the mean and "
            "variance it has learned, a Dropout passes all on. What each layer takes in and puts out is taken down. "
            "The number that is worked out is the one farthest from 0 that the layer puts out; of a ReLU, that it "
            "takes in; of an LSTM, that it puts out after the last row, as only these are read on. That the "
            "convolutions of networks are cross-correlations is said under “One window”. The bars before and after "
            "show how many numbers lie where, by the square root of their count. The temperature divides the scores "
            "before the softmax; the network was trained at 1."
        )
        + "\n\n"
        + _(
            "Softmax and cross-entropy: Bridle, Probabilistic interpretation of feedforward classification network "
            "outputs, 1990. Temperature: Hinton, Vinyals and Dean, Distilling the knowledge in a neural network, 2015, "
            "arXiv 1503.02531."
        )
    )
