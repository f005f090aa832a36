"""The end of a digit's way: the score of one class added up, softmax with a temperature, and cross-entropy."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.analysis import evaluation
from mnist_viz.data.address import digit
from mnist_viz.figures.numbers import latex, latex_share, written
from mnist_viz.text import _, level, probability
from mnist_viz.ui import caches, words
from mnist_viz.ui.components import figure
from mnist_viz.ui.convolving import formula_lines, formulas, passes, way_drawings
from mnist_viz.ui.link import Choice

READ = "read"  # the class that the digit is read as
TEMPERATURES = ("0.1", "0.2", "0.5", "0.7", "1", "1.5", "2", "3", "5", "10", "20")


def score(choice: Choice) -> None:
    """The head's weighted sum for the class that the link names."""
    assert choice.step is not None
    read = int(caches.answer(choice.run.id, choice.step, str(choice.digit)).argmax())
    names = {READ: _("read as {read}").format(read=read), **{str(one): str(one) for one in range(10)}}
    said = words.segmented("for_class", _("Score of the class"), names, default=READ)
    target = read if said == READ else int(said)
    figure.show(
        way_drawings.weighted_sum(choice.run.id, choice.step, choice.digit, target),
        key="weighted_sum",
        version=f"{choice.step} {choice.digit} {target}",
    )
    found = passes.weighted_sum(choice.run.id, choice.step, str(choice.digit), target)
    st.markdown(
        _(
            "The **head** multiplies each of its {count:,} activations by a weight of this class and adds all up: the "
            "sum is the score of **{target}**, **{score}**. Shown are the eight products farthest from 0, red for and "
            "blue against."
        ).format(count=found.count, target=target, score=written(found.score, 4))
    )


def probabilities(choice: Choice, place: DeltaGenerator) -> None:
    """Softmax at a temperature, which is chosen in this place, beside that at 1, and what the true label costs."""
    assert choice.step is not None
    where = choice.run.id, choice.step, choice.digit
    with place:
        temperature = float(
            words.slide("temperature", _("Temperature T"), {one: one for one in TEMPERATURES}, default="3")
        )
    left, middle, right = st.columns([0.34, 0.34, 0.32], gap="small")
    with left:
        figure.show(way_drawings.bars(*where, 1), key="softmax", version=f"{choice.step} {choice.digit}")
    with middle:
        drawn = way_drawings.bars(*where, temperature)
        figure.show(drawn, key="tempered", version=f"{choice.step} {choice.digit} {temperature:g}")
    with right:
        figure.show(way_drawings.surprise(*where, low=True), key="surprise", version=f"{choice.step} {choice.digit}")
    with place:
        st.markdown(_said(choice, temperature))
    _formulas(choice, temperature)


def _formulas(choice: Choice, temperature: float) -> None:
    scores = caches.answer(choice.run.id, choice.step or 0, str(choice.digit)).astype(np.float64)
    tempered = evaluation.softmax(scores / temperature)
    read = int(scores.argmax())
    logarithm = float(np.logaddexp.reduce(scores / temperature))
    found, label = passes.backward(choice.run.id, choice.step or 0, str(choice.digit)), digit(choice.digit)[1]
    answer = formulas.softmax(scores[read], float(tempered[read]), read, logarithm, temperature)
    usual = "" if temperature == 1 else rf"\text{{{_('at T = 1:')}}} \quad "
    cost = usual + rf"L = -\ln p_{{{label}}} = -\ln {latex_share(found.loss, 4)} = {latex(found.loss, 4)}"
    formula_lines.show(answer, cost)


def _said(choice: Choice, temperature: float) -> str:
    """What the temperature does to the answer."""
    scores = caches.answer(choice.run.id, choice.step or 0, str(choice.digit)).astype(np.float64)
    shares, tempered = (evaluation.softmax(scores / one) for one in (1.0, temperature))
    read = int(scores.argmax())
    if temperature == 1:
        said = _("At T = 1 softmax is as the network was trained: it answers {read} with {share}.")
    elif probability(float(shares[read])) == probability(float(tempered[read])):
        apart = _(
            "Divided by T = {temperature}, the scores move apart: {read} stays {level}. Their order stays; the loss is "
            "that at T = 1."
        )
        together = _(
            "Divided by T = {temperature}, the scores move together: {read} stays {level}. Their order stays; the loss "
            "is that at T = 1."
        )
        said = together if temperature > 1 else apart
    elif temperature > 1:
        said = _(
            "Divided by T = {temperature}, the scores move together: {read} falls from {share} to {tempered}. Their "
            "order stays; the loss is that at T = 1."
        )
    else:
        said = _(
            "Divided by T = {temperature}, the scores move apart: {read} rises from {share} to {tempered}. Their "
            "order stays; the loss is that at T = 1."
        )
    return said.format(
        temperature=f"{temperature:g}",
        read=f"**{read}**",
        share=probability(float(shares[read])),
        tempered=probability(float(tempered[read])),
        level=level(float(shares[read])),
    )
