"""The statistics are right to the digit: against numpy, scipy and numbers worked out by hand."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from mnist_viz.data import mnist, statistics

SOME = 6_000  # more than one chunk, and not a multiple of it


@pytest.fixture(scope="module")
def images() -> NDArray[np.uint8]:
    return mnist.digits("test").images[:SOME]


@pytest.fixture(scope="module")
def labels() -> NDArray[np.uint8]:
    return mnist.digits("test").labels[:SOME]


def flat(*greys: int) -> NDArray[np.uint8]:
    """Images of one grey value each."""
    return np.array(greys, np.uint8)[:, None, None] * np.ones((28, 28), np.uint8)


def test_labels_are_counted() -> None:
    assert statistics.label_counts(np.array([3, 3, 9], np.uint8)).tolist() == [0, 0, 0, 2, 0, 0, 0, 0, 0, 1]
    published = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert statistics.label_counts(mnist.digits("test").labels).tolist() == published


def test_four_flat_images_are_as_worked_out_by_hand() -> None:
    images = flat(0, 0, 30, 50)
    assert (statistics.mean_image(images) == 20).all()
    assert (statistics.median_image(images) == 15).all()
    np.testing.assert_allclose(statistics.deviation_image(images), np.sqrt((400 + 400 + 100 + 900) / 4))
    assert statistics.ink_share(images) == (0.5, 20)
    assert statistics.grey_histogram(images)[[0, 30, 50]].tolist() == [2 * 784, 784, 784]
    assert not statistics.never_used(images).any()


def test_the_means_of_classes_are_as_worked_out_by_hand() -> None:
    means = statistics.class_means(flat(0, 10, 200, 255), np.array([1, 1, 7, 7], np.uint8))
    assert (means[1] == 5).all()
    assert (means[7] == 227.5).all()
    assert np.isnan(np.delete(means, [1, 7], axis=0)).all()


def test_mean_and_deviation_are_those_of_numpy(images: NDArray[np.uint8]) -> None:
    exact = images.astype(np.float64)
    np.testing.assert_allclose(statistics.mean_image(images), exact.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(statistics.deviation_image(images), exact.std(axis=0), rtol=1e-12)


@pytest.mark.parametrize("count", [SOME, SOME - 1])
def test_the_median_is_that_of_numpy(images: NDArray[np.uint8], count: int) -> None:
    assert np.array_equal(statistics.median_image(images[:count]), np.median(images[:count], axis=0))


def test_the_means_of_classes_are_those_of_numpy(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> None:
    means = statistics.class_means(images, labels)
    for label in range(10):
        np.testing.assert_allclose(means[label], images[labels == label].mean(axis=0), rtol=1e-12)


def test_the_histogram_is_that_of_numpy(images: NDArray[np.uint8]) -> None:
    greys, counts = np.unique(images, return_counts=True)
    histogram = statistics.grey_histogram(images)
    assert histogram.sum() == images.size
    assert np.array_equal(histogram[greys], counts)


def test_the_ink_is_what_numpy_counts(images: NDArray[np.uint8]) -> None:
    ink = statistics.ink_share(images)
    assert ink.share == pytest.approx((images > 0).mean(), rel=1e-12)
    assert ink.mean_grey == pytest.approx(images.mean(), rel=1e-12)


def test_the_training_digits_never_use_67_pixels() -> None:
    images = mnist.digits("train").images
    unused = statistics.never_used(images)
    assert unused.sum() == 67
    assert unused[0, 0]
    assert images[:, ~unused].any(axis=0).all()


@pytest.mark.parametrize("label", [0, 5])
def test_distances_are_those_of_scipy(images: NDArray[np.uint8], labels: NDArray[np.uint8], label: int) -> None:
    members = np.flatnonzero(labels == label)
    flattened = images[members].reshape(len(members), -1).astype(np.float64)
    expected = cdist(flattened, flattened.mean(axis=0, keepdims=True)).ravel()
    nearest = statistics.nearest_to_mean(images, labels, label, 12)
    farthest = statistics.farthest_from_mean(images, labels, label, 12)
    assert nearest.indices.tolist() == members[np.argsort(expected)[:12]].tolist()
    assert farthest.indices.tolist() == members[np.argsort(-expected)[:12]].tolist()
    np.testing.assert_allclose(nearest.distances, np.sort(expected)[:12], rtol=1e-12)
    np.testing.assert_allclose(farthest.distances, np.sort(expected)[::-1][:12], rtol=1e-12)


def test_nearest_and_farthest_are_as_worked_out_by_hand() -> None:
    images, labels = flat(9, 0, 10, 80), np.array([4, 2, 2, 2], np.uint8)
    nearest = statistics.nearest_to_mean(images, labels, 2, 2)
    # The mean is 30; 784 pixels that differ by d each are 28 d apart.
    assert nearest.indices.tolist() == [2, 1]
    assert nearest.distances.tolist() == [28 * 20, 28 * 30]
    assert statistics.farthest_from_mean(images, labels, 2, 99).indices.tolist() == [3, 1, 2]


def test_of_equally_far_digits_the_first_comes_first() -> None:
    images, labels = flat(10, 30, 10, 30), np.zeros(4, np.uint8)
    assert statistics.nearest_to_mean(images, labels, 0, 4).indices.tolist() == [0, 1, 2, 3]
    assert statistics.farthest_from_mean(images, labels, 0, 4).indices.tolist() == [0, 1, 2, 3]


def test_a_label_without_digits_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^label=3 has no digit here, only 1, 2 have: choose one of them\.$"):
        statistics.nearest_to_mean(flat(1, 2), np.array([1, 2], np.uint8), 3, 1)


def test_asking_for_no_digit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^count=0 is below 1: ask for at least one digit\.$"):
        statistics.farthest_from_mean(flat(1, 2), np.array([1, 2], np.uint8), 1, 0)


@pytest.mark.parametrize("wrong", [flat(), flat(1).astype(np.float32), flat(1)[0], flat(1)[:, :14]])
@pytest.mark.parametrize(
    "number",
    [
        statistics.mean_image, statistics.deviation_image, statistics.median_image, statistics.never_used,
        statistics.grey_histogram, statistics.ink_share, lambda some: statistics.class_means(some, some),
    ],
)  # fmt: skip
def test_what_are_no_images_is_refused(number: Callable[[Any], Any], wrong: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match=r"^images are .*, not uint8 of shape \(N, 28, 28\) with N > 0:"):
        number(wrong)


def test_no_large_copy_of_the_training_digits_is_made() -> None:
    images, labels = mnist.digits("train").images, mnist.digits("train").labels
    tracemalloc.start()
    try:
        statistics.mean_image(images)
        statistics.deviation_image(images)
        statistics.grey_histogram(images)
        statistics.class_means(images, labels)
        statistics.nearest_to_mean(images, labels, 1, 5)
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()
