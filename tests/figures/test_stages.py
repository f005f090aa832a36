"""Digits before and after, as figures: every pixel is where it belongs, and every count is in its bar."""

import numpy as np

from mnist_viz.data import mnist
from mnist_viz.figures import stages

IMAGES = mnist.digits("test").images[:4]


def test_stages_stand_beside_each_other_with_their_words_below_and_arrows_between() -> None:
    shown = [stages.Stage(image, (f"{place}",)) for place, image in enumerate(IMAGES[:3])]
    figure = stages.stages(shown, "On its way")
    for trace, image in zip(figure.data, IMAGES, strict=False):
        np.testing.assert_array_equal(trace.z, image)
    assert [trace.x0 for trace in figure.data] == [0, 36, 72]
    assert [note.text for note in figure.layout.annotations] == ["0", "1", "→", "2", "→"]
    assert figure.layout.xaxis.range == (-0.5, 99.5)
    assert figure.layout.meta["alt"] == "On its way: 0, 1, 2."


def test_numbers_below_0_are_drawn_around_0_and_grey_values_from_it() -> None:
    signed = stages.Look(2.5, signed=True)
    figure = stages.rows([IMAGES, IMAGES / 255 - 0.5], "Two rows", looks=[stages.GREY, signed])
    assert [(trace.zmin, trace.zmax) for trace in figure.data] == [(0, 255)] * 4 + [(-2.5, 2.5)] * 4
    assert {(trace.x0, trace.y0) for trace in figure.data} == {(x, y) for x in (0, 30, 60, 90) for y in (0, 31)}
    np.testing.assert_allclose(figure.data[5].z, IMAGES[1] / 255 - 0.5, atol=1e-7)


def test_a_histogram_holds_both_counts_and_an_empty_bin_lies_below_the_axis() -> None:
    before, after = np.array([1000, 5, 0]), np.array([0, 5, 1000])
    figure = stages.histogram(np.array([0.0, 1, 2, 3]), before, after, "Counts", axis="value")
    bars, line = figure.data
    np.testing.assert_array_equal(bars.y, before)
    np.testing.assert_array_equal(line.y, [0.5, 0.5, 5, 5, 1000, 1000])
    np.testing.assert_array_equal(line.x, [0, 1, 1, 2, 2, 3])
    np.testing.assert_array_equal(line.customdata[:, 2], [0, 0, 5, 5, 1000, 1000])
    assert figure.layout.yaxis.range == (0, 3.1)
    np.testing.assert_array_equal(bars.customdata[:, 2], before)


def test_the_error_of_the_chosen_filter_stands_out() -> None:
    figure = stages.errors({"none": 50.0, "median": 31.46}, "Error", chosen="median")
    assert figure.data[0].text == ("50.0", "<b>31.5</b>")
    assert len(set(figure.data[0].marker.color)) == 2
