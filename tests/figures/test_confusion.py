"""The matrix of labels and readings."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import confusion, style


def written(figure: go.Figure) -> list[list[list[str]]]:
    """For each cell the texts that stand in it, of all layers."""
    return [[[text for trace in figure.data if (text := trace.text[i][j])] for j in range(10)] for i in range(10)]


def test_each_number_is_written_once_and_an_empty_cell_is_empty(counts: NDArray[np.int64]) -> None:
    expected = [[[str(count)] if count else [] for count in row] for row in counts]
    assert written(confusion.confusion(counts)) == expected


def test_each_cell_belongs_to_one_layer_and_is_at_its_classes(counts: NDArray[np.int64]) -> None:
    figure = confusion.confusion(counts)
    drawn = np.stack([~np.isnan(trace.z) for trace in figure.data])
    assert (drawn.sum(axis=0) == 1).all()
    assert all((trace.x0, trace.y0) == (0, 0) for trace in figure.data)
    assert figure.layout.yaxis.range == (9.5, -0.5)
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("read as", "labelled")


def test_the_diagonal_is_plain_and_mistakes_share_one_scale(counts: NDArray[np.int64]) -> None:
    right, *mistakes = confusion.confusion(counts).data
    assert {colour for _, colour in right.colorscale} == {style.PANEL}
    assert np.array_equal(~np.isnan(right.z), np.eye(10, dtype=bool))
    assert {trace.zmax for trace in mistakes} == {5}
    assert all(trace.colorscale[1][1] == style.VIOLET for trace in mistakes)


def test_shares_are_percent_of_the_row(counts: NDArray[np.int64]) -> None:
    texts = written(confusion.confusion(counts, by_row=True))
    assert texts[5][3] == ["4.8"]
    assert texts[5][5] == ["95.2"]
    assert texts[9][4] == ["1.0"]


def test_a_share_too_small_to_round_is_not_called_zero() -> None:
    counts = np.diag(np.full(10, 5000))
    counts[0, 1] = 1
    assert written(confusion.confusion(counts, by_row=True))[0][1] == ["<0.1"]


def test_the_chosen_cell_is_outlined_and_no_other(counts: NDArray[np.int64]) -> None:
    assert not confusion.confusion(counts).layout.shapes
    (outline,) = confusion.confusion(counts, chosen=(5, 3)).layout.shapes
    assert (outline.x0, outline.x1, outline.y0, outline.y1) == (2.5, 3.5, 4.5, 5.5)


def test_a_network_without_mistakes_and_one_without_digits_can_be_drawn() -> None:
    perfect = confusion.confusion(np.diag(np.full(10, 7)))
    assert "all 70 digits are read as labelled" in perfect.layout.meta["alt"]
    assert written(confusion.confusion(np.zeros((10, 10), dtype=int), by_row=True)) == [[[]] * 10] * 10
