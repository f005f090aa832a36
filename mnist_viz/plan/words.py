"""A plan as one word for links, command lines and files, such as c16k5s2p2-b-r-m2-o0.3-d128-r, and back.

A layer is a letter and its numbers; layers are separated by hyphens (read are spaces and commas too):
c16k3s1p0   a convolution of 16 filters with a 3 x 3 kernel, stride 1 and padding 0; s1 and p0 may be left out
m2s2  a2s2  max or mean (average) pooling of 2 x 2 with stride 2; the stride may be left out where it is the window
b           a batch norm
r  s  t  e  ReLU, sigmoid, tanh, ELU
o0.3        dropout, which leaves out a share of 0.3
d128        a dense layer of 128 neurons
"""

import re
from typing import Any

from mnist_viz.plan.layers import START, Impossible, Layer, Plan, checked
from mnist_viz.text import _

BUILT = "built"  # the architecture that has a plan
LONGEST = 600  # letters, more than 24 layers ever need

_PARTED = re.compile(r"[-,\s]+", re.ASCII)
_LAYER = re.compile(
    r"c(?P<filters>[0-9]{1,4})(k(?P<kernel>[0-9]{1,4}))(s(?P<c_stride>[0-9]{1,4}))?(p(?P<padding>[0-9]{1,4}))?"
    r"|(?P<pool>[ma])(?P<window>[0-9]{1,4})(s(?P<p_stride>[0-9]{1,4}))?"
    r"|(?P<norm>b)|(?P<way>[rste])|o(?P<share>[0-9]?\.[0-9]{1,17})|d(?P<width>[0-9]{1,5})"
)
_POOLINGS = {"m": "max", "a": "mean"}
_WAYS = {"r": "relu", "s": "sigmoid", "t": "tanh", "e": "elu"}
_LETTERS = {name: letter for letter, name in (_POOLINGS | _WAYS).items()}


def parse(word: str) -> Plan:
    """The layers that a word says, each within its bounds. Raises Impossible, in one sentence."""
    if len(word) > LONGEST:
        raise Impossible(
            _("The layers are said in {count} letters: {most} are more than enough.").format(
                count=len(word), most=LONGEST
            )
        )
    return checked([_layer(piece) for piece in _PARTED.split(word.strip(" -,")) if piece])


def write(layers: Plan) -> str:
    """The word for these layers; what it parses to are the very same."""
    return "-".join(map(_word, layers))


def shape(architecture: object, word: object) -> dict[str, Any]:
    """What `models.build` is told beside the name: the layers of a network of one's own, nothing for others.

    One that says nothing of its layers has those that a builder begins with. Raises Impossible.
    """
    if architecture != BUILT:
        return {}
    if word is not None and not isinstance(word, str):
        raise Impossible(_("The layers of a network are written as a word such as {word}.").format(word=write(START)))
    return {"layers": parse(word) if word else START}


def _layer(piece: str) -> Layer:
    match = _LAYER.fullmatch(piece)
    if match is None:
        raise Impossible(
            _("{piece} says no layer: write c16k3, m2, a2, b, r, s, t, e, o0.3 or d128, separated by hyphens.").format(
                piece=repr(piece[:20])
            )
        )
    said = match.groupdict()
    numbers = {name: int(value) for name, value in said.items() if value and value.isdigit()}
    if said["filters"]:
        edges = {"stride": numbers.get("c_stride", 1), "padding": numbers.get("padding", 0)}
        return {"kind": "convolution", "filters": numbers["filters"], "kernel": numbers["kernel"], **edges}
    if said["pool"]:
        stride = numbers.get("p_stride", numbers["window"])
        return {"kind": "pooling", "way": _POOLINGS[said["pool"]], "window": numbers["window"], "stride": stride}
    if said["way"]:
        return {"kind": "activation", "way": _WAYS[said["way"]]}
    if said["share"]:
        return {"kind": "dropout", "share": float(said["share"])}
    return {"kind": "dense", "width": numbers["width"]} if said["width"] else {"kind": "batch_norm"}


def _word(layer: Layer) -> str:
    match layer["kind"]:
        case "convolution":
            stride = "" if layer["stride"] == 1 else f"s{layer['stride']}"
            padding = f"p{layer['padding']}" if layer["padding"] else ""
            return f"c{layer['filters']}k{layer['kernel']}{stride}{padding}"
        case "pooling":
            stride = "" if layer["stride"] == layer["window"] else f"s{layer['stride']}"
            return f"{_LETTERS[layer['way']]}{layer['window']}{stride}"
        case "activation":
            return _LETTERS[layer["way"]]
        case "dropout":
            return f"o{layer['share']}"
        case "dense":
            return f"d{layer['width']}"
        case _:
            return "b"
