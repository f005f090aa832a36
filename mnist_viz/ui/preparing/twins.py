"""Near duplicates: which digits that are held back have nearly the same among the training digits."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz import text
from mnist_viz.data import mnist, neighbours
from mnist_viz.data.address import Address
from mnist_viz.figures import twins
from mnist_viz.text import _, percent
from mnist_viz.ui import link, words
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.link import Choice

SHOWN = 10


class Summary(NamedTuple):
    """A part against the training digits: how many it has, how many of them are there pixel for pixel, the least
    distance, the shares whose nearest has the same label and is nearer than the digit itself moved by a pixel to the
    right, and the median of how far that is.
    """

    total: int
    exact: int
    least: float
    same_label: float
    nearer_than_moved: float
    moved: float


def show(choice: Choice, row: DeltaGenerator) -> str:
    """The nearest pairs as pictures, a click on a digit chooses it; and the distances of all."""
    with row:
        part = words.segmented("part", _("Part"), {"test": _("Test"), "val": _("Validation")}, default="test")
        kind = words.menu(
            "pairs",
            _("Nearest pairs"),
            {"label": _("one of each label"), "all": _("of all"), "otherwise": _("labelled otherwise")},
            default="label",
            width=260,
        )
    figure.show(
        _pairs(part, kind, text.language()),
        key="twin_pairs",
        at=str(choice.digit),
        on_click=lambda: _choose("twin_pairs"),
    )
    figure.show(_histogram(str(choice.digit), text.language()), key="twin_distances")
    here = summary(part)
    values = {
        "exact": here.exact,
        "count": here.total,
        "least": here.least,
        "near": percent(here.nearer_than_moved, 0),
        "same": percent(here.same_label, 1),
    }
    sentence = (
        _(
            "None of the {count:,} digits is a training digit again: the least distance, Euclidean over all 784 "
            "pixels, is {least:.0f}. "
        )
        if here.exact == 0
        else _("{exact} of the {count:,} digits are training digits again, pixel for pixel. ")
    )
    return (
        sentence
        + _(
            "But {near} are nearer to some training digit than to themselves moved right by a pixel; the nearest of "
            "{same} has their label."
        )
    ).format(**values)


@st.cache_data(show_spinner=False)
def summary(part: str) -> Summary:
    """What is said of a part, in half a second."""
    near, moved = neighbours.known(part), neighbours.moved(part)
    labels, others = mnist.digits(part).labels, mnist.digits("train").labels[near.indices]
    return Summary(
        len(labels),
        int((near.distances == 0).sum()),
        float(near.distances.min()),
        float((labels == others).mean()),
        float((near.distances < moved).mean()),
        float(np.median(moved)),
    )


def chosen_pairs(part: str, kind: str) -> list[int]:
    """Indices of the SHOWN digits of a part whose pairs are shown, nearest first: of each label one, of all, or of
    those whose nearest training digit is labelled otherwise.
    """
    near, labels = neighbours.known(part), mnist.digits(part).labels
    order = np.argsort(near.distances, kind="stable")
    if kind == "label":
        return [int(order[labels[order] == label][0]) for label in range(10)]
    if kind == "otherwise":
        order = order[labels[order] != mnist.digits("train").labels[near.indices[order]]]
    return [int(one) for one in order[:SHOWN]]


@st.cache_data(max_entries=256, show_spinner=False)
def _histogram(address: str, language: str) -> Drawn:
    where = Address.parse(address)
    found = {part: neighbours.known(part).distances for part in neighbours.PARTS}
    chosen = float(found[where.part][where.index]) if where.part in found else None
    title = _("How far each digit is from the nearest training digit")
    return Drawn.of(twins.distances(found, summary("test").moved, title, chosen))


@st.cache_data(max_entries=16, show_spinner=False)
def _pairs(part: str, kind: str, language: str) -> Drawn:
    near, held, learned = neighbours.known(part), mnist.digits(part), mnist.digits("train")
    shown = [
        twins.Pair(
            held.images[one],
            learned.images[near.indices[one]],
            f"{part}-{one}",
            f"train-{near.indices[one]}",
            (int(held.labels[one]), int(learned.labels[near.indices[one]])),
            float(near.distances[one]),
        )
        for one in chosen_pairs(part, kind)
    ]
    titles = {
        "label": _("The nearest pair of each label: held back, learned from, and how far apart"),
        "all": _("The nearest pairs of all: held back, learned from, and how far apart"),
        "otherwise": _("The nearest pairs with two labels: held back, learned from, and how far apart"),
    }
    drawn = Drawn.of(twins.pairs(shown, titles[kind], columns=5))
    return replace(drawn, thumbnails=False)  # they would cover the same pictures, larger


def _choose(key: str) -> None:
    event = figure.clicked(key)
    if event and isinstance(event.get("id"), str):
        link.choose(digit=event["id"])
