"""The map: every point has its own digit's place, address, label and colour."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from mnist_viz.data.mnist import Digits
from mnist_viz.figures import style
from mnist_viz.figures.embedding import COLOURINGS, embedding, rings


def numbers(value: Any) -> np.ndarray:
    flat = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
    return flat.reshape([int(n) for n in str(value.get("shape", flat.size)).split(",")])


@pytest.fixture
def places() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(10_000, 2)).astype(np.float32)


@pytest.fixture
def read(test_part: Digits) -> np.ndarray:
    read = test_part.labels.astype(np.intp)
    read[[7, 9000]] = (read[[7, 9000]] + 1) % 10
    return read


@pytest.mark.parametrize("by", COLOURINGS)
def test_points_and_digits_belong_together(test_part: Digits, places: np.ndarray, read: np.ndarray, by: str) -> None:
    drawn = embedding(places, test_part.labels, read, by=by, part="test", name="PCA", version="1").to_json()
    assert len(drawn) < 450_000
    for trace in json.loads(drawn)["data"]:
        indices = np.array([int(name.removeprefix("test-")) for name in trace["ids"]])
        assert (np.stack([numbers(trace["x"]), numbers(trace["y"])], 1) == places[indices]).all()
        both = numbers(trace["customdata"])
        assert (both[:, 0] == test_part.labels[indices]).all() and (both[:, 1] == read[indices]).all()
        if by != "right":
            assert (numbers(trace["marker"]["color"]) == both[:, int(by == "read")]).all()


def test_colours_are_those_of_the_classes(test_part: Digits, places: np.ndarray, read: np.ndarray) -> None:
    marker = embedding(places, test_part.labels, read, by="label", part="test", name="PCA", version="1").data[0].marker
    for number, colour in enumerate(style.DIGITS):
        share = (number - marker.cmin) / (marker.cmax - marker.cmin)
        assert {c for at, c in marker.colorscale if abs(at - share) < 0.051} >= {colour}
        assert np.interp(share, [at for at, c in marker.colorscale if c == colour], [0, 1]) == pytest.approx(0.5)


def test_wrong_ones_have_a_mark_and_a_word(test_part: Digits, places: np.ndarray, read: np.ndarray) -> None:
    drawn = embedding(places, test_part.labels, read, by="right", part="test", name="PCA", version="1")
    assert drawn.data[0].name == "read rightly: 9,998" and drawn.data[1].name == "read wrongly: 2"
    assert list(drawn.data[1].ids) == ["test-7", "test-9000"]
    assert drawn.data[1].marker.symbol == "x"
    outside = [trace.unselected.marker.opacity for trace in drawn.data]
    assert outside[0] < 0.5 and outside[1] == 1, "beside a line around points the wrong ones stay in sight"


def test_each_class_is_written_at_its_median(test_part: Digits, places: np.ndarray, read: np.ndarray) -> None:
    drawn = embedding(places, test_part.labels, read, by="label", part="test", name="PCA", version="1")
    for number, note in enumerate(drawn.layout.annotations):
        assert note.text == f"<b>{number}</b>"
        assert [note.x, note.y] == pytest.approx(np.median(places[test_part.labels == number], axis=0).tolist())


def test_rings_are_round_the_chosen_and_its_nearest(places: np.ndarray) -> None:
    drawn = rings(places, 5, [8, 9])
    middles = [((ring["x0"] + ring["x1"]) / 2, (ring["y0"] + ring["y1"]) / 2) for ring in drawn]
    np.testing.assert_allclose(middles, places[[8, 9, 5]], atol=1e-5)
    assert drawn[2]["line"]["width"] > drawn[0]["line"]["width"]
    assert rings(places, None, []) == []
