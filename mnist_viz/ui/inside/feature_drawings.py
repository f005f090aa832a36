"""The pictures of what happens inside, drawn once for all viewers: words and numbers in, what the browser gets out."""

from collections.abc import Callable, Sequence
from math import isqrt
from typing import TYPE_CHECKING

import streamlit as st

from mnist_viz import text
from mnist_viz.data.address import Address
from mnist_viz.figures import channels
from mnist_viz.figures import network as networks
from mnist_viz.text import _, probability
from mnist_viz.ui import caches
from mnist_viz.ui.components.figure import Drawn

if TYPE_CHECKING:
    from mnist_viz.analysis.features import Activation

BlockOf = Callable[["Activation", str, int], networks.Block]


def network(run_id: str, step: int, address: Address, place: int, *, compact: bool = False) -> Drawn:
    """Every layer of a checkpoint with what it puts out for a digit, in fewer words where `compact`; the layer at this
    place is outlined.
    """
    return _network(run_id, step, str(address), place, compact=compact, language=text.language())


def layer(run_id: str, step: int, address: Address, place: int, *, half: bool) -> Drawn:
    """What the layer at this place puts out for a digit, as wide as the page or half as wide."""
    return _layer(run_id, step, str(address), place, half=half, language=text.language())


def filters(run_id: str, step: int) -> Drawn:
    """The filters of the first layer, of a network that has some."""
    return _filters(run_id, step, text.language())


def block(name: str) -> str:
    """In which of the network's blocks the layer of this name stands, "" where in none: "block 1"."""
    inside = name.rpartition(".")[0]
    number = inside.rpartition(".")[2]
    return _("block {number}").format(number=int(number) + 1) if number.isdigit() else inside


def called(name: str) -> str:
    """The name of a layer in words: "conv1", "block 1: attention"."""
    if not block(name):
        return name
    return _("{block}: {layer}").format(block=block(name), layer=name.rpartition(".")[2])


def shape(layer: "Activation") -> str:
    """How many numbers a layer puts out: "16 × 14 × 14" or "10 numbers"."""
    if layer.values.ndim == 1:
        return _("{count} numbers").format(count=len(layer.values))
    return " × ".join(map(str, layer.values.shape))


@st.cache_data(max_entries=512, show_spinner=False)
def _network(run_id: str, step: int, address: str, place: int, *, compact: bool, language: str) -> Drawn:
    return overview(caches.activations(run_id, step, address), place, name=address, compact=compact)


def overview(layers: "Sequence[Activation]", place: int, *, name: str, compact: bool = False) -> Drawn:
    """These layers as a picture of the network with what each puts out for the picture of this name."""
    title = _("From pixels to probabilities")
    if not compact:
        title = _("From the pixels of {digit} to ten probabilities").format(digit=name)
    return laid_out(layers, _block, place, title=title, compact=compact)


def laid_out(
    layers: "Sequence[Activation]", block_of: BlockOf, place: int, *, title: str, compact: bool = False
) -> Drawn:
    """These layers as a picture of the network, what each puts out drawn by `block_of`, which is told the head it
    stands below and its lines; the layer at this place is outlined.
    """
    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    columns = features.stages(layers)
    blocks = [{block(layer.name) for layer in column} for column in columns]
    heads = [inside.pop() if len(inside) == 1 else "" for inside in blocks]
    lines = 2 if compact or any(heads) else 3
    drawn = networks.network(
        [[block_of(layer, head, lines) for layer in column] for head, column in zip(heads, columns, strict=True)],
        chosen=features.position(columns, place),
        title=title,
        heads=heads,
    )
    return Drawn.of(drawn)


def _block(layer: "Activation", below: str, lines: int) -> networks.Block:
    """A layer `below` the name of its block, if any, with its first few lines; what points at it gets all of them."""
    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    values = layer.values
    said: tuple[str, ...]
    name = layer.name.rpartition(".")[2] if below else called(layer.name)
    if layer.name == features.PIXELS:
        said = (f"<b>{_('pixels')}</b>", shape(layer))
    elif layer.name == features.PROBABILITIES:
        read = int(values.argmax())
        said = (
            f"<b>{_('probabilities')}</b>",
            _("{share} for {read}").format(share=probability(float(values[read])), read=read),
        )
    elif layer.parameters:
        said = (f"<b>{name}</b>", shape(layer), _("{count:,} parameters").format(count=layer.parameters))
    else:
        said = (f"<b>{name}</b>", shape(layer), layer.kind)
    words = _("{name}, {kind}: {shape}, {count:,} parameters").format(
        name=called(layer.name), kind=layer.kind, shape=shape(layer), count=layer.parameters
    )
    return networks.Block(said[:lines], words, values, ink=layer.name == features.PIXELS)


def positions(layer: "Activation") -> tuple[str, str]:
    """What the rows of a table of numbers stand for: in a sentence, and on an axis."""
    count = len(layer.values)
    if layer.kind == "LSTM":
        return _("after each of the {count} rows of pixels, from the top").format(count=count), _("row of pixels")
    if isqrt(count) ** 2 == count:
        return _("for each of the {count} patches, row by row").format(count=count), _("patch")
    return _("for the class token (0) and each of the {count} patches").format(count=count - 1), _("token")


@st.cache_data(max_entries=512, show_spinner=False)
def _layer(run_id: str, step: int, address: str, place: int, *, half: bool, language: str) -> Drawn:
    return opened(caches.activations(run_id, step, address), place, half=half)


def opened(layers: "Sequence[Activation]", place: int, *, half: bool) -> Drawn:
    """What the one of these layers at this place puts out, large."""
    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    one = layers[place]
    width = channels.HALF if half else channels.WHOLE
    said = {"name": called(one.name), "kind": one.kind, "count": len(one.values)}
    if one.name == features.PROBABILITIES:
        title, names = _("The ten probabilities (the softmax of the scores)"), _("class")
    elif place == len(layers) - 2:
        title, names = _("{name} ({kind}): a score for each class").format(**said), _("class")
    elif one.values.ndim == 1:
        title, names = _("{name} ({kind}): what its {count} neurons say").format(**said), _("neuron")
    elif one.values.ndim == 2:
        where, names = positions(one)
        title = _("{name} ({kind}): {columns} numbers {where}").format(**said, columns=one.values.shape[1], where=where)
    elif one.name == features.PIXELS:
        title, names = _("The digit as the network gets it, from 0 (paper) to 1 (ink)"), ""
    else:
        title, names = (
            _("{name} ({kind}): {count} maps of {rows}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{columns}").format(
                **said, rows=one.values.shape[1], columns=one.values.shape[2]
            ),
            "",
        )
    if one.values.ndim == 1:
        return Drawn.of(channels.numbers(one.values, title, names=names, width=width))
    if one.values.ndim == 2:
        return Drawn.of(channels.table(one.values, title, names=names))
    return Drawn.of(channels.maps(one.values, title, width=width))


@st.cache_data(max_entries=128, show_spinner=False)
def _filters(run_id: str, step: int, language: str) -> Drawn:
    found = caches.filters(run_id, step)
    assert found is not None
    name, weights = found
    title = _("{name}: its {count} filters of {rows} × {columns} weights").format(
        count=len(weights), name=name, rows=weights.shape[1], columns=weights.shape[2]
    )
    return Drawn.of(channels.filters(weights, title))
