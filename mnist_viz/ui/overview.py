"""The start page's three pictures: the digits, the training, the mistakes; each with the way to its page."""

import numpy as np
import streamlit as st

from mnist_viz.analysis import evaluation
from mnist_viz.data import mnist
from mnist_viz.data.address import COUNTS
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server.board import ACTIVE, Snapshot, board
from mnist_viz.text import _, percent
from mnist_viz.training import fields
from mnist_viz.ui import caches, frame, link
from mnist_viz.ui.gallery import gallery, plain_sentence
from mnist_viz.ui.training.learning_curve import learning_curve


def sentence(snapshot: Snapshot) -> str:
    """What the chosen run can do, or what it is doing now."""
    name = snapshot.config["architecture"]
    tested = snapshot.last("evaluation", part="test")
    if snapshot.state == "paused":
        return _("**{name}** is learning, and paused now.").format(name=name)
    if snapshot.state in ACTIVE:
        return _("**{name}** is learning now: watch it.").format(name=name)
    if tested is None:
        return _("This run of **{name}** never learned to read: choose another on the left, or train one.").format(
            name=name
        )
    data = snapshot.run.data
    if data != "mnist":
        return _(
            "**{name}** learned from {data} and reads {accuracy} of {total:,} test digits of theirs; "
            "the digits and mistakes below are MNIST's."
        ).format(
            name=name, data=fields.names().get(data, data), accuracy=percent(tested["accuracy"]), total=tested["digits"]
        )
    right = round(tested["accuracy"] * tested["digits"])
    low, high = evaluation.accuracy_interval(right, tested["digits"])
    return _(
        "**{name}** reads {accuracy} of {total:,} digits it never saw (95 % interval {low} to {high}). "
        "See what it was shown, how it learned, and why {wrong:,} digits go wrong."
    ).format(
        name=name,
        accuracy=percent(tested["accuracy"]),
        total=tested["digits"],
        low=percent(low),
        high=percent(high),
        wrong=tested["digits"] - right,
    )


def newest(chosen: Snapshot) -> None:
    """A line on the run that trains now, else on the newest that has learned something, unless it is chosen."""
    summaries = [one for one in board().summaries() if not one.beside]
    training = next((one for one in summaries if one.state in ACTIVE), None)
    other = training or next((one for one in summaries if one.test_accuracy is not None), None)
    if other is None or other.run.id in (chosen.run.id, PRETRAINED):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        words = _("A training is going on: {run}") if training else _("The newest training: {run}")
        st.markdown(words.format(run=link.plain(frame.run_label(other))))
        st.button(_("Watch it") if training else _("Show it here"), on_click=link.choose, kwargs={"run": other.run.id})


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
    """The learning curve of the chosen run, and the way to train a network."""
    learning_curve(snapshot, key="overview_curve", stacked=True, replay=False, title=_("How it learns"))
    _way("pages/train.py", _("Train a network"), "to_train")


def mistakes(choice: link.Choice) -> None:
    """The mistakes the chosen checkpoint is surest of; a click chooses one, a link leads to its reasons."""
    st.header(_("Where it is wrong"), anchor=False)
    if choice.step is None:
        st.write(_("Its mistakes are here as soon as it has a checkpoint."))
        return
    logits, labels = caches.logits(choice.run.id, choice.step, "test"), mnist.digits("test").labels
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
    with st.container(horizontal=True):
        _way("pages/mistakes.py", _("All mistakes"), "to_mistakes")
        _way("pages/digit.py", _("See why {digit} is read as it is").format(digit=choice.digit), "to_digit")


def _way(page: str, words: str, key: str) -> None:
    """A link that takes the frame's words along, as st.switch_page cannot; style.css makes it look like a button."""
    with st.container(key=key):
        st.page_link(page, label=words, width="stretch")
