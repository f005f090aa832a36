"""Signed maps and the outline of the digit."""

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data.mnist import Digits
from mnist_viz.figures.attribution import attribution, beside, grid, outline


def lines(image: NDArray[np.uint8]) -> list[set[tuple[float, float]]]:
    """The corners of each closed line of the outline."""
    found: list[set[tuple[float, float]]] = []
    run: list[tuple[float, float]] = []
    for x, y in zip(*outline(image), strict=True):
        if not np.isnan(x):
            run.append((x, y))
        elif run:
            assert run[0] == run[-1]
            found.append(set(run))
            run = []
    return found


def test_the_outline_of_one_pixel_is_its_four_corners() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[3, 5] = 200
    assert lines(image) == [{(4.5, 2.5), (5.5, 2.5), (5.5, 3.5), (4.5, 3.5)}]


def test_a_ring_has_an_outer_and_an_inner_outline() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[5:8, 5:8] = 255
    image[6, 6] = 0
    assert sorted(len(line) for line in lines(image)) == [4, 12]


def test_pixels_that_touch_at_a_corner_are_outlined_whole() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[0, 0] = image[1, 1] = 255
    assert set().union(*lines(image)) == {
        (-0.5, -0.5),
        (0.5, -0.5),
        (0.5, 0.5),
        (-0.5, 0.5),
        (1.5, 0.5),
        (1.5, 1.5),
        (0.5, 1.5),
    }


def test_the_outline_runs_between_all_pixels_above_and_below_half_grey(test_part: Digits) -> None:
    for image in test_part.images[:20]:
        x, y = outline(image)
        steps = np.hypot(np.diff(x), np.diff(y))
        inked = np.pad(image > 127.5, 1).astype(int)
        borders = np.abs(np.diff(inked, axis=0)).sum() + np.abs(np.diff(inked, axis=1)).sum()
        assert np.nansum(steps) == borders
        assert np.nanmax(steps) == 1


def test_an_empty_image_has_no_outline() -> None:
    assert lines(np.zeros((28, 28), np.uint8)) == []


def test_each_method_is_scaled_by_its_strongest_pixel_over_all_classes(test_part: Digits) -> None:
    maps = np.zeros((2, 2, 28, 28))
    maps[0, 0, 4, 4], maps[1, 0, 5, 5] = 2.0, -4.0
    maps[0, 1, 6, 6], maps[1, 1, 7, 7] = 0.1, 0.05
    figure = attribution(maps, test_part.images[0], classes=["4", "9"], methods=["Saliency", "Grad-CAM"])
    picture = figure.data[0]
    shown = {
        tuple(picture.customdata[at].astype(int)): picture.z[at] for at in zip(*np.nonzero(picture.z), strict=True)
    }
    strong = {pixel: value for pixel, value in shown.items() if not np.isnan(value)}
    assert strong == {(4, 4, 0): 0.5, (6, 6, 1): 1.0, (5, 5, 2): -1.0, (7, 7, 3): 0.5}
    assert (picture.zmin, picture.zmax) == (-1, 1)
    assert picture.colorscale[1] == (0.5, "var(--st-background-color)")


def test_every_pane_says_which_method_and_which_class(test_part: Digits) -> None:
    figure = attribution(np.zeros((2, 2, 28, 28)), test_part.images[0], classes=["4", "9"], methods=["A", "B"])
    titles = [note.text for note in figure.layout.annotations]
    assert titles[3:] == ["A for 4", "B for 4", "A for 9", "B for 9"]
    assert "against" in titles[0]
    assert "for" in titles[2]
    assert len(figure.data) == 3  # the maps, the scale, and all outlines as one line


def test_two_classes_side_by_side_share_the_scale_of_their_method(test_part: Digits) -> None:
    maps = np.zeros((2, 28, 28))
    maps[0, 4, 4], maps[1, 5, 5] = 2.0, -4.0
    figure = beside(maps, test_part.images[0], classes=["4", "9"], title="Saliency")
    picture = figure.data[0]
    assert picture.z.shape[0] == 28
    assert picture.z[4, 4] == 0.5 and picture.z[5, 28 + 3 + 5] == -1
    assert [note.text for note in figure.layout.annotations][3:] == ["for 4", "for 9"]


def test_a_grid_says_the_method_once_above_and_the_class_at_the_left(test_part: Digits) -> None:
    maps = np.zeros((3, 2, 28, 28))
    maps[0, 0, 4, 4], maps[2, 0, 5, 5], maps[1, 1, 6, 6] = 2.0, -4.0, 0.1
    names = ["Saliency", "Integrated gradients"]
    figure = grid(maps, test_part.images[0], classes=["4", "9", "1"], methods=names)
    said = [note.text for note in figure.layout.annotations if note.text]
    assert said[3:] == ["Saliency", "Integrated<br>gradients", "for <b>4</b>", "for <b>9</b>", "for <b>1</b>"]
    picture = figure.data[0]
    assert (np.nanmin(picture.z), np.nanmax(picture.z)) == (-1, 1)
    assert picture.z[4, 4] == 0.5
