"""Shares of labels and of grey values."""

import numpy as np

from mnist_viz.figures import distributions, style


def test_labels_are_shares_of_their_part_with_counts_in_the_hover() -> None:
    figure = distributions.labels({"train": np.array([30, 70]), "val": np.array([1, 3])})
    assert [list(bars.y) for bars in figure.data] == [[30, 70], [25, 75]]
    assert [list(bars.customdata) for bars in figure.data] == [[30, 70], [1, 3]]
    assert figure.layout.yaxis.range[0] == 0


def test_parts_are_told_apart_without_colour() -> None:
    counts = np.ones(10, dtype=int)
    figure = distributions.labels({"train": counts, "val": counts, "test": counts})
    assert [bars.marker.color for bars in figure.data] == [style.TRAINING, style.VALIDATION, style.TEST]
    assert len({bars.marker.pattern.shape for bars in figure.data}) == 3


def test_a_part_without_digits_has_no_shares() -> None:
    assert list(distributions.labels({"train": np.zeros(10, dtype=int)}).data[0].y) == [0] * 10


def test_the_share_of_paper_is_written_and_every_grey_value_has_a_bar() -> None:
    histogram = np.zeros(256, dtype=int)
    histogram[0], histogram[255] = 750, 250
    figure = distributions.grey_values(histogram)
    assert figure.layout.annotations[0].text == "75.0 % of all pixels<br>are 0: paper"
    assert len(figure.data[0].y) == 256
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis.range == (0, 3.1)
