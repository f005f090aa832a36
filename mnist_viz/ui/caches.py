"""What is computed once for all viewers, keyed by words and numbers: what has a name never changes."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.analysis import disputed, explanation
from mnist_viz.data import mnist
from mnist_viz.data import statistics as counting
from mnist_viz.data.address import Address, digit
from mnist_viz.data.sets import DATASETS
from mnist_viz.runs import logits as computed
from mnist_viz.server.board import board

if TYPE_CHECKING:
    from torch import nn

    from models.table import Layer

_heavy = threading.BoundedSemaphore(2)  # as many computations at once as a small machine has cores


class Statistics(NamedTuple):
    """What the pixels of a part add up to; the names are those of `mnist_viz.data.statistics`."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    median: NDArray[np.float64]
    class_means: NDArray[np.float64]
    histogram: NDArray[np.intp]
    ink: counting.Ink
    unused: NDArray[np.bool_]


@st.cache_resource(show_spinner=False)
def statistics(part: str) -> Statistics:
    """All statistics of a part, in about two seconds for the largest."""
    images, labels = mnist.digits(part).images, mnist.digits(part).labels
    with _heavy:
        return Statistics(
            counting.mean_image(images),
            counting.deviation_image(images),
            counting.median_image(images),
            counting.class_means(images, labels),
            counting.grey_histogram(images),
            counting.ink_share(images),
            counting.never_used(images),
        )


@st.cache_data(max_entries=60, show_spinner=False)
def ranked(part: str, label: int, end: str, count: int = 20) -> counting.Ranked:
    """The digits of a label that are `nearest` to or `farthest` from its mean image."""
    images, labels = mnist.digits(part).images, mnist.digits(part).labels
    rank = {"nearest": counting.nearest_to_mean, "farthest": counting.farthest_from_mean}[end]
    with _heavy:
        return rank(images, labels, label, count)


@st.cache_resource(show_spinner=False)
def layers(architecture: str) -> "tuple[Layer, ...]":
    """What a network of the zoo is made of."""
    import models  # noqa: PLC0415  brings torch
    from models.table import table  # noqa: PLC0415  brings torch

    return table(models.build(architecture))


@st.cache_resource(max_entries=16, show_spinner=False)
def network(run_id: str, step: int) -> "nn.Module":
    """The network of a checkpoint, frozen; shared by all viewers."""
    from mnist_viz.runs import checkpoints  # noqa: PLC0415  brings torch

    return checkpoints.load(board().store.run(run_id), step)


@st.cache_resource(max_entries=48, show_spinner=False)
def logits(run_id: str, step: int, part: str) -> NDArray[np.float32]:
    """A checkpoint's answers to every digit of a part: (N, 10), read-only."""
    with _heavy:
        return computed.logits(board().store.run(run_id), step, part)


@st.cache_resource(max_entries=48, show_spinner=False)
def rightly_tested(run_id: str, step: int, data: str) -> NDArray[np.bool_]:
    """Which test digits of a data set a checkpoint reads rightly."""
    with _heavy:
        answers = computed.logits(board().store.run(run_id), step, "test", data)
    right: NDArray[np.bool_] = answers.argmax(axis=1) == DATASETS[data].digits("test").labels
    return right


@st.cache_data(max_entries=4096, show_spinner=False)
def answer(run_id: str, step: int, address: str) -> NDArray[np.float32]:
    """A checkpoint's ten logits for one digit."""
    image, _label = digit(Address.parse(address))
    with _heavy:
        ten: NDArray[np.float32] = computed.predict(network(run_id, step), image[np.newaxis])[0]
    return ten


@st.cache_data(max_entries=2048, show_spinner=False)
def attributions(run_id: str, step: int, address: str, method: str, targets: Sequence[int]) -> NDArray[np.float32]:
    """What each pixel of a digit says for each target class by one method: (targets, 28, 28), signed."""
    import torch  # noqa: PLC0415  heavy

    from mnist_viz.analysis.saliency import METHODS  # noqa: PLC0415  brings captum

    image, _label = digit(Address.parse(address))
    pixels = torch.tensor(image).float().div(255).expand(len(targets), 1, 28, 28)
    with _heavy:
        maps: NDArray[np.float32] = METHODS[method](network(run_id, step), pixels, torch.tensor(targets))
    return maps


@st.cache_data(max_entries=2048, show_spinner=False)
def facts(run_id: str, step: int, address: str) -> explanation.Facts:
    """What the sentences about a digit may say."""
    where, (_image, label) = Address.parse(address), digit(Address.parse(address))
    from mnist_viz.analysis.saliency import Refused  # noqa: PLC0415  brings torch and captum

    logits = answer(run_id, step, address)
    try:
        first, second = attributions(run_id, step, address, "integrated_gradients", explanation.rivals(logits, label))
        evidence = first - second
    except Refused:
        evidence = None
    return explanation.facts(logits, label, evidence, disputed.dispute(where.part, where.index))
