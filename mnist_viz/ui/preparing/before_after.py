"""Digits before and after steps of preparation, computed once for all viewers: words and numbers in, arrays out."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.analysis import scaling as numbers
from mnist_viz.data import mnist, statistics
from mnist_viz.data.address import Address, digit
from mnist_viz.data.preparation import prepare
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.ui.turns import heavy

OTHERS = ("test-354", "test-387", "test-528", "test-776", "test-2930", "test-1671", "test-2543", "test-104")
"""Eight digits with other labels, that lean, thin and thick: on each step one of them changes visibly."""
PART = "val"  # over its digits run the mean digit and the histogram
SEED = 0  # of the augmentation that is looked at: the same for all, so that a slider moves nothing but its own range
BATCH = 512  # digits that are changed at once


class Whole(NamedTuple):
    """What the digits of PART add up to: their mean (28, 28), and how many of their pixels lie in each bin."""

    mean: NDArray[np.float64]
    counts: NDArray[np.intp]


@st.cache_data(max_entries=2048, show_spinner=False)
def one(address: str, word: str) -> NDArray[np.uint8]:
    """The digit at an address after the steps of a word: (28, 28)."""
    image: NDArray[np.uint8] = prepare(digit(Address.parse(address))[0][np.newaxis], word)[0]
    return image


@st.cache_data(max_entries=256, show_spinner=False)
def others(word: str) -> NDArray[np.uint8]:
    """The digits OTHERS after the steps of a word: (8, 28, 28)."""
    return prepare(_others(), word)


@st.cache_data(max_entries=256, show_spinner=False)
def whole(word: str) -> Whole:
    """All digits of PART after the steps of a word; `counts` (256,) of each grey value."""
    with heavy:
        images = prepare(mnist.digits(PART).images, word)
        return Whole(statistics.mean_image(images), statistics.grey_histogram(images))


def edges(scaling: str) -> NDArray[np.float64]:
    """Between which numbers pixels are counted where they are scaled."""
    low, high, bins = {
        "unit": (0, 1, 32),
        "standard": (-0.5, 3, 70),
        "half": (-1.05, 1.05, 84),
        "mean_image": (-1, 1.05, 82),
    }[scaling]
    found: NDArray[np.float64] = np.linspace(low, high, bins + 1)
    return found


@st.cache_data(max_entries=8, show_spinner=False)
def scaled(scaling: str) -> tuple[Whole, Whole]:
    """All digits of PART as shares of full ink, and scaled; `counts` between the same `edges`."""
    images = mnist.digits(PART).images
    with heavy:
        both = [numbers.scale(images, one) for one in ("unit", scaling)]
        found = [Whole(each.mean(axis=0), np.histogram(each, edges(scaling))[0]) for each in both]
    return found[0], found[1]


@st.cache_data(max_entries=256, show_spinner=False)
def augmented_one(address: str, amounts: tuple[float, ...], count: int) -> NDArray[np.uint8]:
    """`count` pictures of a digit under these amounts, in the order of AUGMENTATION: (count, 28, 28)."""
    import torch  # noqa: PLC0415  heavy

    from mnist_viz.training import augmentation  # noqa: PLC0415  brings torch

    image = torch.tensor(digit(Address.parse(address))[0]).float() / 255
    changed = augmentation.samples(image, _named(amounts), count, SEED)
    return np.round(255 * changed.numpy()).astype(np.uint8)


@st.cache_data(max_entries=256, show_spinner=False)
def augmented_others(amounts: tuple[float, ...]) -> NDArray[np.uint8]:
    """The digits OTHERS, each changed by chance within these amounts: (8, 28, 28)."""
    return _augmented(_others(), amounts)


@st.cache_data(max_entries=64, show_spinner=False)
def augmented_whole(amounts: tuple[float, ...]) -> Whole:
    """All digits of PART, each changed by chance within these amounts; `counts` (256,) of each grey value."""
    with heavy:
        images = _augmented(mnist.digits(PART).images, amounts)
    return Whole(statistics.mean_image(images), statistics.grey_histogram(images))


def _augmented(images: NDArray[np.uint8], amounts: tuple[float, ...]) -> NDArray[np.uint8]:
    import torch  # noqa: PLC0415  heavy

    from mnist_viz.training import augmentation  # noqa: PLC0415  brings torch
    from models.chance import seeded  # noqa: PLC0415  brings torch

    augment: Callable[[torch.Tensor], torch.Tensor] | None = augmentation.build(_named(amounts))
    if augment is None:
        return images
    with seeded(SEED):
        pixels = torch.tensor(images)[:, None].float() / 255
        changed = torch.cat([augment(pixels[start : start + BATCH]) for start in range(0, len(pixels), BATCH)])
    result: NDArray[np.uint8] = np.round(255 * changed[:, 0].numpy()).astype(np.uint8)
    return result


def _named(amounts: tuple[float, ...]) -> Mapping[str, float]:
    return dict(zip(AUGMENTATION, amounts, strict=True))


def _others() -> NDArray[np.uint8]:
    return np.stack([digit(Address.parse(address))[0] for address in OTHERS])
