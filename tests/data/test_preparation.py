"""Preparation: each step against scipy, numpy or kornia, a digit alone as in a batch, and words that are refused."""

from typing import Any

import kornia
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import ndimage

from mnist_viz.data import mnist
from mnist_viz.data.preparation import MOST, STEPS, Chosen, UnknownStep, names, parse, prepare, said, write

Images = NDArray[np.uint8]
ALL = [write([(name, step.usual)]) for name, step in STEPS.items()]
ENDS = [write([(name, end)]) for name, step in STEPS.items() for end in step.settings[:: len(step.settings) - 1 or 1]]


@pytest.fixture(scope="module")
def some() -> Images:
    return mnist.digits("test").images[:200]


def middles(images: Images) -> tuple[NDArray[Any], NDArray[Any]]:
    found = np.array([ndimage.center_of_mass(image) for image in images])
    return found[:, 0], found[:, 1]


def slants(images: Images) -> NDArray[Any]:
    """Covariance of column and row over the variance of the row, digit by digit in plain numpy."""
    result = []
    for image in images.astype(float):
        row, column = ndimage.center_of_mass(image)
        i, j = np.mgrid[:28, :28]
        result.append((image * (i - row) * (j - column)).sum() / (image * (i - row) ** 2).sum())
    return np.array(result)


@pytest.mark.parametrize("word", [*ALL, *ENDS, "deskew-centre-noise20-median3-gaussian7-binarise50"])
def test_a_digit_alone_is_prepared_as_in_a_batch(word: str) -> None:
    images = mnist.digits("test").images[:1100]
    batch = prepare(images, word)
    assert batch.dtype == np.uint8 and batch.shape == images.shape
    for index in [*range(40), 511, 512, 1099]:
        assert np.array_equal(prepare(images[index : index + 1], word)[0], batch[index])
    assert np.array_equal(prepare(images[700:733], word), batch[700:733])


def test_no_step_leaves_the_digits_as_they_are(some: Images) -> None:
    assert prepare(some, "") is some


def test_a_list_is_its_steps_one_after_the_other(some: Images) -> None:
    assert np.array_equal(prepare(some, "deskew-binarise50"), prepare(prepare(some, "deskew"), "binarise50"))
    assert not np.array_equal(prepare(some, "deskew-binarise50"), prepare(prepare(some, "binarise50"), "deskew"))


def test_deskewing_is_the_shear_of_scipy(some: Images) -> None:
    for image, prepared, slant in zip(some, prepare(some, "deskew"), slants(some), strict=True):
        row, _column = ndimage.center_of_mass(image)
        shear = np.array([[1.0, 0], [slant, 1]])
        bare = ndimage.affine_transform(image.astype(float), shear, offset=(0, -slant * row), order=1, mode="constant")
        assert np.abs(prepared - bare).max() < 0.51


def test_deskewing_undoes_a_shear(some: Images) -> None:
    upright = prepare(some, "deskew")
    assert np.abs(slants(some)).mean() > 0.15 and np.abs(slants(upright)).max() < 0.02
    row, column = middles(some)
    assert np.allclose(middles(upright), (row, column), atol=0.02)
    slanted = np.stack(
        [
            ndimage.affine_transform(one, np.array([[1.0, 0], [0.3, 1]]), offset=(0, -0.3 * 14), order=1)
            for one in upright
        ]
    )
    assert slants(slanted) == pytest.approx(-0.3, abs=0.05)
    assert np.abs(slants(prepare(slanted, "deskew"))).max() < 0.03


def test_a_flat_stroke_is_slanted_by_half_a_right_angle_at_most() -> None:
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 13, 4:14], image[0, 14, 14:24] = 255, 255
    moved = prepare(image, "deskew")
    assert [float(middle[0]) for middle in middles(moved)] == [13.5, 13.5]
    # Rows half a pixel above and below the middle: half a pixel sideways each, the ink shared by two neighbours.
    stroke = [128, *[255] * 9, 128]
    assert moved[0, 13, 4:15].tolist() == moved[0, 14, 13:24].tolist() == stroke


def test_centring_brings_the_centre_of_mass_to_14_by_fractions_of_a_pixel(some: Images) -> None:
    aside = np.roll(some, (1, -2), axis=(1, 2))
    whole = ~(some[:, 27].any(axis=1) | some[:, :, :2].any(axis=(1, 2)))
    for images in (some, aside[whole]):
        row, column = middles(prepare(images, "centre"))
        assert row == pytest.approx(14, abs=0.02) and column == pytest.approx(14, abs=0.02)
    image = some[0].astype(float)
    moved = ndimage.shift(image, [14 - centre for centre in ndimage.center_of_mass(image)], order=1)
    assert np.abs(prepare(some[:1], "centre")[0] - moved).max() < 1.01  # rounded after each direction


def test_centring_moves_whole_pixels_exactly_and_no_ink_over_the_edge() -> None:
    image = np.zeros((2, 28, 28), np.uint8)
    image[0, 3:6, 20:25] = 200
    image[1, 0, 0], image[1, 27, 5:10] = 10, 255  # its middle is low, but the dot above is at the edge already
    prepared = prepare(image, "centre")
    assert np.argwhere(prepared[0] == 200).tolist() == [[i, j] for i in (13, 14, 15) for j in range(12, 17)]
    assert prepared[0].sum() == image[0].sum() and prepared[1].sum() == pytest.approx(int(image[1].sum()), abs=3)


