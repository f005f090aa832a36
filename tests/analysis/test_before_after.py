"""What a step did to a digit, and scaled digits, against cases by hand, numpy, scipy and the networks' own scaling."""

from typing import Any

import numpy as np
import pytest
import torch
from scipy import ndimage
from sklearn.metrics import root_mean_squared_error

from mnist_viz.analysis import before_after, scaling
from mnist_viz.data import mnist
from models import build


def test_a_stroke_that_rises_to_the_right_leans_there_by_its_angle() -> None:
    rising, upright = np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.uint8)
    rising[range(4, 24), range(23, 3, -1)] = 255
    upright[4:24, 14] = 200
    assert before_after.slant(rising) == pytest.approx(45)
    assert before_after.slant(rising[:, ::-1]) == pytest.approx(-45)
    assert before_after.slant(upright) == 0
    assert before_after.slant(np.zeros((28, 28), np.uint8)) == 0


def test_slant_and_centre_are_those_of_numpy_and_scipy() -> None:
    rows, columns = np.mgrid[:28, :28]
    for image in mnist.digits("test").images[:20]:
        covariance = np.cov(rows.ravel(), columns.ravel(), aweights=image.ravel())
        assert before_after.slant(image) == pytest.approx(-np.degrees(np.arctan(covariance[0, 1] / covariance[0, 0])))
        assert before_after.centre(image) == pytest.approx(ndimage.center_of_mass(image))
    assert before_after.centre(np.zeros((28, 28), np.uint8)) == (13.5, 13.5)


def test_the_error_does_not_wrap_around_and_grey_is_neither_paper_nor_ink() -> None:
    one, other = mnist.digits("test").images[:2]
    assert before_after.error(one, other) == pytest.approx(
        root_mean_squared_error(one.ravel().astype(float), other.ravel().astype(float))
    )
    counts = np.zeros(256, int)
    counts[[0, 1, 254, 255]] = 50, 20, 10, 20
    assert before_after.grey_share(counts) == pytest.approx(0.3)


def test_digits_are_scaled_as_networks_do_it() -> None:
    images = mnist.digits("test").images[:50]
    pixels = torch.tensor(images)[:, None] / 255
    for word in scaling.SCALINGS:
        model: Any = build("mlp")
        model.rescale(word)
        if word == "mean_image":
            model.mean.copy_(torch.tensor(mnist.digits("train").images.mean(axis=0) / 255))
        ours = scaling.scale(images, word)
        np.testing.assert_allclose(ours, model.scale(pixels)[:, 0].numpy(), atol=1e-6)
    with pytest.raises(ValueError, match="choose one of them"):
        scaling.scale(images, "none")


@pytest.mark.parametrize("word", scaling.SCALINGS)
def test_a_formula_is_filled_with_what_comes_out(word: str) -> None:
    image, mean = mnist.digits("test").images[7], scaling.mean_image()
    row, column = np.unravel_index(image.argmax(), image.shape)
    value = scaling.scale(image[np.newaxis], word)[0, row, column]
    assert scaling.formula(word, int(image.max()), float(mean[row, column])).endswith(f"= {value:.3f}")
