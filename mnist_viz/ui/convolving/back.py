"""And back: one training step of the network on the digit, moment by moment, and the same step again and again."""

import streamlit as st

from mnist_viz.figures.numbers import latex, latex_share, written, written_share
from mnist_viz.text import _
from mnist_viz.ui import drawings, page, words
from mnist_viz.ui.components import figure
from mnist_viz.ui.convolving import (
    back_drawings,
    back_repeat,
    back_update,
    formula_lines,
    number_grids,
    overviews,
    passes,
    read_already,
    stepper,
    way_drawings,
)
from mnist_viz.ui.inside import feature_drawings, features
from mnist_viz.ui.link import Choice

_RATED = ("update", "after", "repeat")  # the moments to which the learning rate means something


def show(choice: Choice) -> str:
    """Show the view; returns the sentence that says what happens at this moment of the step."""
    if choice.step is None:
        return _("This run has no checkpoint yet: one step can be looked at once it has begun to train.")
    st.html(number_grids.STYLE)
    names = {
        "loss": _("1 Loss"),
        "error": _("2 Error"),
        "gradient": _("3 Gradients"),
        "update": _("4 Update"),
        "after": _("5 After"),
        "repeat": _("Repeat"),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="back_moves"):
        moment = words.segmented("moment", _("Moment of the step"), names, default="loss", bare=True)
        stepper.moves("moment", list(names), list(names).index(moment))
    with st.container(horizontal=True, vertical_alignment="bottom", key="back_controls"):
        rate = back_update.rate(shown=moment in _RATED)
        count = back_repeat.count(shown=moment == "repeat")
        kernel = back_update.chosen(choice) if moment == "update" else None
    if moment != "loss":
        read_already.show(choice)
    if kernel is not None:
        said = back_update.show(choice, rate, kernel)
    elif moment in _RATED:
        said = back_repeat.after(choice, rate) if moment == "after" else back_repeat.repeat(choice, rate, count)
    else:
        said = {"loss": _loss, "error": _error, "gradient": _gradient}[moment](choice)
    page.how_made(_method())
    return said


def _loss(choice: Choice) -> str:
    """The digit, what is made of it, and what that costs."""
    assert choice.step is not None
    where, version = (choice.run.id, choice.step, choice.digit), f"{choice.step} {choice.digit}"
    left, middle, right = st.columns([0.24, 0.42, 0.34], gap="medium")
    with left:
        figure.show(drawings.picture(choice.run.id, choice.digit), key="digit_seen", version=version)
    with middle:
        figure.show(drawings.bars(*where), key="probabilities", version=version)
    with right:
        figure.show(way_drawings.surprise(*where), key="surprise", version=version)
    found = passes.backward(choice.run.id, choice.step, str(choice.digit))
    formula_lines.show(rf"L = -\ln p_{{{found.label}}} = -\ln {latex_share(found.loss, 4)} = {latex(found.loss, 4)}")
    return _(
        "A step begins with its **loss**: {digit} is labelled {label}, the network gives that p = {share}, and so it "
        "costs −ln p = **{loss}**."
    ).format(digit=choice.digit, label=found.label, share=written_share(found.loss, 4), loss=written(found.loss, 4))


def _error(choice: Choice) -> str:
    """Prediction minus truth, class by class."""
    assert choice.step is not None
    found = passes.backward(choice.run.id, choice.step, str(choice.digit))
    figure.show(
        back_drawings.error(choice.run.id, choice.step, choice.digit),
        key="error",
        version=f"{choice.step} {choice.digit}",
    )
    st.markdown(
        _(
            "This is the gradient of softmax and cross-entropy together, and the whole error signal: where it is above "
            "0 (red) the score must fall, where it is below 0 (blue) it must rise. The ten add up to 0."
        )
    )
    highest = int(found.error.argmax())
    return _(
        "The loss tells each score how it should move: that of {label} has the gradient **{down}** and must rise, that "
        "of {other} has **{up}** and must fall most."
    ).format(
        label=found.label,
        down=written(float(found.error[found.label]), 4),
        other=highest,
        up=written(float(found.error[highest]), 4),
    )


def _gradient(choice: Choice) -> str:
    """The gradient at every layer: all as a picture of the network, one large, and their lengths."""
    assert choice.step is not None
    where = choice.run.id, choice.step, choice.digit
    layers = back_drawings.layers(choice.run.id, choice.step, str(choice.digit))
    place = features.chosen_of(layers)
    version = f"{choice.step} {choice.digit} {place}"
    left, right, compact = overviews.beside(layers)
    with left:
        features.overview(back_drawings.network(*where, place, compact=compact), layers, place, version=version)
    with right:
        figure.show(back_drawings.layer(*where, place), key="opened", version=version)
        if layers[place].kind == "LSTM":
            st.caption(
                _("Only what it gives out after the last row is read on; what goes back through its rows stays in it.")
            )
    with left:
        figure.show(back_drawings.lengths(*where, place), key="lengths", version=version)
    back = passes.backward(choice.run.id, choice.step, str(choice.digit))
    if back.length == 0:
        return _(
            "The network is so sure of {digit} that its loss is 0: there is nothing left to learn from it."
        ).format(digit=choice.digit)
    one = back.layers[place]
    return _(
        "From the scores the error goes **back**: at **{layer}** the gradient has the length {length}, and a change of "
        "1 in its most sensitive number would change the loss by about **{largest}**."
    ).format(layer=feature_drawings.called(one.name), length=written(one.length), largest=written(one.largest))


def _method() -> str:
    return (
        _(
            "All is computed on a copy of the chosen checkpoint, by automatic differentiation; the run itself stays as "
            "it is. The loss is the cross-entropy of this one digit. The step is plain gradient descent: every weight "
            "minus rate times its gradient, without momentum, weight decay or a memory, whatever the run was trained "
            "with. A BatchNorm keeps the mean and variance that it has learned, because one digit is no batch and has "
            "none of its own; its scale and shift learn. A Dropout passes all on. The gradient at a layer is that of "
            "the loss by what the layer puts out, in the pictures on one scale a layer, red above and blue below 0; "
            "its length is its Euclidean norm."
        )
        + "\n\n"
        + _(
            "Backpropagation: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, "
            "1986. That a network forgets what it no longer sees: McCloskey and Cohen, Catastrophic interference in "
            "connectionist networks, 1989."
        )
    )