@pytest.mark.parametrize("word", [word for word in ALL if not word.startswith("noise")])
def test_paper_without_ink_stays_paper(word: str) -> None:
    assert not prepare(np.zeros((3, 28, 28), np.uint8), word).any()


@pytest.mark.parametrize("window", [3, 5])
def test_the_median_is_that_of_scipy(some: Images, window: int) -> None:
    bare = np.stack([ndimage.median_filter(image, size=window, mode="constant", cval=0) for image in some])
    assert np.array_equal(prepare(some, f"median{window}"), bare)


@pytest.mark.parametrize("tenths", [5, 12, 30])
def test_the_gaussian_is_that_of_scipy(some: Images, tenths: int) -> None:
    sigma, radius = tenths / 10, int(np.ceil(3 * tenths / 10))
    bare = ndimage.gaussian_filter(some.astype(float), (0, sigma, sigma), mode="constant", radius=(0, radius, radius))
    assert np.array_equal(prepare(some, f"gaussian{tenths}"), np.floor(bare + 0.5 + 1e-6))


@pytest.mark.parametrize("percent", [5, 20, 50])
def test_the_bilateral_filter_is_the_one_that_its_formula_says(some: Images, percent: int) -> None:
    images = some[:50].astype(float)
    paper = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    weighted, weights = np.zeros_like(images), np.zeros_like(images)
    for k in range(-2, 3):
        for m in range(-2, 3):
            near = paper[:, 2 + k : 30 + k, 2 + m : 30 + m]
            weight = np.exp(-(k * k + m * m) / (2 * 1.5**2) - (near - images) ** 2 / (2 * (2.55 * percent) ** 2))
            weighted, weights = weighted + weight * near, weights + weight
    assert np.abs(prepare(some[:50], f"bilateral{percent}") - weighted / weights).max() <= 0.5001
    bare = kornia.filters.bilateral_blur(torch.from_numpy(images[:, None]), 5, 2.55 * percent, (1.5, 1.5), "constant")[
        :, 0
    ]
    assert np.abs(prepare(some[:50], f"bilateral{percent}") - bare.numpy()).max() <= 0.5001


def test_noise_is_normal_has_its_deviation_and_follows_from_the_digit() -> None:
    grey = np.full((500, 28, 28), 128, np.uint8)
    grey[np.arange(500), 0, 0] = np.arange(500) % 250
    grey[:, 0, 1] = np.arange(500) // 250
    noise = (prepare(grey, "noise10").astype(float) - 128)[:, 1:]
    assert noise.std() == pytest.approx(25.5, rel=0.01) and abs(noise.mean()) < 0.2
    assert (np.abs(noise) > 2 * 25.5).mean() == pytest.approx(0.0455, abs=0.003)
    assert len({one.tobytes() for one in noise}) == 500, "each digit has noise of its own"
    correlations = np.corrcoef(noise[:100].reshape(100, -1)) - np.eye(100)
    assert np.abs(correlations).max() < 0.2
    one = mnist.digits("test").images[:1]
    assert np.array_equal(prepare(one, "noise30"), prepare(one.copy(), "noise30"))


def test_the_noise_is_the_same_for_ever() -> None:
    prepared = prepare(mnist.digits("test").images[:1], "noise20")
    assert prepared[0, 14, 10:18].tolist() == [8, 55, 51, 16, 30, 45, 34, 253]


@pytest.mark.parametrize("percent", [10, 50, 90])
def test_binarising_leaves_ink_or_paper(some: Images, percent: int) -> None:
    assert np.array_equal(prepare(some, f"binarise{percent}"), np.where(some / 2.55 >= percent, 255, 0))


@pytest.mark.parametrize("word", [*ALL, *ENDS])
def test_the_code_that_is_shown_runs_and_does_it(some: Images, word: str) -> None:
    ((name, setting),) = parse(word)
    space: dict[str, Any] = {"images": torch.from_numpy(some.copy())}
    exec(STEPS[name].code(setting), space)
    assert np.array_equal(space["prepared"].numpy(), prepare(some, word))
    assert "y_{i,j}" in STEPS[name].formula(setting) and said(name, setting).startswith(names()[name])


@pytest.mark.parametrize("word", ["", *ALL, *ENDS, "deskew-median3-binarise50", "noise20-noise20"])
def test_a_word_is_read_and_written_back(word: str) -> None:
    assert write(parse(word)) == word


def test_words_are_read_in_their_order() -> None:
    assert parse("deskew-median3") == (Chosen("deskew", None), Chosen("median", 3))
    assert write(parse("median003")) == "median3"


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("sharpen", "'sharpen' is no step of preparation: write deskew or centre or median3"),
        ("deskew-", "'' is no step of preparation"),
        ("Deskew", "'Deskew' is no step"),
        ("deskew3", "deskew3 has a number, but deskew takes none: write deskew."),
        ("median", "median is not median with a number in 3..5, an odd one: try median3."),
        ("median4", "median4 is not median with a number in 3..5, an odd one: try median3."),
        ("binarise95", "binarise95 is not binarise with a number in 10..90: try binarise50."),
        ("noise1e1", "'noise1e1' is no step"),
        ("-".join(["deskew"] * (MOST + 1)), "6 steps at most"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(word: str, says: str) -> None:
    with pytest.raises(UnknownStep) as refused:
        parse(word)
    assert says in str(refused.value) and str(refused.value).endswith(".")


def test_other_images_are_refused() -> None:
    with pytest.raises(ValueError, match="not uint8 of shape"):
        prepare(np.zeros((28, 28), np.uint8), "deskew")
