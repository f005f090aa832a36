"""What the layers of a builder and their numbers are called, and which there are to choose from."""

import re
from collections.abc import Mapping

from mnist_viz.plan.layers import Bounds, Layer, fresh
from mnist_viz.text import _

_MENU: dict[str, tuple[str, str]] = {
    "convolution": ("convolution", ""),
    "max": ("pooling", "max"),
    "mean": ("pooling", "mean"),
    "batch_norm": ("batch_norm", ""),
    "relu": ("activation", "relu"),
    "sigmoid": ("activation", "sigmoid"),
    "tanh": ("activation", "tanh"),
    "elu": ("activation", "elu"),
    "dropout": ("dropout", ""),
    "dense": ("dense", ""),
}
"""What a layer is called in the menu: its kind, and its way where it has one."""

_OFFERED: dict[str, tuple[float, ...]] = {
    "filters": (1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256),
    "kernel": (1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 28),
    "window": (2, 3, 4, 5, 7, 14, 28),
    "stride": (1, 2, 3, 4, 5, 6, 7, 8),
    "padding": (0, 1, 2, 3, 4, 5),
    "share": (0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    "width": (10, 16, 32, 64, 84, 100, 120, 128, 256, 512, 1024),
}
"""Numbers to choose from; another one can be typed."""


def names() -> dict[str, str]:
    """The layers to choose from by their names on the page."""
    return {
        "convolution": _("convolution"),
        "max": _("max pooling"),
        "mean": _("mean pooling"),
        "batch_norm": _("batch norm"),
        "relu": "ReLU",
        "sigmoid": _("sigmoid"),
        "tanh": "tanh",
        "elu": "ELU",
        "dropout": _("dropout"),
        "dense": _("dense layer"),
    }


def called(layer: Layer) -> str:
    """A layer's name in the menu."""
    return str(layer.get("way", layer["kind"]))


def of_kind(layer: Layer, name: str) -> Layer:
    """A layer by its name in the menu, with the numbers it had where it stays of its kind."""
    kind, way = _MENU[name]
    kept = layer if layer.get("kind") == kind else {}
    return fresh(kind, **{word: value for word, value in kept.items() if word not in ("kind", "way")}, way=way)


def numbers(name: str, now: float) -> Mapping[str, str]:
    """What is offered for a number of a layer, and what it is now, each with what is shown."""
    shown = {
        "filters": _("{number:g} filters"),
        "kernel": _("{number:g} × {number:g}"),
        "window": _("{number:g} × {number:g}"),
        "stride": _("stride {number:g}"),
        "padding": _("padding {number:g}"),
        "share": _("{number:g} left out"),
        "width": _("{number:g} neurons"),
    }[name]
    return {f"{number:g}": shown.format(number=number) for number in sorted({*_OFFERED[name], now})}


def number(said: str, allowed: Bounds) -> float | None:
    """The first number in what was chosen or typed, None where there is none within bounds."""
    found = re.search(r"[0-9]*\.?[0-9]+", said[:20])
    value = (int if allowed.whole else float)(float(found[0])) if found else None
    return None if allowed.refuses(value) else value


def not_taken(name: str, said: str, allowed: Bounds) -> str:
    """What is said of a number that was typed and is none within bounds."""
    words = {
        "filters": _("A convolution has {low:g} to {high:,g} filters: {said} is not taken."),
        "kernel": _("A kernel is {low:g} to {high:,g} pixels wide: {said} is not taken."),
        "window": _("A window is {low:g} to {high:,g} pixels wide: {said} is not taken."),
        "stride": _("A stride is {low:g} to {high:,g} pixels long: {said} is not taken."),
        "padding": _("A padding is {low:g} to {high:,g} pixels wide: {said} is not taken."),
        "share": _("The share that is left out is {low:g} to {high:,g}: {said} is not taken."),
        "width": _("A dense layer has {low:g} to {high:,g} neurons: {said} is not taken."),
    }[name]
    return words.format(low=allowed.low, high=allowed.high, said=said[:20])
