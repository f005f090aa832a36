"""Where two of the compared runs disagree on the test digits, whether that is chance, and the digits themselves."""

from itertools import combinations
from math import comb

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.analysis import comparison, evaluation
from mnist_viz.analysis.comparison import Fourfold
from mnist_viz.data import mnist
from mnist_viz.data.address import Address
from mnist_viz.figures import fourfold
from mnist_viz.text import _, percent, probability
from mnist_viz.ui import caches, link, words
from mnist_viz.ui.comparing.runs import Compared
from mnist_viz.ui.components import figure
from mnist_viz.ui.gallery import gallery, plain_sentence

PART = "test"
CERTAIN, LIKELY = 0.01, 0.05  # below these chance is hardly, or perhaps not, the reason
KEY = "fourfold"


def readable(runs: tuple[Compared, ...]) -> tuple[Compared, ...]:
    """The runs that can be compared on MNIST's test digits; says which cannot, and why."""
    others = [one for one in runs if one.snapshot.run.data != "mnist"]
    if others:
        said = _("MNIST's test digits cannot be compared for runs that learned from other data: {letters} left out.")
        st.caption(said.format(letters=", ".join(one.letter for one in others)))
    waiting = [one for one in runs if one not in others and one.step is None]
    if waiting:
        said = _("Without a checkpoint nothing can be read yet: {letters} left out.")
        st.caption(said.format(letters=", ".join(one.letter for one in waiting)))
    return tuple(one for one in runs if one not in others and one not in waiting)


def logits(run: Compared) -> NDArray[np.float32]:
    """The answers to the test digits of the checkpoint that stands for the run: (10000, 10)."""
    assert run.step is not None
    with st.spinner(_("Reading {count:,} digits …").format(count=len(mnist.digits(PART))), show_time=True):
        return caches.logits(run.id, run.step, PART)


def too_few() -> str:
    """What is said where there are not two runs to compare."""
    return _("Fewer than two of these runs can be compared on MNIST's test digits: choose another one above.")


def show(runs: tuple[Compared, ...], row: DeltaGenerator) -> str:
    """The fourfold table of two runs beside the digits of its chosen cell; returns whether the difference is chance.

    Its controls go into the `row`.
    """
    able = readable(runs)
    if len(able) < 2:
        return too_few()
    first, second = _two_of(able, row)
    answers, labels = (logits(first), logits(second)), mnist.digits(PART).labels
    counts = comparison.fourfold(*(evaluation.predictions(one) == labels for one in answers))
    among = words.hidden("among", ("one", "first", "second", "neither"), default="one")
    table, digits = st.columns([4, 5], gap="large")
    with table:
        title = _("10,000 test digits: click a cell")
        looks = (first.look, second.look)
        drawn = fourfold.fourfold(counts._asdict(), looks, chosen=among, title=title)
        figure.show(drawn, key=KEY, cells=(2, 2), on_click=_choose_cell)
        _chosen_digit(able)
        if len(able) > 2:
            said = _(
                "One of {count} pairs: even of equally good networks, one pair in twenty looks different by chance."
            )
            st.caption(said.format(count=comb(len(able), 2)))
    with digits:
        _gallery((first, second), answers, among)
    return _verdict(counts, first.letter, second.letter)


def _two_of(runs: tuple[Compared, ...], row: DeltaGenerator) -> tuple[Compared, Compared]:
    if len(runs) == 2:
        return runs[0], runs[1]
    pairs = {f"{one.letter}-{other.letter}": (one, other) for one, other in combinations(runs, 2)}
    names = {pair: _("{first} and {second}").format(first=pair[0], second=pair[2]) for pair in pairs}
    with row:
        chosen = words.menu("between", _("Which two"), names, default=next(iter(pairs)), width=170)
    return pairs[chosen]


def _verdict(counts: Fourfold, first: str, second: str) -> str:
    if counts.first == counts.second:
        said = _(
            "**{first}** and **{second}** read equally many test digits rightly: {only} each that the other misreads."
        )
        return said.format(first=first, second=second, only=counts.first)
    better, worse = (first, second) if counts.first > counts.second else (second, first)
    p = comparison.chance(counts)
    if p >= LIKELY:
        said = _(
            "**{better}** reads **{more}** more test digits rightly than **{worse}**. By chance alone two equally good "
            "networks differ as much {often}: it means nothing."
        )
    elif p >= CERTAIN:
        said = _(
            "**{better}** reads **{more}** more test digits rightly than **{worse}**. By chance alone two equally good "
            "networks differ as much {often}: perhaps more than chance."
        )
    else:
        said = _(
            "**{better}** reads **{more}** more test digits rightly than **{worse}**. By chance alone two equally good "
            "networks differ as much {often}: hardly by chance."
        )
    return said.format(better=better, worse=worse, more=f"{abs(counts.first - counts.second):,}", often=_often(p))


def _often(p: float) -> str:
    if p > 0.4:
        return _("in {share} of such comparisons").format(share=percent(p, 0))
    if p < 1e-6:
        return _("in fewer than 1 of a million such comparisons")
    return _("in 1 of {count:,} such comparisons").format(count=round(1 / p))


def _gallery(
    two: tuple[Compared, Compared], answers: tuple[NDArray[np.float32], NDArray[np.float32]], among: str
) -> None:
    first, second = (one.letter for one in two)
    heading = {
        "one": _("Read rightly by one of both, surest conflict first"),
        "first": _("Read rightly by {letter} alone, surest conflict first").format(letter=first),
        "second": _("Read rightly by {letter} alone, surest conflict first").format(letter=second),
        "neither": _("Misread by both, surest first"),
    }[among]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{heading}**")
        if among != "one":
            st.button(_("Show all disagreements"), on_click=link.choose, kwargs={"among": "one"})
    indices = comparison.disagreements(*answers, mnist.digits(PART).labels, among)
    if len(indices) == 0:
        st.write(_("There is no such digit: nothing to see here."))
        return
    read = [evaluation.predictions(one) for one in answers]

    def word(address: Address) -> str:
        said = _("{first} {one} · {second} {other}")
        return said.format(first=first, one=read[0][address.index], second=second, other=read[1][address.index])

    def describe(address: Address) -> str:
        said = _("{sentence}: {first} reads {one}, {second} reads {other}")
        readings = {"one": read[0][address.index], "other": read[1][address.index]}
        return said.format(sentence=plain_sentence(address), first=first, second=second, **readings)

    gallery(
        PART,
        indices,
        key=f"disagreements_{two[0].id}_{two[1].id}_{among}",
        label=heading,
        word=word,
        describe=describe,
        per_page=20,
        size=66,
    )


def _chosen_digit(runs: tuple[Compared, ...]) -> None:
    """What each run reads in the frame's digit, where it is one of the test digits."""
    address, _refusal = link.digit()
    if address.part != PART:
        return
    readings = []
    for one in runs:
        shares = evaluation.softmax(logits(one)[address.index])
        said = _("**{letter}** reads **{read}** ({share})")
        readings.append(said.format(letter=one.letter, read=shares.argmax(), share=probability(float(shares.max()))))
    st.markdown(f"{plain_sentence(address)}: {', '.join(readings)}.")


def _choose_cell() -> None:
    point = figure.clicked(KEY)
    if point is not None:
        cell = fourfold.CELLS[int(point["y"])][int(point["x"])]
        link.choose(among="one" if cell == "both" else cell)
