"""What is done to digits, against SciPy's image functions and against cases by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from mnist_viz.analysis.distortions import RANGES, Distortion, distort, thicken
from mnist_viz.data import mnist

IMAGES = mnist.digits("test").images[:30]


def test_nothing_changed_is_nothing_changed() -> None:
    assert (distort(IMAGES, Distortion()) == IMAGES).all()


def test_whole_pixels_are_moved_exactly() -> None:
    expected = np.zeros_like(IMAGES)
    expected[:, 3:, :-5] = IMAGES[:, :-3, 5:]
    assert (distort(IMAGES, Distortion(down=3, right=-5)) == expected).all()


def test_a_quarter_turn_is_that_of_numpy() -> None:
    assert (distort(IMAGES, Distortion(turn=90)) == np.rot90(IMAGES, -1, axes=(1, 2))).all()
    assert (distort(IMAGES, Distortion(turn=-90)) == np.rot90(IMAGES, 1, axes=(1, 2))).all()


@pytest.mark.parametrize(
    "amount",
    [
        Distortion(turn=30),
        Distortion(size=0.7),
        Distortion(size=1.35, turn=-18),
        Distortion(right=2.5, down=-1.5),
        Distortion(right=4.5, turn=62, size=0.85),
    ],
)
def test_scaling_turning_and_moving_is_scipys_affine_transform(amount: Distortion) -> None:
    angle, middle = np.deg2rad(amount.turn), np.array([13.5, 13.5])
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) / amount.size
    moved = np.array([amount.down, amount.right])
    offset = middle - matrix @ (middle + moved)
    padded = np.pad(IMAGES.astype(float), ((0, 0), (2, 2), (2, 2)))  # SciPy cuts off what lies half outside
    shift = offset + 2 - matrix @ (2, 2)
    expected = np.stack([ndimage.affine_transform(one, matrix, shift, order=1) for one in padded])[:, 2:-2, 2:-2]
    assert np.abs(distort(IMAGES, amount) - expected).max() <= 0.51


def test_thickening_by_a_pixel_lies_between_a_cross_and_a_square() -> None:
    grey = IMAGES.astype(np.float32)
    cross, square = ndimage.generate_binary_structure(2, 1)[np.newaxis], np.ones((1, 3, 3), bool)
    thick, thin = thicken(grey, 1), thicken(grey, -1)
    assert (thick >= ndimage.grey_dilation(grey, footprint=cross) - 0.01).all()
    assert (thick <= ndimage.grey_dilation(grey, footprint=square) + 0.01).all()
    assert (thin <= ndimage.grey_erosion(grey, footprint=cross, mode="constant") + 0.01).all()
    assert (thin >= ndimage.grey_erosion(grey, footprint=square, mode="constant") - 0.01).all()


def test_ink_grows_with_the_radius_and_a_thin_line_gets_as_wide_as_it_should() -> None:
    ink = [distort(IMAGES, Distortion(thick=radius)).sum(dtype=float) for radius in RANGES["thick"].values]
    assert (np.diff(ink) > 0).all()
    line = np.zeros((1, 28, 28), np.uint8)
    line[0, :, 13:15] = 255
    assert (distort(line, Distortion(thick=2))[0, 14] > 0).nonzero()[0].tolist() == list(range(11, 17))


def test_light_and_contrast_are_what_they_are_by_hand() -> None:
    def one(grey: int, **amount: float) -> int:
        return int(distort(np.full((1, 28, 28), grey, np.uint8), Distortion(**amount))[0, 0, 0])

    assert [one(grey, light=60) for grey in (0, 100, 250)] == [60, 160, 255]
    assert [one(grey, light=-60) for grey in (0, 100, 250)] == [0, 40, 190]
    assert [one(grey, contrast=0.5) for grey in (0, 100, 255)] == [64, 114, 191]
    assert one(17, contrast=0) == 128


def test_noise_has_the_deviation_it_says_and_the_same_pattern_at_every_strength() -> None:
    flat: NDArray[np.uint8] = np.full((20, 28, 28), 128, np.uint8)
    weak, strong = (distort(flat, Distortion(noise=noise)).astype(float) - 128 for noise in (10, 30))
    assert weak.std() == pytest.approx(10, rel=0.03)
    assert np.corrcoef(weak.ravel(), strong.ravel())[0, 1] > 0.99
    assert (distort(flat, Distortion(noise=30)) == distort(flat, Distortion(noise=30))).all()


@pytest.mark.parametrize("kind", RANGES)
def test_a_slider_stops_where_it_changes_nothing_and_at_both_ends(kind: str) -> None:
    values = RANGES[kind].values
    assert RANGES[kind].neutral in values
    assert (values[0], values[-1]) == (RANGES[kind].low, RANGES[kind].high)


def test_the_share_of_a_change_is_of_the_farthest_there_is() -> None:
    assert [RANGES["turn"].share(value) for value in (-90, 0, 45)] == [1, 0, 0.5]
    assert [RANGES["thick"].share(value) for value in (-1.5, 2)] == [0.75, 1]
    assert RANGES["contrast"].share(1.5) == 0.5 == RANGES["noise"].share(75)


def test_what_is_outside_a_range_is_refused_in_three_parts() -> None:
    with pytest.raises(ValueError, match=r"turn=120 is outside -90\.\.90: try 0"):
        Distortion(turn=120)
    with pytest.raises(ValueError, match="noise"):
        Distortion(noise=float("nan"))
