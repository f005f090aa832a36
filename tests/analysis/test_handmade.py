"""Features made by hand, on real digits and on pictures worked out by hand, beside scipy's filters."""

import numpy as np
import pytest
from scipy import ndimage

from mnist_viz.analysis import handmade
from mnist_viz.data import mnist

IMAGES = mnist.digits("test").images[:20]


def picture(*inked: tuple[int, int]) -> np.ndarray:
    """One picture (1, 28, 28) with full ink in these pixels."""
    image = np.zeros((1, 28, 28), np.uint8)
    for place in inked:
        image[(0, *place)] = 255
    return image


def test_ink_is_what_the_pixels_add_up_to() -> None:
    found = handmade.ink(IMAGES)
    for number, image in enumerate(IMAGES.astype(float)):
        assert found.full[number] == pytest.approx(image.sum() / 255, rel=1e-5)
        assert found.share[number] == pytest.approx(np.count_nonzero(image) / 784)


@pytest.mark.parametrize(
    ("inked", "across", "down"),
    [
        ([(3, 5), (3, 22)], 1, 0),  # each the other's mirror image left to right, none top to bottom
        ([(3, 5), (24, 5)], 0, 1),
        ([(3, 5)], 0, 0),
        ([(3, 5), (3, 22), (9, 9)], 2 / 3, 0),
        ([], 1, 1),
    ],
)
def test_symmetry_is_the_share_of_ink_that_a_mirror_image_covers(
    inked: list[tuple[int, int]], across: float, down: float
) -> None:
    found = handmade.symmetry(picture(*inked))
    assert (found.left_right[0], found.top_bottom[0]) == pytest.approx((across, down))


def test_symmetry_of_real_digits_is_its_formula_pixel_by_pixel() -> None:
    found = handmade.symmetry(IMAGES)
    for number, image in enumerate(IMAGES.astype(float)):
        apart = sum(abs(image[row, column] - image[row, 27 - column]) for row in range(28) for column in range(28))
        assert found.left_right[number] == pytest.approx(1 - apart / (2 * image.sum()), rel=1e-4)
        assert found.top_bottom[number] == pytest.approx(
            1 - np.abs(image - image[::-1]).sum() / (2 * image.sum()), 1e-4
        )


def test_projections_add_up_to_the_ink() -> None:
    found = handmade.projections(IMAGES)
    assert found.rows[3, 12] == pytest.approx(IMAGES[3, 12].sum() / 255, rel=1e-5)
    assert found.columns[3, 12] == pytest.approx(IMAGES[3, :, 12].sum() / 255, rel=1e-5)
    for sides in found:
        np.testing.assert_allclose(sides.sum(axis=1), handmade.ink(IMAGES).full, rtol=1e-5)


def test_sobel_and_laplacian_are_those_of_scipy() -> None:
    sobel, laplacian = handmade.sobel(IMAGES), handmade.laplacian(IMAGES)
    around = np.ones((3, 3)) / 8
    around[1, 1] = -1
    for number, image in enumerate(IMAGES / 255):
        steep = np.hypot(*(ndimage.sobel(image, axis, mode="nearest") / 8 for axis in (0, 1)))
        np.testing.assert_allclose(sobel[number], steep, atol=2e-5)
        np.testing.assert_allclose(laplacian[number], ndimage.correlate(image, around, mode="mirror"), atol=1e-5)


def test_canny_draws_one_thin_line_where_paper_becomes_ink() -> None:
    half = np.zeros((1, 28, 28), np.uint8)
    half[:, :, 14:] = 255
    lines = handmade.canny(half)[0]
    assert set(np.unique(lines)) == {0, 1}
    columns = np.flatnonzero(lines[5:23].all(axis=0))
    assert len(columns) in {1, 2} and set(columns) <= {13, 14}, "between the two, a tie may draw both"
    assert not lines[5:23, :12].any() and not lines[5:23, 16:].any()


def test_canny_begins_where_sobel_says_that_it_is_steep_enough() -> None:
    for grey in (9, 12, 15, 18, 21, 24, 30):
        half = np.zeros((1, 28, 28), np.uint8)
        half[:, :, 14:] = grey
        smooth = ndimage.gaussian_filter(half[0] / 255, 1, truncate=2)
        steepest = np.hypot(*(ndimage.sobel(smooth, axis, mode="nearest") / 8 for axis in (0, 1))).max()
        assert abs(steepest / handmade.STEEP - 1) > 0.02, "no case is close"
        assert handmade.canny(half).any() == (steepest > handmade.STEEP), grey
    assert 2 * handmade.LESS_STEEP == handmade.STEEP


def test_a_digit_alone_is_described_as_it_is_among_others() -> None:
    for name, table in handmade.TABLES.items():
        together = table(IMAGES)
        width = {"pixels": 784, "numbers": 60, "edges": 784}[name]
        assert together.shape == (20, width) and together.dtype == np.float32
        np.testing.assert_allclose(table(IMAGES[7:8])[0], together[7], atol=1e-6)
