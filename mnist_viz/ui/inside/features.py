"""What happens inside for one digit: the network as a picture, one of its layers large, and a sentence on it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from mnist_viz.figures.numbers import written
from mnist_viz.text import _, probability
from mnist_viz.ui import as_seen, caches, link, words
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.inside import feature_drawings
from mnist_viz.ui.link import Choice

if TYPE_CHECKING:
    from mnist_viz.analysis.features import Activation


def chosen(choice: Choice) -> int:
    """The place among the layers of the one that the link names; of the first after the digit where it names none."""
    return chosen_of(_layers(choice))


def chosen_of(layers: "Sequence[Activation]") -> int:
    """The same of layers that are at hand."""
    names = [layer.name for layer in layers]
    return names.index(words.hidden("layer", names, default=names[1]))


def network(choice: Choice, place: int, *, compact: bool = False) -> None:
    """The whole network, in fewer words where `compact`; a click or the arrow keys open a layer."""
    layers = _layers(choice)
    drawn = feature_drawings.network(*_where(choice), choice.digit, place, compact=compact)
    overview(drawn, layers, place, version=_version(choice, place))
    if said := as_seen.sentence(choice.run.id):
        st.caption(said)
    say_order(layers)


def overview(drawn: Drawn, layers: "Sequence[Activation]", place: int, *, version: str) -> None:
    """A picture of the network that has these layers, the one at this place opened; `version` names what is seen."""
    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    columns = features.stages(layers)
    figure.show(
        drawn,
        key="network",
        cells=(max(map(len, columns)), len(columns)),
        chosen=features.position(columns, place),
        version=version,
        on_click=lambda: _open_clicked(columns),
    )


def say_order(layers: "Sequence[Activation]") -> None:
    """How a picture of these layers is read where the network has blocks."""
    if any(feature_drawings.block(layer.name) for layer in layers):
        st.caption(
            _(
                "In the order of computation; where it skips ahead is not drawn. It cuts the digit into patches: embed "
                "makes numbers of each, place tells them where they lie and puts a class token before them, which "
                "gathers the answer. In a block, attention lets all look at each other; widen and narrow then compute "
                "with the numbers of each one alone."
            )
        )


def _open_clicked(columns: "Sequence[Sequence[Activation]]") -> None:
    """Choose the layer that was met on the network: a click says which block, an arrow key which row and column."""
    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    point = figure.clicked("network")
    if point is None:
        return
    layers = [layer for column in columns for layer in column]
    arrow = point["z"] is None
    place = features.place(columns, int(point["y"]), int(point["x"])) if arrow else int(point["z"])
    link.choose(layer=layers[place].name)


def opened(choice: Choice, place: int, *, narrow: bool = False) -> None:
    """What the layer puts out; for the first layer with weights its filters beside it, in a narrow place above it."""
    layers, found = _layers(choice), caches.filters(*_where(choice))
    layer = layers[place]
    beside = found is not None and found[0] == layer.name
    drawn = feature_drawings.layer(*_where(choice), choice.digit, place, half=beside or narrow)
    if beside:
        left, right = (st.container(), st.container()) if narrow else st.columns(2, gap="small")
        with left:
            filters(choice)
        with right:
            figure.show(drawn, key="opened", version=_version(choice, place))
        return
    figure.show(drawn, key="opened", version=_version(choice, place))
    _say_no_filters(choice, place)


def alone(choice: Choice, place: int) -> None:
    """What the layer puts out, in a narrow place, without the filters of the first layer with weights."""
    drawn = feature_drawings.layer(*_where(choice), choice.digit, place, half=True)
    figure.show(drawn, key="opened", version=_version(choice, place))
    _say_no_filters(choice, place)


def filters(choice: Choice) -> None:
    """The filters of the first layer with weights, of a network that has some."""
    figure.show(feature_drawings.filters(*_where(choice)), key="filters", version=str(choice.step))


def sentence(choice: Choice, place: int) -> str:
    """What the chosen layer does with this digit."""
    assert choice.step is not None
    return sentence_of(_layers(choice), place, step=choice.step, name=str(choice.digit))


def sentence_of(layers: "Sequence[Activation]", place: int, *, step: int, name: str, begins: str = "") -> str:
    """The same of layers that are at hand; the picture's `name` inside of a sentence, and where one `begins` with it
    if it is then written otherwise.
    """
    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    layer, values = layers[place].name, layers[place].values
    number, value = features.strongest(values)
    count = len(values)
    said = {
        "layer": feature_drawings.called(layer),
        "digit": name,
        "step": f"{step:,}",
        "value": written(value),
    }
    if layer == features.PIXELS:
        return _("**{digit}** as the network gets it: {inked} of {total} pixels have ink.").format(
            digit=begins or name, inked=int((values > 0).sum()), total=values.size
        )
    if layer == features.PROBABILITIES:
        return _("At step {step}, the network reads {digit} as **{number}**, with {share}.").format(
            **said, number=number, share=probability(value)
        )
    if values.ndim == 2:
        return _(
            "At step {step}, **{layer}** makes of {digit} {count} numbers {where}; the farthest from 0 is {value}."
        ).format(**said, count=values.shape[1], where=feature_drawings.positions(layers[place])[0])
    if place == len(layers) - 2:
        return _("At step {step}, **{layer}** gives {digit} its highest score, {score}, as a {number}.").format(
            **said, score=f"{values.max():.2f}", number=int(values.argmax())
        )
    words = _answering(layers[place], layers[place + 1])
    return words.format(**said, silent=features.silent(values), count=count, number=number)


def scaling(choice: Choice) -> str:
    """What this network does to the pixels before its first layer."""
    scale = caches.network(*_where(choice)).state_dict()
    if scale["mean"].ndim:
        return _(
            "Before the first layer, the mean image of the digits that trained it is taken from the pixels (0 to 1)."
        )
    mean, deviation = float(scale["mean"]), float(scale["deviation"])
    if (mean, deviation) == (0, 1):
        return _("The first layer gets the pixels as they are, from 0 for paper to 1 for ink.")
    return _(
        "Before the first layer, {mean:.4g} is taken from each pixel (0 to 1), and the rest divided by {by:.4g}."
    ).format(mean=mean, by=deviation)


def _say_no_filters(choice: Choice, place: int) -> None:
    """Of the first layer with weights: where these are no filters."""
    layers = _layers(choice)
    if caches.filters(*_where(choice)) is None and layers[place] == next(one for one in layers if one.parameters):
        st.caption(_("The weights of this first layer are no pictures of pixels, so there are no filters to show."))


def _answering(layer: "Activation", follower: "Activation") -> str:
    """The words on maps or plain numbers, and on what becomes of those below 0 if a ReLU follows."""
    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    maps, silent = layer.values.ndim == 3, features.silent(layer.values)
    if layer.values.min() >= 0:
        return _maps_above_0(silent) if maps else _neurons_above_0(silent)
    if maps and follower.kind == "ReLU":
        return _(
            "At step {step}, **{layer}** makes {count} maps of {digit}; the value farthest from 0 is {value}, in "
            "channel {number}: the ReLU that follows passes on only what is above 0."
        )
    if maps:
        return _(
            "At step {step}, **{layer}** makes {count} maps of {digit}; the value farthest from 0 is {value}, in "
            "channel {number}."
        )
    if follower.kind == "ReLU":
        return _(
            "At step {step}, the {count} neurons of **{layer}** answer to {digit}; the value farthest from 0 is "
            "{value}, of neuron {number}: the ReLU that follows passes on only what is above 0."
        )
    return _(
        "At step {step}, the {count} neurons of **{layer}** answer to {digit}; the value farthest from 0 is {value}, "
        "of neuron {number}."
    )


def _maps_above_0(silent: int) -> str:
    if silent == 1:
        return _(
            "At step {step}, 1 of the {count} channels of **{layer}** is silent (0 everywhere) for {digit}; "
            "channel {number} is strongest, with {value}."
        )
    if silent:
        return _(
            "At step {step}, {silent} of the {count} channels of **{layer}** are silent (0 everywhere) for {digit}; "
            "channel {number} is strongest, with {value}."
        )
    return _(
        "At step {step}, none of the {count} channels of **{layer}** is silent for {digit}; "
        "channel {number} is strongest, with {value}."
    )


def _neurons_above_0(silent: int) -> str:
    if silent == 1:
        return _(
            "At step {step}, 1 of the {count} neurons of **{layer}** is silent (exactly 0) for {digit}; "
            "neuron {number} is strongest, with {value}."
        )
    if silent:
        return _(
            "At step {step}, {silent} of the {count} neurons of **{layer}** are silent (exactly 0) for {digit}; "
            "neuron {number} is strongest, with {value}."
        )
    return _(
        "At step {step}, none of the {count} neurons of **{layer}** is silent for {digit}; "
        "neuron {number} is strongest, with {value}."
    )


def _layers(choice: Choice) -> "tuple[Activation, ...]":
    return caches.activations(*_where(choice), str(choice.digit))


def _where(choice: Choice) -> tuple[str, int]:
    assert choice.step is not None
    return choice.run.id, choice.step


def _version(choice: Choice, place: int) -> str:
    return f"{choice.step} {choice.digit} {place}"
