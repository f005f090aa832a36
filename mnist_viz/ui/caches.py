"""What is computed once for all viewers, keyed by words and numbers: what has a name never changes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.analysis import disputed, embedding, endurance, explanation
from mnist_viz.analysis.distortions import Distortion
from mnist_viz.data import mnist
from mnist_viz.data import statistics as counting
from mnist_viz.data.address import Address, digit
from mnist_viz.data.sets import DATASETS
from mnist_viz.jobs import maps
from mnist_viz.plan import words
from mnist_viz.runs import features as seen
from mnist_viz.runs import logits as computed
from mnist_viz.server import networks
from mnist_viz.server.board import board
from mnist_viz.ui import as_seen
from mnist_viz.ui.turns import heavy

if TYPE_CHECKING:
    from torch import nn

    from mnist_viz.analysis.features import Activation
    from models.table import Layer

BLACK = "black"  # the baseline of paper without ink, and of methods that compare with none


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
    with heavy:
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
    with heavy:
        return rank(images, labels, label, count)


@st.cache_resource(show_spinner=False)
def layers(architecture: str, word: str = "") -> "tuple[Layer, ...]":
    """What a network of the zoo is made of, or one of one's own whose layers are said in a word. Raises ValueError."""
    import models  # noqa: PLC0415  brings torch
    from models.table import table  # noqa: PLC0415  brings torch

    return table(models.build(architecture, **words.shape(architecture, word)))


def network(run_id: str, step: int) -> "nn.Module":
    """The network of a checkpoint, frozen; shared by all viewers."""
    return networks.network(run_id, step)


@st.cache_resource(max_entries=48, show_spinner=False)
def logits(run_id: str, step: int, part: str) -> NDArray[np.float32]:
    """A checkpoint's answers to every digit of a part: (N, 10), read-only."""
    with heavy:
        return computed.logits(board().store.run(run_id), step, part)


@st.cache_resource(max_entries=48, show_spinner=False)
def rightly_tested(run_id: str, step: int, data: str) -> NDArray[np.bool_]:
    """Which test digits of a data set a checkpoint reads rightly."""
    with heavy:
        answers = computed.logits(board().store.run(run_id), step, "test", data)
    right: NDArray[np.bool_] = answers.argmax(axis=1) == DATASETS[data].digits("test").labels
    return right


@st.cache_data(max_entries=4096, show_spinner=False)
def answer(run_id: str, step: int, address: str) -> NDArray[np.float32]:
    """A checkpoint's ten logits for one digit."""
    image = as_seen.image(run_id, address)
    with heavy:
        ten: NDArray[np.float32] = computed.predict(network(run_id, step), image[np.newaxis])[0]
    return ten


@st.cache_resource(max_entries=128, show_spinner=False)
def activations(run_id: str, step: int, address: str) -> "tuple[Activation, ...]":
    """What every layer of a checkpoint puts out for a digit, read-only; 0.1 to 0.6 MB."""
    return activations_of(run_id, step, as_seen.image(run_id, address))


def activations_of(run_id: str, step: int, image: NDArray[np.uint8]) -> "tuple[Activation, ...]":
    """The same for a picture (28, 28) as the run sees it, which has no name here: whoever asks keeps it or not."""
    import torch  # noqa: PLC0415  heavy

    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    with heavy:
        return features.activations(
            network(run_id, step), torch.tensor(image).float().div(255).view(1, 1, *image.shape)
        )


@st.cache_resource(max_entries=128, show_spinner=False)
def filters(run_id: str, step: int) -> tuple[str, NDArray[np.float32]] | None:
    """The first layer's name and its weights as pictures, None where they are none."""
    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    with heavy:
        return features.filters(network(run_id, step))


@st.cache_data(max_entries=512, show_spinner=False)
def right_counts(run_id: str, step: int, kind: str) -> NDArray[np.int64]:
    """How many of 1,000 test digits a checkpoint reads rightly at each value of `endurance.grid(kind)`."""
    return endurance.right_counts(board().store.run(run_id), step, kind, network(run_id, step), heavy)


@st.cache_data(max_entries=4096, show_spinner=False)
def readings(run_id: str, step: int, address: str, amount: Distortion, kind: str) -> list[endurance.Span]:
    """As what a checkpoint reads a changed digit along the slider of a kind, all else as in `amount`."""
    image, _label = digit(Address.parse(address))
    with heavy:
        return endurance.readings(board().store.run(run_id), network(run_id, step), image, amount, kind)


