"""The mistakes of a checkpoint: the matrix, the digits behind its cells, and how far each class can be trusted."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.analysis import evaluation
from mnist_viz.data import mnist
from mnist_viz.figures import classes as class_figures
from mnist_viz.text import _, percent, probability
from mnist_viz.ui import caches, drawings, link, words
from mnist_viz.ui.components import figure
from mnist_viz.ui.data_views import parts
from mnist_viz.ui.gallery import gallery, plain_sentence
from mnist_viz.ui.link import Choice

ANY = "any"
ALL = f"{ANY}-{ANY}"


class Controls(NamedTuple):
    """What was chosen: a part, `counts` or shares of a `row`, and a cell's label and reading, None for all."""

    part: str
    scale: str
    true: int | None
    predicted: int | None


@dataclass(frozen=True)
class Seen:
    """A part as a checkpoint reads it; `true` and `predicted` are the chosen row and column, None for all."""

    choice: Choice
    part: str
    logits: NDArray[np.float32]
    labels: NDArray[np.uint8]
    counts: NDArray[np.int64]
    true: int | None
    predicted: int | None

    @property
    def right(self) -> int:
        """How many digits are read as they are labelled."""
        return int(np.trace(self.counts))


def controls() -> Controls:
    """The slim row: which part, counts or shares, which row and column."""
    scales = {"counts": _("Counts"), "row": _("Share of row")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        known = parts()
        part = words.segmented("part", _("Digits"), {name: known[name] for name in ("test", "val")}, default="test")
        scale = words.segmented("scale", _("Scale"), scales, default="counts")
        digits = {ANY: _("any"), **{word: word for word in map(str, range(10))}}
        cell = words.pair("cell", (_("Labelled"), _("Read as")), digits, default=ANY, width=130)
    true, predicted = (None if word == ANY else int(word) for word in cell)
    return Controls(part, scale, true, predicted)


def look(choice: Choice, chosen: Controls) -> Seen:
    """Read every digit of a part with the chosen checkpoint (a second at first sight, then known)."""
    assert choice.step is not None
    part = chosen.part
    with st.spinner(_("Reading {count:,} digits …").format(count=len(mnist.digits(part))), show_time=True):
        logits = caches.logits(choice.run.id, choice.step, part)
    labels = mnist.digits(part).labels
    counts = evaluation.confusion(logits, labels)
    return Seen(choice, part, logits, labels, counts, chosen.true, chosen.predicted)


def sentence(seen: Seen) -> str:
    """How many are wrong, how sure that is, and what is confused most often."""
    total = len(seen.labels)
    low, high = evaluation.accuracy_interval(seen.right, total)
    said = _(
        "**{name}**, step {step:,}: **{wrong:,} of {total:,}** digits are read wrongly, {accuracy} are right "
        "(95 % interval {low} to {high})."
    ).format(
        name=seen.choice.run.config["architecture"],
        step=seen.choice.step,
        wrong=total - seen.right,
        total=total,
        accuracy=percent(seen.right / total),
        low=percent(low),
        high=percent(high),
    )
    if seen.choice.step == 0:
        return said + " " + _("At step 0 it has not learned anything yet.")
    count, cells = evaluation.most_frequent_confusion(seen.counts)
    if count < 2 or len(cells) > 1:
        return said
    true, predicted = cells[0]
    most = _("Most often a {true} is read as a {predicted}: {count} times.")
    return f"{said} {most.format(true=true, predicted=predicted, count=count)}"


def matrix(seen: Seen, scale: str) -> None:
    """The confusion matrix; a click on a cell shows its digits."""
    chosen = None
    if seen.true is not None and seen.predicted is not None:
        chosen = (seen.true, seen.predicted)
    assert seen.choice.step is not None
    drawn = drawings.confusion(seen.choice.run.id, seen.choice.step, seen.part, scale, chosen)
    figure.show(drawn, key="confusion", cells=(10, 10), chosen=chosen, on_click=_choose_cell)


def digits(seen: Seen) -> None:
    """The digits of the chosen cell, or all mistakes, the surest first."""
    if seen.true is not None and seen.true == seen.predicted:
        indices = evaluation.rightly_read(seen.logits, seen.labels, seen.true)
    else:
        indices = evaluation.mistakes(seen.logits, seen.labels, seen.true, seen.predicted)
    read, sure = evaluation.predictions(seen.logits), evaluation.softmax(seen.logits).max(axis=1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_heading(seen)}**")
        if seen.true is not None or seen.predicted is not None:
            st.button(_("Show all mistakes"), on_click=link.choose, kwargs={"cell": ALL})
    if len(indices) == 0:
        st.write(_("There is no such digit: nothing to see here."))
        return
    gallery(
        seen.part,
        indices,
        key=f"mistakes_{seen.choice.run.id}_{seen.choice.step}_{seen.part}_{seen.true}_{seen.predicted}",
        label=_heading(seen),
        word=lambda address: _("{label} as {read}").format(label=seen.labels[address.index], read=read[address.index]),
        describe=lambda address: _("{sentence}, read as {read} with {share}").format(
            sentence=plain_sentence(address), read=read[address.index], share=probability(float(sure[address.index]))
        ),
        per_page=20,
        size=66,
        reveals="digit_panel",
    )


def classes(seen: Seen) -> None:
    """Precision and recall of every class, with their intervals."""
    shares = evaluation.precision_recall(seen.counts)
    intervals = evaluation.precision_recall_intervals(seen.counts)
    figure.show(class_figures.precision_recall(*shares, *intervals), key="precision_recall")


def _heading(seen: Seen) -> str:
    cell = {"true": seen.true, "predicted": seen.predicted}
    if seen.true is not None and seen.true == seen.predicted:
        return _("Labelled {true} and read as {predicted}, least sure first").format(**cell)
    if seen.true is not None and seen.predicted is not None:
        return _("Labelled {true}, read as {predicted}, surest first").format(**cell)
    if seen.true is not None:
        return _("Labelled {true} but read otherwise, surest first").format(**cell)
    if seen.predicted is not None:
        return _("Wrongly read as {predicted}, surest first").format(**cell)
    return _("All mistakes, surest first")


def _choose_cell() -> None:
    point = figure.clicked("confusion")
    if point is not None:
        link.choose(cell=f"{int(point['y'])}-{int(point['x'])}")
