"""Test digits that a network finds alike, side by side: with their labels, what is read in them, and both counted."""

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis import evaluation
from mnist_viz.data import mnist
from mnist_viz.data.address import Address
from mnist_viz.jobs import maps
from mnist_viz.text import _
from mnist_viz.ui import caches
from mnist_viz.ui.gallery import gallery, plain_sentence


def show(run_id: str, step: int, indices: NDArray[np.intp], *, key: str, label: str, size: int = 54) -> None:
    """These test digits, ten a page, with what a checkpoint reads in those that it reads wrongly."""
    labels, says = mnist.digits(maps.PART).labels, read(run_id, step)

    def word(address: Address) -> str:
        known = {"label": labels[address.index], "read": says[address.index]}
        return str(known["label"]) if known["label"] == known["read"] else _("{label} as {read}").format(**known)

    def describe(address: Address) -> str:
        return _("{sentence}, read as {read}").format(sentence=plain_sentence(address), read=says[address.index])

    gallery(maps.PART, indices, key=key, label=label, word=word, describe=describe, per_page=10, size=size)


def read(run_id: str, step: int) -> NDArray[np.intp]:
    """As what a checkpoint reads each test digit."""
    return evaluation.predictions(caches.logits(run_id, step, maps.PART))


def counted(counts: NDArray[np.intp], own: int | None = None) -> str:
    """The labels that occur, the most frequent first, and how often each does; its `own` in bold."""
    often = [label for label in np.argsort(-counts, kind="stable") if counts[label]]
    words = {label: _("{label} ({count:,})").format(label=label, count=counts[label]) for label in often}
    return ", ".join(f"**{said}**" if label == own else said for label, said in words.items())
