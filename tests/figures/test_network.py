"""The pictures of what happens inside: each pixel in its map and in its place."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_viz.figures import channels, network, png
from mnist_viz.figures.network import Block

CIVIDIS_ENDS = [(0x00, 0x22, 0x4E), (0xFE, 0xE8, 0x38)]


def ascending(*shape: int) -> NDArray[np.float32]:
    """Maps in which no two pixels are alike."""
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


@pytest.mark.parametrize("shape", [(16, 14, 14), (64, 7, 7), (5, 3, 4), (1, 28, 28), (32, 11, 11)])
@pytest.mark.parametrize(("gap", "room"), [(1, 21), (1, 0), (0, 0)])
def test_every_pixel_stands_in_its_map(shape: tuple[int, int, int], gap: int, room: int) -> None:
    maps = ascending(*shape)
    laid = channels.lay_out(maps, width=800, height=300, gap=gap, room=room)
    rows, columns = shape[1:]
    for number, (top, left) in enumerate(laid.corners):
        for row, column in [(0, 0), (0, columns - 1), (rows - 1, 0), (rows // 2, columns // 3)]:
            assert laid.values[top + row, left + column] == maps[number, row, column]
            assert laid.number[top + row, left + column] == number
    assert np.count_nonzero(~np.isnan(laid.values)) == maps.size


def test_maps_are_read_from_left_to_right_and_as_large_as_fits() -> None:
    laid = channels.lay_out(ascending(16, 14, 14), width=800, height=300, gap=1, room=21)
    assert list(laid.corners) == sorted(laid.corners)
    assert laid.wide * laid.pixel <= 801
    assert laid.tile == (14, 14)


@pytest.mark.parametrize("side", [14, 3])
def test_a_figure_of_maps_shows_each_value_under_its_number(side: int) -> None:
    maps = ascending(6, side, side) - 7
    drawn = channels.maps(maps, "maps").data[0]
    for number, one in enumerate(maps):
        shown = drawn.z[(drawn.customdata == number) & ~np.isnan(drawn.z)]
        times = round((shown.size / one.size) ** 0.5)
        assert np.array_equal(shown.reshape(side * times, side * times)[::times, ::times], one)
    assert (drawn.zmin, drawn.zmax) == (maps.min(), maps.max())


@pytest.mark.parametrize(("count", "side"), [(16, 5), (128, 28)])
def test_filters_are_percent_of_the_largest_weight(count: int, side: int) -> None:
    weights = np.random.default_rng(0).normal(size=(count, side, side)).astype(np.float32)
    figure = channels.filters(weights, "filters")
    drawn = figure.data[0]
    wanted = np.rint(100 * weights / np.abs(weights).max())
    for number in (0, 7, count - 1):
        here = drawn.customdata == number
        shown = drawn.z[here & ~np.isnan(drawn.z.astype(float))]
        times = round((shown.size / side**2) ** 0.5)
        assert np.array_equal(shown.reshape(side * times, -1)[::times, ::times], wanted[number])
    assert (drawn.zmin, drawn.zmax) == (-100, 100)
    assert len(figure.to_json()) < 400_000


def blocks() -> list[list[Block]]:
    maps = ascending(4, 5, 5)
    return [
        [
            Block(("pixels",), "pixels", ascending(1, 28, 28) / 784, ink=True),
            Block(("maps",), "maps", maps),
        ],
        [Block(("scores",), "scores", np.array([-1, 0, 3], np.float32)), Block(("many",), "many", ascending(30))],
        [Block(("table",), "table", ascending(6, 9))],
    ]


def pixels(image: Any) -> NDArray[np.uint8]:
    content = base64.b64decode(image.source.removeprefix("data:image/png;base64,"))
    return np.array(Image.open(io.BytesIO(content)).convert("RGBA"))


def test_the_small_pictures_are_the_layers_in_their_colours() -> None:
    maps, scores, many, table = map(pixels, network.network(blocks(), chosen=(0, 1), title="net").layout.images)
    assert maps.shape == (11, 11, 4)  # two by two maps of five pixels, a gap of one
    assert tuple(maps[0, 0, :3]) == CIVIDIS_ENDS[0]
    assert tuple(maps[10, 10, :3]) == CIVIDIS_ENDS[1]
    assert (maps[5, :, 3] == 0).all() and (maps[:, 5, 3] == 0).all()
    assert (maps[:5, :5, 3] == 255).all()
    assert (maps[0, 6, :3].astype(int) != maps[6, 0, :3]).any()
    bars = [np.flatnonzero(row).tolist() for row in scores[::2, :, 3]]  # of -1, 0 and 3
    assert bars == [[0], [], [1, 2, 3, 4]], "what is below 0 goes to the left of where the others begin"
    assert (many[..., 3] > 0).sum() == 30
    assert table.shape == (6, 9, 4)


def test_a_click_anywhere_on_a_block_says_which_it_is() -> None:
    figure = network.network(blocks(), chosen=(1, 0), title="net")
    grounds = figure.data[0]
    assert grounds.z[:, ::2].T[~np.isnan(grounds.z[:, ::2].T)].tolist() == [0, 1, 2, 3, 4]
    assert np.isnan(grounds.z[:, 1::2]).all()
    assert [[words for words in row[::2] if words] for row in grounds.customdata] == [
        ["pixels", "scores", "table"],
        ["maps", "many"],
    ]
    assert all(trace.hoverinfo == "skip" for trace in figure.data[1:])
    for image in figure.layout.images:
        assert any(
            low <= image.x and image.x + image.sizex <= high
            for low, high in zip(grounds.x, grounds.x[1:], strict=False)
        )


def test_the_names_of_blocks_stand_above_their_columns_and_no_block_moves() -> None:
    bare = network.network(blocks(), chosen=(0, 1), title="net")
    named = network.network(blocks(), chosen=(0, 1), title="net", heads=["", "block 1", ""])
    heads = next(trace for trace in named.data if trace.text is not None and "block 1" in trace.text)
    first, second = named.data[0].x[2:4]
    assert first <= heads.x[1] < second
    bottom, top = named.layout.yaxis.range
    assert top < heads.y[1] < bare.layout.yaxis.range[1] == -0.5
    assert bottom == bare.layout.yaxis.range[0] == 1.5
    assert [image.y for image in named.layout.images] == [image.y for image in bare.layout.images]
    high = bottom - top
    assert named.layout.height > bare.layout.height
    assert named.layout.meta["fit"]["share"] == pytest.approx(bare.layout.meta["fit"]["share"] * high / 2)
    assert named.layout.meta["fit"]["letters"] == pytest.approx(bare.layout.meta["fit"]["letters"] * 2 / high)


def test_a_layer_of_zeros_can_be_drawn() -> None:
    zeros = np.zeros((4, 3, 3), np.float32)
    figure = channels.maps(zeros, "nothing")
    assert figure.data[0].zmin < figure.data[0].zmax
    assert channels.filters(zeros, "nothing").data[0].z[~np.isnan(channels.filters(zeros, "n").data[0].z)].max() == 0
    network.network([[Block(("zeros",), "zeros", zeros)]], chosen=(0, 0), title="net")


def test_a_png_says_what_its_bytes_said() -> None:
    colours = png.gradient(["#000000", "#fefefe"])
    bytes_ = np.array([[0, 1, 254], [255, 7, 100]], np.uint8)
    shown = np.array(
        Image.open(io.BytesIO(base64.b64decode(png.address(bytes_, colours).split(",")[1]))).convert("RGBA")
    )
    assert shown[..., 0].tolist() == [[0, 1, 254], [0, 7, 100]]
    assert shown[..., 3].tolist() == [[255, 255, 255], [0, 255, 255]]
