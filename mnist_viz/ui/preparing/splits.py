"""Splits: how the classes come out in the parts, and what leaks from one part into another."""

from math import ceil

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz import text
from mnist_viz.analysis import class_shares
from mnist_viz.data import dealing, mnist
from mnist_viz.figures import class_shares as drawing
from mnist_viz.text import _
from mnist_viz.ui import page, words
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.link import Choice
from mnist_viz.ui.preparing import twins, unseen

POOLS = ("200", "500", "2000", "10000", "60000")
CUTS = ("80-10-10", "60-20-20", "90-5-5", "34-33-33")
LAST_SEED = 999


def show(choice: Choice) -> str:
    """One of three looks at a split; returns the sentence that says what is seen."""
    looks = {"shares": shares, "twins": twins.show, "unseen": unseen.show}
    names = {"shares": _("Class shares"), "twins": _("Near duplicates"), "unseen": _("Leaking statistics")}
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        look = words.menu("check", _("What to check"), names, default="shares", width=250)
    sentence = looks[look](choice, row)
    page.how_made(
        _(
            "**Class shares.** The pool is drawn from the 60,000, and from it the parts: stratified as the project "
            "cuts its own, else by a permutation. The bands hold 95 % of what chance does: quantiles of the "
            "hypergeometric distribution, balls drawn from an urn and not put back.\n\n"
            "**Near duplicates.** For each of the 15,000 digits that are not learned from, the nearest of the 55,000 "
            "that are. The distance is Euclidean, the root of the summed squares of 784 differences of grey values, "
            "exact in whole numbers; divided by 28, the root of 784, it is the error (RMSE) of the page's steps. "
            "`make nearest` computes them again. The dashed line is the median of how far the 10,000 test digits are "
            "from themselves moved by one pixel to the right. MNIST's test digits were written by other people than "
            "its training digits (LeCun, Cortes and Burges, the page of MNIST), validation digits by the same.\n\n"
            "**Leaking statistics.** OpenML's `mnist_784`, which scikit-learn's `fetch_openml` loads, lists the 60,000 "
            "training digits first, then the 10,000 test digits."
        )
    )
    return sentence


def shares(_choice: Choice, row: DeltaGenerator) -> str:
    """How the classes come out in three parts of a pool of digits; its controls are put into the row."""
    with row:
        count = words.menu(
            "pool", _("Digits to cut"), {one: f"{int(one):,}" for one in POOLS}, default="500", width=130
        )
        cut = words.menu(
            "cut",
            _("Shares of the parts"),
            {one: _("{parts} %").format(parts=one.replace("-", " / ")) for one in CUTS},
            default=CUTS[0],
            width=215,
        )
        seed = st.number_input(_("Seed"), 0, LAST_SEED, 0, key="cut_seed", bind="query-params", width=110)
        stratified = st.toggle(_("Stratified"), key="stratified", bind="query-params")
    figure.show(_drawn(int(count), cut, stratified, int(seed), text.language()), key="class_shares")
    st.caption(
        _(
            "No run learns from a split made here. The project's own is a constant, never cut by a run's seed: of "
            "MNIST's 60,000 training digits 5,000 are held back for validation, stratified; the 10,000 test digits "
            "choose nothing."
        )
    )
    chance, strata = (found(int(count), cut, way, int(seed)) for way in (False, True))
    part, label, share = class_shares.farthest(chance)
    values = {
        "count": int(count),
        "part": {"train": _("training"), "val": _("validation"), "test": _("test")}[part],
        "label": label,
        "off": _points(share),
        "least": f"{_hundredths(abs(class_shares.farthest(strata)[2])):.2f}",
    }
    if stratified:
        sentence = _(
            "Stratified, every class of {count:,} digits is within {least} points of its share in every part; cut by "
            "chance with the same seed, class {label} would be {off} its share in the {part} part."
        )
    elif class_shares.outside(chance):
        sentence = _(
            "Of {count:,} digits cut by chance, class {label} is {off} its share in the {part} part; stratified, every "
            "class would be within {least} points of its own."
        )
    else:
        sentence = _(
            "Of {count:,} digits cut by chance, class {label} is {off} its share in the {part} part, and even that is "
            "still what chance does; stratified, every class would be within {least} points of its own."
        )
    return sentence.format(**values)


def _hundredths(share: float) -> float:
    """A share in percentage points, rounded up to hundredths, so that it is within what is said; never nothing."""
    return max(1, ceil(round(1e4 * share, 6))) / 100


def _points(share: float) -> str:
    """How far a share is from what it should be, and to which side."""
    sentence = _("{points:.2f} points above") if share > 0 else _("{points:.2f} points below")
    return sentence.format(points=100 * abs(share))


@st.cache_data(max_entries=512, show_spinner=False)
def found(count: int, cut: str, stratified: bool, seed: int) -> dict[str, class_shares.ClassShares]:
    """The classes of each part when `count` of the 60,000 are cut by a word such as 80-10-10."""
    labels = np.concatenate([mnist.digits(part).labels for part in ("train", "val")])
    drawn = labels[dealing.pool(len(labels), count)]
    train, val, test = map(int, cut.split("-"))
    parts = dealing.deal(drawn, (train, val, test), stratified=stratified, seed=seed)
    return class_shares.class_shares(drawn, parts)


@st.cache_data(max_entries=512, show_spinner=False)
def _drawn(count: int, cut: str, stratified: bool, seed: int, language: str) -> Drawn:
    known = found(count, cut, stratified, seed)
    off = class_shares.outside(known)
    title = (
        _("Every class has its share of every part; which digits go where is still chance")
        if stratified
        else _(
            "How the classes fall by chance: {count} of 30 shares are outside the band that 95 of 100 stay in"
        ).format(count=off)
    )
    return Drawn.of(drawing.class_shares(known, title))
