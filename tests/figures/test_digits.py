"""Digits pixel by pixel, and the pictures made from them."""

import numpy as np
import plotly.graph_objects as go

from mnist_viz.data.mnist import Digits
from mnist_viz.figures import digits, mosaic


def test_a_digit_is_drawn_to_the_pixel_from_the_top(test_part: Digits) -> None:
    figure = digits.digit(test_part.images[0], "a seven")
    assert np.array_equal(figure.data[0].z, test_part.images[0])
    assert figure.layout.yaxis.range == (27.5, -0.5)
    assert (figure.layout.yaxis.scaleanchor, figure.layout.yaxis.scaleratio) == ("x", 1)
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 255)


def test_every_grey_value_is_written_once_light_on_dark_or_dark_on_light(test_part: Digits) -> None:
    image = test_part.images[0]
    strong, weak = digits.digit(image, "a seven", values=True).data
    assert strong.textfont.color == "var(--st-background-color)"
    assert weak.textfont.color == "var(--st-text-color)"
    assert np.array_equal(np.isnan(strong.z), ~np.isnan(weak.z))
    assert np.array_equal(np.where(np.isnan(strong.z), weak.z, strong.z), image)
    assert np.nanmin(strong.z) > np.nanmax(weak.z)


def test_panels_share_one_scale_and_keep_their_pixels(test_part: Digits) -> None:
    images = test_part.images[:3].astype(float) / 2
    figure = digits.panels(images, ["one", "two", "three"], title="Three", unit="grey value", columns=2)
    picture = figure.data[0]
    assert (picture.zmin, picture.zmax) == (0, images.max())
    for number, image in enumerate(images):
        shown = picture.z[picture.customdata[..., 2] == number]
        assert np.array_equal(shown[~np.isnan(shown)][-784:], image.ravel())
    assert [note.text for note in figure.layout.annotations[3:]] == ["one", "two", "three"]
    assert [note.text for note in figure.layout.annotations[:3]] == ["0", "grey value", f"{images.max():.0f}"]


def test_pictures_that_are_all_zero_can_be_drawn() -> None:
    figure = digits.panels(np.zeros((2, 28, 28)), ["a", "b"], title="Nothing", unit="grey value")
    assert figure.data[0].zmax == 1


def test_a_tile_has_room_for_its_title_in_a_narrow_window() -> None:
    laid = mosaic.lay_out(np.zeros((6, 28, 28)), ["Integrated gradients for 9"] * 6, columns=3)
    pixel = (360 - 16) / laid.wide
    lines = laid.titles[0].split("<br>")
    assert max(map(len, lines)) * 6.9 <= 28 * pixel
    between = laid.corners[3][0] - laid.corners[0][0] - 28
    assert between * pixel >= 18 * len(lines)
    assert laid.above >= 18 * len(lines)


def test_squares_say_how_low_they_can_be_in_a_narrow_window() -> None:
    figure: go.Figure = digits.digit(np.zeros((28, 28), np.uint8), "empty")
    fit, margin = figure.layout.meta["fit"], figure.layout.margin
    width = 360
    assert fit["share"] * width + fit["plus"] == width - margin.l - margin.r + margin.t + margin.b


def test_the_pixels_that_are_never_used_are_counted(test_part: Digits) -> None:
    unused = (test_part.images == 0).all(axis=0)
    figure = digits.never_used(unused)
    assert figure.layout.meta["title"] == "116 of 784 pixels are never inked"
    assert np.array_equal(figure.data[0].z, unused)
