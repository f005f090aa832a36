"""What happens inside, run as Streamlit runs it: the sentences against numpy, and the picture of a transformer."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.ui.inside import feature_drawings
from models import build
from tests.test_pages import is_whole, payload, text_of, visit

PAGE = "pages/features.py"
CAPTION = "In the order of computation; where it skips ahead is not drawn."


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


@pytest.fixture
def transformer(store: Store) -> Run:
    run = store.create({"architecture": "vit"})
    torch.manual_seed(0)
    checkpoints.save(run, 0, build("vit"))
    return run


def test_a_layer_below_0_is_not_called_silent_or_strong(store: Store) -> None:
    model: Any = checkpoints.load(store.run(PRETRAINED), 8)
    image = torch.tensor(mnist.digits("test").images[3520:3521])[:, None] / 255
    maps = model.conv1(model.scale(image))[0].detach().numpy()
    channel, *_place = np.unravel_index(abs(maps).argmax(), maps.shape)
    value = maps[channel].flat[abs(maps[channel]).argmax()]
    said = text_of(visit(PAGE, layer="conv1", digit="test-3520", step="8"))
    written = f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
    assert (
        f"**conv1** makes 16 maps of test-3520; the value farthest from 0 is {written}, in channel {channel}." in said
    )
    assert "silent" not in said.split("farthest")[0]


def test_only_where_a_relu_follows_it_is_said_to_cut(store: Store) -> None:
    cut = "the ReLU that follows passes on only what is above 0"
    assert cut in text_of(visit(PAGE, layer="norm1", digit="test-3520"))
    assert cut not in text_of(visit(PAGE, layer="conv1", digit="test-3520"))


@pytest.mark.parametrize(("silent", "words"), [(0, "none of the 128 neurons"), (1, "1 of the 128"), (2, "2 of the")])
def test_one_that_is_silent_is_and_two_are(store: Store, silent: int, words: str) -> None:
    run = store.create({"architecture": "mlp"})
    model = build("mlp")
    with torch.no_grad():
        model.get_parameter("hidden.weight").zero_()
        model.get_parameter("hidden.bias").fill_(1.0)[:silent] = -1.0
    checkpoints.save(run, 0, model)
    said = text_of(visit(PAGE, run=run.id, layer="activation1", digit="test-7"))
    assert words in said
    assert (" are silent" in said) == (silent == 2)
    assert (" is silent" in said) == (silent < 2)


def test_a_transformer_is_drawn_by_the_parts_of_its_blocks_and_its_attention_before_the_layer(
    transformer: Run,
) -> None:
    app = visit(PAGE, run=transformer.id, digit="test-7", layer="blocks.1.attention")
    assert is_whole(app)
    assert any(caption.value.startswith(CAPTION) for caption in app.caption)
    assert "64 numbers for the class token (0) and each of the 16 patches; the farthest" in text_of(app)
    drawn = json.loads(str(payload(app, "network")["figure"]))
    words = [trace["text"] for trace in drawn["data"] if trace.get("mode") == "text"]
    assert ["", "block 1", "block 2", "block 3", ""] in words
    assert len(next(lines for lines in words if "<b>norm1</b><br>17 \N{MULTIPLICATION SIGN} 64" in lines)) == 24
    keys = [key for one in app.get("bidi_component") for key in ("attention", "opened") if f"-{key}" in one.proto.id]
    assert keys == ["attention", "opened"]


def test_a_chain_needs_no_word_on_branches_and_the_lstm_is_one(store: Store) -> None:
    run = store.create({"architecture": "lstm_rows"})
    checkpoints.save(run, 0, build("lstm_rows"))
    for words in ({}, {"run": run.id, "layer": "lstm"}):
        app = visit(PAGE, digit="test-7", **words)
        assert is_whole(app)
        assert not any(caption.value.startswith(CAPTION) for caption in app.caption)
    assert "128 numbers after each of the 28 rows of pixels, from the top; the farthest" in text_of(app)


def test_a_layer_is_named_with_its_block() -> None:
    assert feature_drawings.called("conv1") == "conv1"
    assert feature_drawings.called("blocks.0.attention") == "block 1: attention"
    assert feature_drawings.called("body.0") == "body: 0"
