"""The start page's three pictures: the digits, the training, the mistakes; each with the way to its page."""

import numpy as np
import streamlit as st

from mnist_viz.analysis import evaluation
from mnist_viz.data import mnist
from mnist_viz.data.address import COUNTS
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server.board import ACTIVE, Snapshot, board
from mnist_viz.text import _, percent
from mnist_viz.ui import caches, link
from mnist_viz.ui.gallery import gallery, plain_sentence
from mnist_viz.ui.learning_curve import learning_curve


def newest() -> Snapshot:
    """The run that trains now, else the newest that has learned something, else the one that ships."""
    summaries = board().summaries()
    training = next((one for one in summaries if one.state in ACTIVE), None)
    tested = next((one for one in summaries if one.test_accuracy is not None), None)
    chosen = training or tested
    return board().snapshot(chosen.run.id if chosen else PRETRAINED)


def sentence(snapshot: Snapshot) -> str:
    """What the newest run can do, or that it is training now."""
    name = snapshot.config["architecture"]
    tested = snapshot.last("evaluation", part="test")
    if snapshot.state in ACTIVE:
        return _("**{name}** is training now: watch it learn.").format(name=name)
    if tested is None:
        return _("Train a network on 55,000 handwritten digits and see what happens inside it.")
    right = round(tested["accuracy"] * tested["digits"])
    low, high = evaluation.accuracy_interval(right, tested["digits"])
    return _(
        "**{name}** reads {accuracy} of {total:,} digits it never saw (95 % interval {low} to {high}). "
        "See what it was shown, how it learned, and why {wrong} digits go wrong."
    ).format(
        name=name,
        accuracy=percent(tested["accuracy"]),
        total=tested["digits"],
        low=percent(low),
        high=percent(high),
        wrong=tested["digits"] - right,
    )


def digits() -> None:
    """Two digits of each label, and the way to all of them."""
    st.header(_("What it is shown"), anchor=False)
    labels = mnist.digits("test").labels
    firsts = np.concatenate([np.flatnonzero(labels == label)[:2] for label in range(10)])
    gallery(
        "test",
        firsts,
        key="overview_digits",
        label=_("Two test digits of each label"),
        word=lambda address: str(labels[address.index]),
        describe=plain_sentence,
        size=42,
    )
    _way("pages/data.py", _("See the {count:,} digits").format(count=sum(COUNTS.values())), "to_data")


def training(snapshot: Snapshot) -> None:
    """The newest learning curve, and the way to train another network."""
    learning_curve(snapshot, key="overview_curve", stacked=True, replay=False, title=_("How it learns"))
    _way("pages/train.py", _("Train a network"), "to_train", primary=True, run=snapshot.run.id)


def mistakes(snapshot: Snapshot) -> None:
    """The mistakes a run is surest of, and the way to the reasons."""
    st.header(_("Where it is wrong"), anchor=False)
    steps = snapshot.run.steps
    if not steps or snapshot.state in ACTIVE:
        st.write(_("The mistakes are here once the training has ended."))
        return
    logits, labels = caches.logits(snapshot.run.id, steps[-1], "test"), mnist.digits("test").labels
    read = evaluation.predictions(logits)
    surest = evaluation.mistakes(logits, labels)[:20]
    gallery(
        "test",
        surest,
        key="overview_mistakes",
        label=_("The mistakes the network is surest of"),
        word=lambda address: _("{label}→{read}").format(label=labels[address.index], read=read[address.index]),
        describe=lambda address: _("{sentence}, read as {read}").format(
            sentence=plain_sentence(address), read=read[address.index]
        ),
        size=42,
    )
    _way("pages/mistakes.py", _("See why"), "to_mistakes", run=snapshot.run.id, step=str(steps[-1]))


def _way(page: str, words: str, key: str, *, primary: bool = False, **more: str) -> None:
    if st.button(words, key=key, type="primary" if primary else "secondary", width="stretch"):
        st.switch_page(page, query_params={**link.words(), **more})
