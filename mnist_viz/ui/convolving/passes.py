"""A digit's way through a checkpoint and back, computed once for all viewers, keyed by words and numbers."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.data.address import Address, digit
from mnist_viz.runs import digits
from mnist_viz.server.board import board
from mnist_viz.ui import as_seen, caches
from mnist_viz.ui.link import FIRST_DIGIT
from mnist_viz.ui.turns import heavy

if TYPE_CHECKING:
    from torch import Tensor

    from mnist_viz.analysis.descent import Backward, Repeats
    from mnist_viz.analysis.passage import Passage, Sum
    from mnist_viz.analysis.weight_pictures import Kernels

MOST = 20  # steps on one digit
OTHERS = 1_000  # validation digits that are read before and after


def image(run_id: str, address: str) -> "tuple[Tensor, int]":
    """A digit as the run's network takes it, (1, 1, 28, 28), and its label."""
    import torch  # noqa: PLC0415  heavy

    grey = as_seen.image(run_id, address)
    return torch.tensor(grey).float().div(255).view(1, 1, *grey.shape), digit(Address.parse(address))[1]


@st.cache_resource(max_entries=512, show_spinner=False)
def passage(run_id: str, step: int, address: str, layer: str) -> "Passage":
    """What a layer of a checkpoint does to a digit."""
    from mnist_viz.analysis import passage as passages  # noqa: PLC0415  brings torch

    with heavy:
        return passages.passage(caches.network(run_id, step), image(run_id, address)[0], layer)


@st.cache_resource(max_entries=512, show_spinner=False)
def weighted_sum(run_id: str, step: int, address: str, target: int) -> "Sum":
    """How a checkpoint adds up a digit's score of a class."""
    from mnist_viz.analysis import passage as passages  # noqa: PLC0415  brings torch

    with heavy:
        return passages.weighted_sum(caches.network(run_id, step), image(run_id, address)[0], target)


@st.cache_resource(max_entries=32, show_spinner=False)
def backward(run_id: str, step: int, address: str) -> "Backward":
    """The loss of a digit and its gradients; 0.1 to 10 MB."""
    from mnist_viz.analysis import descent  # noqa: PLC0415  brings torch

    with heavy:
        return descent.backward(caches.network(run_id, step), *image(run_id, address))


@st.cache_resource(max_entries=64, show_spinner=False)
def kernels(run_id: str, step: int) -> "dict[str, Kernels]":
    """The layers of a checkpoint whose weights can be shown as pictures, by name."""
    from mnist_viz.analysis import weight_pictures as found  # noqa: PLC0415  brings torch

    with heavy:
        return {one.layer: one for one in found.kernels(caches.network(run_id, step))}


def weights(run_id: str, step: int, kernels: "Kernels") -> NDArray[np.float32]:
    """The weights of a layer as pictures (filters, channels, rows, columns)."""
    values: NDArray[np.float32] = caches.network(run_id, step).get_parameter(kernels.parameter).detach().numpy()
    return values.reshape(kernels.shape)


def gradients(run_id: str, step: int, address: str, kernels: "Kernels") -> NDArray[np.float32]:
    """The gradients of the same weights."""
    return backward(run_id, step, address).weights[kernels.parameter].reshape(kernels.shape)


@st.cache_resource(max_entries=128, show_spinner=False)
def repeats(run_id: str, step: int, address: str, rate: float, count: int = MOST) -> "Repeats":
    """What `count` steps on a digit make of its loss and its probabilities."""
    from mnist_viz.analysis import descent  # noqa: PLC0415  brings torch

    with heavy:
        return descent.repeat(caches.network(run_id, step), *image(run_id, address), rate, count)


@st.cache_data(max_entries=64, show_spinner=False)
def misread(run_id: str, step: int) -> str:
    """A digit that a checkpoint misreads: the usual one, else the first of `OTHERS` validation digits, or ""."""
    from mnist_viz.runs import logits  # noqa: PLC0415  brings torch

    if int(caches.answer(run_id, step, str(FIRST_DIGIT)).argmax()) != digit(FIRST_DIGIT)[1]:
        return str(FIRST_DIGIT)
    known = digits.part(board().store.run(run_id), "val")
    with heavy:
        answers = logits.predict(caches.network(run_id, step), known.images[:OTHERS])
    wrong = np.flatnonzero(answers.argmax(axis=1) != known.labels[:OTHERS])
    return str(Address("val", int(wrong[0]))) if len(wrong) else ""


@st.cache_data(max_entries=512, show_spinner=False)
def others(run_id: str, step: int, address: str = "", rate: float = 0, count: int = 0) -> NDArray[np.int64]:
    """As what the first `OTHERS` validation digits are read after `count` steps on a digit: (labels, classes) counts.

    Without a digit, before any.
    """
    from mnist_viz.analysis import descent  # noqa: PLC0415  brings torch
    from mnist_viz.runs import logits  # noqa: PLC0415

    known = digits.part(board().store.run(run_id), "val")
    model = caches.network(run_id, step)
    with heavy:
        if count:
            model = descent.taught(model, *image(run_id, address), rate, count)
        answers = logits.predict(model, known.images[:OTHERS])
    found = np.zeros((10, answers.shape[1]), np.int64)
    np.add.at(found, (known.labels[:OTHERS], answers.argmax(axis=1)), 1)
    return found
