"""The sizes of a planned network by arithmetic: what each layer puts out, its parameters and its multiply-adds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, prod

from mnist_viz.plan.layers import Impossible, Layer, Plan, checked
from mnist_viz.text import _

SIDE = 28  # pixels
MOST_PARAMETERS = 5_000_000
MOST_MULTIPLY_ADDS = 100_000_000  # for one digit: eight times conv32_64_dropout, the slowest of the zoo
MOST_NUMBERS = 400_000  # all layers put out for one digit: 1.6 MB, of which a batch holds as many as it has digits

_STEMS = {
    "convolution": "conv",
    "pooling": "pool",
    "batch_norm": "norm",
    "activation": "activation",
    "dropout": "dropout",
    "dense": "dense",
}
_MODULES = {
    "convolution": "Conv2d",
    "max": "MaxPool2d",
    "mean": "AvgPool2d",
    "relu": "ReLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "elu": "ELU",
    "dropout": "Dropout",
    "dense": "Linear",
}


@dataclass(frozen=True)
class Sized:
    """One layer, for one digit: `name` and `kind` are those of its module, `shape` what it puts out, as
    (filters, rows, columns) or (neurons,). Counted as in `models.table`.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


def shapes(layers: object, classes: int = 10) -> tuple[Sized, ...]:
    """Every layer of the plan with its sizes, and the head at the end. Raises Impossible, in one sentence."""
    return tuple(_sized(checked(layers), classes))


def as_far_as_possible(layers: Plan, classes: int = 10) -> tuple[tuple[Sized, ...], str]:
    """The sizes up to the first layer that is impossible, and the sentence about it, "" where all is well."""
    rows: list[Sized] = []
    try:
        for row in _sized(checked(layers), classes):
            rows.append(row)  # noqa: PERF402  those before a refusal are kept
    except Impossible as why:
        return tuple(rows), str(why)
    return tuple(rows), ""


def _sized(layers: Plan, classes: int) -> Iterator[Sized]:
    shape: tuple[int, ...] = (1, SIDE, SIDE)
    numbers: Counter[str] = Counter()
    rows: list[Sized] = []
    head = {"kind": "dense", "width": classes}
    for place, layer in enumerate((*layers, head), start=1):
        kind = layer["kind"]
        numbers[kind] += 1
        name = "head" if layer is head else f"{_STEMS[kind]}{numbers[kind]}"
        before, shape = shape, _behind(place, layer, shape)
        row = Sized(
            name, _module(layer, shape), shape, _parameters(layer, before, shape), _products(layer, before, shape)
        )
        rows.append(row)
        _refuse_giants(place, rows)
        yield row


def _behind(place: int, layer: Layer, shape: tuple[int, ...]) -> tuple[int, ...]:
    """What the layer puts out where it takes in this shape. Raises Impossible."""
    kind = layer["kind"]
    if kind == "dense":
        return (layer["width"],)
    if kind not in ("convolution", "pooling"):
        return shape
    if len(shape) == 1:
        raise Impossible(
            _(
                "Layer {place} is a {kind} behind a dense layer, which leaves {count} plain numbers and no picture: "
                "move it before the first dense layer."
            ).format(place=place, kind=kind, count=shape[0])
        )
    if kind == "pooling":
        side = _side(place, layer, shape[1])
        return (shape[0], side, side)
    if layer["padding"] >= layer["kernel"]:
        raise Impossible(
            _(
                "Layer {place} pads by {padding}, but its kernel is {kernel} wide: at the edge it would see "
                "nothing but padding; try a padding of {less} or less."
            ).format(place=place, padding=layer["padding"], kernel=layer["kernel"], less=layer["kernel"] - 1)
        )
    side = _side(place, layer, shape[1])
    return (layer["filters"], side, side)


def _side(place: int, layer: Layer, side: int) -> int:
    """How many places a kernel or window has on a side, by the formula that its refusal shows. Raises Impossible."""
    what, name = (_("kernel"), "kernel") if layer["kind"] == "convolution" else (_("window"), "window")
    size, stride, padding = int(layer[name]), int(layer["stride"]), int(layer.get("padding", 0))
    places = (side - size + 2 * padding) / stride + 1
    if side - size + 2 * padding >= 0:
        return floor(places)
    raise Impossible(
        _(
            "({side} - {size} + 2*{padding})/{stride} + 1 = {places:g}: the {what} of {size} of layer {place} does not "
            "fit into {side} pixels; make it smaller, or let the layers before it keep more."
        ).format(side=side, size=size, padding=padding, stride=stride, places=places, what=what, place=place)
    )


def _module(layer: Layer, shape: tuple[int, ...]) -> str:
    if layer["kind"] == "batch_norm":
        return "BatchNorm2d" if len(shape) > 1 else "BatchNorm1d"
    return _MODULES[layer.get("way", layer["kind"])]


def _parameters(layer: Layer, before: tuple[int, ...], shape: tuple[int, ...]) -> int:
    """Weights and a bias for each filter or neuron; a batch norm scales and shifts each channel."""
    if layer["kind"] == "batch_norm":
        return 2 * shape[0]
    return shape[0] * (_weights(layer, before) + 1) if _weights(layer, before) else 0


def _products(layer: Layer, before: tuple[int, ...], shape: tuple[int, ...]) -> int:
    return prod(shape) * _weights(layer, before)


def _weights(layer: Layer, before: tuple[int, ...]) -> int:
    """How many weighted numbers are added up in one that the layer puts out."""
    if layer["kind"] == "convolution":
        return int(before[0] * layer["kernel"] ** 2)
    return prod(before) if layer["kind"] == "dense" else 0


def _refuse_giants(place: int, rows: list[Sized]) -> None:
    """Raises Impossible where the layers so far are more than a machine without a graphics card should be given."""
    for count, most, what in (
        (sum(row.parameters for row in rows), MOST_PARAMETERS, _("parameters")),
        (sum(row.multiply_adds for row in rows), MOST_MULTIPLY_ADDS, _("multiply-adds a digit")),
        (sum(prod(row.shape) for row in rows), MOST_NUMBERS, _("numbers put out for a digit")),
    ):
        if count > most:
            raise Impossible(
                _(
                    "With layer {place} ({name}) there are {count:,} {what}, more than the {most:,} that fit here: "
                    "take fewer filters or neurons, or a stride or pooling before."
                ).format(place=place, name=rows[-1].name, count=count, what=what, most=most)
            )
