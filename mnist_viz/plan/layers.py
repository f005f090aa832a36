"""What a layer of a plan may be: plain data such as {"kind": "dense", "width": 128}, checked by one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mnist_viz.text import _

Layer = Mapping[str, Any]
Plan = tuple[Layer, ...]


class Impossible(ValueError):
    """No network can be built from these layers; the sentence says why."""


@dataclass(frozen=True)
class Bounds:
    """A number in `low`..`high`, both allowed; `usual` is what a new layer begins with."""

    low: float
    high: float
    usual: float
    whole: bool = True

    def refuses(self, value: object) -> bool:
        """Whether the value is no such number; True and False are none."""
        kinds = int if self.whole else (int, float)
        return isinstance(value, bool) or not isinstance(value, kinds) or not self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}"


@dataclass(frozen=True)
class Ways:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def usual(self) -> str:
        """The word that a new layer begins with."""
        return self.words[0]

    def refuses(self, value: object) -> bool:
        """Whether the value is none of the words."""
        return not isinstance(value, str) or value not in self.words

    def __str__(self) -> str:
        return _(" or ").join(self.words)


KINDS: dict[str, dict[str, Bounds | Ways]] = {
    "convolution": {
        "filters": Bounds(1, 256, 16),
        "kernel": Bounds(1, 28, 3),
        "stride": Bounds(1, 8, 1),
        "padding": Bounds(0, 14, 0),
    },
    "pooling": {"way": Ways(("max", "mean")), "window": Bounds(2, 28, 2), "stride": Bounds(1, 28, 2)},
    "batch_norm": {},
    "activation": {"way": Ways(("relu", "sigmoid", "tanh", "elu"))},
    "dropout": {"share": Bounds(0.05, 0.9, 0.3, whole=False)},
    "dense": {"width": Bounds(1, 2048, 128)},
}
"""Each kind of layer with what is said of it, and the bounds of that."""

MOST_LAYERS = 24

START: Plan = (
    {"kind": "convolution", "filters": 16, "kernel": 3, "stride": 1, "padding": 0},
    {"kind": "pooling", "way": "max", "window": 2, "stride": 2},
    {"kind": "batch_norm"},
    {"kind": "activation", "way": "relu"},
    {"kind": "convolution", "filters": 32, "kernel": 3, "stride": 1, "padding": 0},
    {"kind": "pooling", "way": "max", "window": 2, "stride": 2},
    {"kind": "batch_norm"},
    {"kind": "activation", "way": "relu"},
)
"""Two blocks of convolution, pooling, normalisation and ReLU: what a builder begins with."""


def fresh(kind: str, **said: Any) -> Layer:
    """A layer of this kind with what is usual for it where nothing is said."""
    usual = {
        name: int(one.usual) if isinstance(one, Bounds) and one.whole else one.usual
        for name, one in KINDS[kind].items()
    }
    return {"kind": kind, **usual, **{name: value for name, value in said.items() if name in usual}}


def checked(layers: object) -> Plan:
    """The layers, each of a known kind with all that belongs to it, within bounds. Raises Impossible.

    Whether one fits behind the other is a matter of sizes: `plan.sizes`.
    """
    if not isinstance(layers, Sequence) or isinstance(layers, str) or not 1 <= len(layers) <= MOST_LAYERS:
        raise Impossible(
            _("A network of one's own is a list of 1 to {most} layers, the head not counted.").format(most=MOST_LAYERS)
        )
    for place, layer in enumerate(layers, start=1):
        _check(place, layer)
    return tuple(layers)


def _check(place: int, layer: object) -> None:
    kind = layer.get("kind") if isinstance(layer, Mapping) else None
    if not isinstance(layer, Mapping) or not isinstance(kind, str) or kind not in KINDS:
        raise Impossible(
            _("Layer {place} is none of {kinds}: choose one of them.").format(place=place, kinds=", ".join(KINDS))
        )
    if layer.keys() != {"kind", *KINDS[kind]}:
        raise Impossible(
            _("Layer {place} is a {kind}, of which exactly this is said: {names}.").format(
                place=place, kind=kind, names=", ".join(KINDS[kind]) or _("nothing")
            )
        )
    for name, allowed in KINDS[kind].items():
        if allowed.refuses(layer[name]):
            raise Impossible(
                _("{name}={value} of layer {place} ({kind}) is not in {allowed}: try {usual}.").format(
                    name=name,
                    value=str(layer[name])[:40],
                    place=place,
                    kind=kind,
                    allowed=allowed,
                    usual=allowed.usual,
                )
            )
