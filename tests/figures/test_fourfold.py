"""The fourfold table: each count in its cell, said in words too, the chosen cells outlined."""

from mnist_viz.figures.comparison import LOOKS
from mnist_viz.figures.fourfold import CELLS, fourfold

COUNTS = {"both": 9692, "first": 230, "second": 26, "neither": 52}


def test_each_count_is_in_its_cell() -> None:
    figure = fourfold(COUNTS, (LOOKS[0], LOOKS[2]), chosen="one", title="T")
    for row, names in enumerate(CELLS):
        for column, name in enumerate(names):
            assert figure.data[0].customdata[row][column] == COUNTS[name]
            assert f"<b>{COUNTS[name]:,}</b>" in {
                note.text for note in figure.layout.annotations if (note.x, note.y) == (column, row)
            }
    assert figure.layout.xaxis.ticktext == ("C right", "C wrong")
    assert figure.layout.yaxis.ticktext == ("A right", "A wrong")
    assert figure.layout.meta["alt"] == "both right: 9,692; only A right: 230; only C right: 26; both wrong: 52."


def test_the_chosen_cells_are_outlined() -> None:
    for chosen, places in {"one": [(1, 0), (0, 1)], "neither": [(1, 1)], "second": [(0, 1)]}.items():
        shapes = fourfold(COUNTS, (LOOKS[0], LOOKS[1]), chosen=chosen, title="T").layout.shapes
        assert [((one.x0 + one.x1) / 2, (one.y0 + one.y1) / 2) for one in shapes] == places
