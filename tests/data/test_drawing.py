"""A drawing becomes a picture: its box, its centre, its grey values, against plain numpy and MNIST itself."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_viz.data import mnist
from mnist_viz.data.drawing import centred, raw


def blots(seed: int, side: int = 448) -> NDArray[np.uint8]:
    """Some strokes of a thick brush, anywhere and of any size."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:side, :side]
    ink = np.zeros((side, side), np.uint8)
    low, high = sorted(random.uniform(40, side - 40, 2))
    for y, x in random.uniform(low, max(high, low + 60), (6, 2)):
        ink[(rows - y) ** 2 + (columns - x) ** 2 < 18**2] = 255
    return ink


def mass(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The centre of mass (row, column), a pixel's middle at its index."""
    grid = np.mgrid[: image.shape[0], : image.shape[1]]
    middle: NDArray[np.float64] = (grid * image).sum(axis=(1, 2)) / image.sum()
    return middle


@pytest.mark.parametrize("seed", range(12))
def test_the_ink_fills_a_box_of_twenty_pixels_and_its_centre_of_mass_is_where_mnist_has_it(seed: int) -> None:
    seen = centred(blots(seed))
    inked = [np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0)]
    sizes = [int(np.ptp(places)) + 1 for places in inked]
    assert max(sizes) == 20
    at_the_edge = any(places[0] == 0 or places[-1] == 27 for places in inked)
    assert at_the_edge or np.abs(mass(seen) - 14).max() <= 0.5 + 0.02


def test_a_drawing_whose_pixels_are_whole_multiples_is_averaged_as_numpy_does_it() -> None:
    ink = np.zeros((448, 448), np.uint8)
    ink[100:300, 150:270] = np.random.default_rng(0).integers(1, 256, (200, 120))
    small = ink[100:300, 150:270].reshape(20, 10, 12, 10).mean(axis=(1, 3))
    seen = centred(ink)
    top, left = np.argwhere(seen).min(axis=0)
    assert (seen[top : top + 20, left : left + 12] == np.floor(small + 0.5)).all()
    assert seen.sum() == seen[top : top + 20, left : left + 12].sum()


def test_the_picture_as_drawn_is_the_mean_of_sixteen_by_sixteen() -> None:
    ink = blots(3)
    assert (raw(ink) == np.floor(ink.reshape(28, 16, 28, 16).mean(axis=(1, 3)) + 0.5)).all()


def test_empty_paper_stays_empty_and_a_line_along_the_edge_stays_inside() -> None:
    assert not centred(np.zeros((448, 448), np.uint8)).any()
    corner = np.zeros((448, 448), np.uint8)
    corner[:, :30] = corner[-30:, :] = 255
    assert np.abs(centred(corner).sum() - corner.sum(dtype=float) / 22.4**2) < 100  # no ink is lost


def test_a_digit_of_mnist_made_again_is_the_same() -> None:
    """Where MNIST's own box is 20 pixels there is nothing to scale: every pixel must come back to its place."""
    images = mnist.digits("test").images[:400]
    boxed = [image for image in images if max(np.ptp(np.argwhere(image), axis=0)) == 19]
    assert len(boxed) > 350
    assert all((centred(image) == image).all() for image in boxed)