@st.cache_data(max_entries=2048, show_spinner=False)
def attributions(
    run_id: str, step: int, address: str, method: str, targets: Sequence[int], *, baseline: str
) -> NDArray[np.float32]:
    """What each pixel of a digit says for each target class by one method: (targets, 28, 28), signed.

    `baseline`: a name that `as_seen.baseline` knows. Raises `Refused`.
    """
    import torch  # noqa: PLC0415  heavy

    from mnist_viz.analysis.saliency import METHODS  # noqa: PLC0415  brings captum

    image = as_seen.image(run_id, address)  # no step is inside what Captum sees: not all have a gradient
    pixels = torch.tensor(image).float().div(255).expand(len(targets), 1, 28, 28)
    start = torch.from_numpy(as_seen.baseline(run_id, address, baseline))
    with heavy:
        maps: NDArray[np.float32] = METHODS[method](
            network(run_id, step), pixels, torch.tensor(targets), baseline=start
        )
    return maps


@st.cache_data(max_entries=2048, show_spinner=False)
def score_changes(run_id: str, step: int, address: str, baseline: str) -> NDArray[np.float32]:
    """How far each score (logit) of a digit is above that of its baseline: (10,)."""
    import torch  # noqa: PLC0415  heavy

    pixels = (as_seen.image(run_id, address) / 255).astype(np.float32)
    both = torch.from_numpy(np.stack([pixels, as_seen.baseline(run_id, address, baseline)]))
    with heavy, torch.inference_mode():
        scores: NDArray[np.float32] = network(run_id, step)(both[:, None]).numpy()
    change: NDArray[np.float32] = scores[0] - scores[1]
    return change


@st.cache_data(max_entries=2048, show_spinner=False)
def facts(run_id: str, step: int, address: str) -> explanation.Facts:
    """What the sentences about a digit may say."""
    from mnist_viz.analysis.saliency import Refused  # noqa: PLC0415  brings torch and captum

    where = Address.parse(address)
    label = digit(where)[1]
    logits = answer(run_id, step, address)
    rivals = explanation.rivals(logits, label)
    try:
        first, second = attributions(run_id, step, address, "integrated_gradients", rivals, baseline=BLACK)
        evidence = first - second
    except Refused:
        evidence = None
    return explanation.facts(logits, label, evidence, disputed.dispute(where.part, where.index))


@st.cache_resource(max_entries=3, show_spinner=False)
def features(run_id: str, step: int) -> NDArray[np.float32]:
    """What a checkpoint makes of every test digit: (N, D), read-only; 23 to 64 MB, which no disk keeps for a look."""
    with heavy:
        return seen.features(board().store.run(run_id), step, maps.PART)


@st.cache_resource(max_entries=48, show_spinner=False)
def pca(run_id: str, step: int) -> maps.Pca:
    """The test digits along the two directions in which a checkpoint's features differ most."""
    run = board().store.run(run_id)
    known = maps.pca(run, step)
    if known is None:
        table = features(run_id, step)
        with heavy:
            known = maps.make_pca(run, step, table)
    return known


@st.cache_data(max_entries=4096, show_spinner=False)
def nearest(run_id: str, step: int, address: str) -> NDArray[np.intp]:
    """The ten test digits that a checkpoint finds most similar to a digit, itself left out: indices, nearest first."""
    where = Address.parse(address)
    own = where.index if where.part == maps.PART else None
    table = maps.nearest(board().store.run(run_id), step)
    if table is not None and own is not None:
        return np.asarray(table[own], dtype=np.intp)
    if own is None:
        return nearest_to(run_id, step, as_seen.image(run_id, address))
    known = features(run_id, step)
    with heavy:
        return embedding.nearest(known, known[own], maps.NEAREST, but=own)


def nearest_to(run_id: str, step: int, image: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The ten test digits that a checkpoint finds most similar to a picture (28, 28) as the run sees it."""
    known = features(run_id, step)
    with heavy:
        query = seen.extract(network(run_id, step), image[np.newaxis])[0]
        return embedding.nearest(known, query, maps.NEAREST)
