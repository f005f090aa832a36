"""The maps of attention: which share goes to which square of the digit."""

import base64
import json

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_viz.data.mnist import Digits
from mnist_viz.figures.attention import attention


def shares(layers: int, heads: int, tokens: int) -> NDArray[np.float32]:
    made = np.random.default_rng(0).random((layers, heads, tokens, tokens)).astype(np.float32)
    return np.asarray(made / made.sum(axis=-1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize(("tokens", "side", "patch"), [(17, 4, 7), (50, 7, 4)])
def test_every_pixel_shows_the_share_of_its_patch(test_part: Digits, tokens: int, side: int, patch: int) -> None:
    given = shares(3, 4, tokens)
    picture = attention(given, test_part.images[0]).data[0]
    z = np.array(picture.z, dtype=float)
    assert picture.zmax == pytest.approx(100 * given[:, :, 0, 1:].max()) and picture.zmin == 0
    for layer, head, row, column in [(0, 0, 0, 0), (1, 2, 3, 1), (2, 3, 2, side - 1)]:
        top = layer * (z.shape[0] - 28) // 2 + row * patch
        left = head * 31 + column * patch
        square = z[top : top + patch, left : left + patch]
        assert np.allclose(square, 100 * given[layer, head, 0, 1 + row * side + column], rtol=1e-5)
        assert picture.customdata[top, left].tolist() == [row + 1, column + 1, layer * 4 + head]
    shown = z[~np.isnan(z)].sum() / patch**2 / 12
    assert shown == pytest.approx(100 * (1 - given[:, :, 0, 0].mean()), rel=1e-4), "all but the class token's own share"


def test_a_row_is_a_layer_and_a_column_a_head(test_part: Digits) -> None:
    figure = attention(shares(2, 3, 17), test_part.images[0])
    notes = [note for note in figure.layout.annotations if "head" in note.text]
    assert [note.text for note in notes] == [f"L{layer}, head {head}" for layer in (1, 2) for head in (1, 2, 3)]
    assert len({note.y for note in notes}) == 2 and len({note.x for note in notes}) == 3
    assert "2 layers with 3 heads" in figure.layout.meta["alt"]


def test_it_is_small_enough_to_be_sent(test_part: Digits) -> None:
    written = attention(shares(3, 4, 17), test_part.images[0]).to_json()
    assert len(written) < 300_000
    assert base64.b64decode(json.loads(written)["data"][0]["z"]["bdata"])
