"""What is seen of one's own drawing: each number that of a plain pass through the network, or of scikit-learn."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors
from streamlit.testing.v1 import AppTest

from mnist_viz.data import mnist
from mnist_viz.data.preparation import prepare
from mnist_viz.plan import words
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Run, Store
from models import Classifier, build
from tests.test_pages import cells, is_whole, payload, text_of, visit

pytestmark = pytest.mark.usefixtures("one_thread")
DRAWING = np.roll(mnist.digits("val").images[3], 2, axis=1)  # no digit of the data is exactly this


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def drawn(**link: str) -> AppTest:
    """The page with this link, once the drawing is on its pad."""
    app = visit("pages/draw.py", **link)
    app.session_state["pad"] = {"drawn": base64.b64encode(DRAWING.tobytes()).decode()}
    return app.run()


def untrained(store: Store, architecture: str, preparation: str = "", layers: str = "") -> tuple[Run, Classifier]:
    run = store.create({"architecture": architecture, "preparation": preparation, "layers": layers})
    torch.manual_seed(0)
    model = build(architecture, **words.shape(architecture, layers)).eval()
    checkpoints.save(run, 0, model)
    return run, model


def pixels(images: np.ndarray) -> torch.Tensor:
    return torch.tensor(images).float().div(255).view(-1, 1, 28, 28)


def keys(app: AppTest) -> set[str]:
    """Which pictures of the drawing are on the page."""
    names = ("pad_saliency", "network", "opened", "pad_nearest")
    return {name for name in names for one in app.get("bidi_component") if f"-{name}" in one.proto.id}


def test_the_maps_of_a_layer_are_those_of_a_plain_pass_of_the_drawing(store: Store) -> None:
    run = store.run(PRETRAINED)
    model, seen = checkpoints.load(run, run.steps[-1]), []
    model.get_submodule("activation2").register_forward_hook(lambda _module, _inputs, out: seen.append(out[0].numpy()))
    with torch.inference_mode():
        read = int(model(pixels(DRAWING)).argmax())
    app = drawn(look="layers", layer="activation2")
    figure = json.loads(str(payload(app, "opened")["figure"]))["data"][0]
    values, numbers = cells(figure["z"]), cells(figure["customdata"])
    for channel, wanted in enumerate(seen[0]):
        place = (numbers == channel) & ~np.isnan(values)
        assert np.allclose(values[place].reshape(wanted.shape), wanted, atol=1e-5)
    silent = int((seen[0].reshape(32, -1).max(axis=1) == 0).sum())
    assert f"{silent or 'none'} of the 32 channels of **activation2**" in text_of(app)
    assert "for your drawing" in text_of(app) and f"reads a **{read}** in your drawing" in text_of(app)
    assert payload(app, "network")["title"] == "From the pixels of your drawing to ten probabilities"


def test_the_ten_nearest_are_those_of_scikit_learn_for_the_prepared_drawing(store: Store) -> None:
    run, model = untrained(store, "mlp", preparation="binarise50")
    digits = mnist.digits("test")
    with torch.inference_mode():
        known = model.features(pixels(prepare(digits.images, "binarise50"))).numpy()
        prepared = pixels(prepare(DRAWING[np.newaxis], "binarise50"))
        query, read = model.features(prepared).numpy(), int(model(prepared).argmax())
    found = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(known).kneighbors(query)[1][0]
    app = drawn(run=run.id, look="nearest")
    grid: Any = payload(app, "pad_nearest")
    assert [item["id"] for item in grid["items"]] == [f"test-{index}" for index in found]
    labels, counts = np.unique(digits.labels[found], return_counts=True)
    assert len(labels) > 1, "this drawing's sentence is the one below"
    for label, count in zip(labels, counts, strict=True):
        assert f"{label} ({count})" in text_of(app)
    assert f"by the network's {known.shape[1]} numbers are labelled" in text_of(app)
    assert f"the network reads a **{read}**." in text_of(app)


@pytest.mark.parametrize(
    ("architecture", "opened"),
    [
        ("mlp", ["pixels", "hidden", "probabilities"]),
        ("lstm_rows", ["lstm"]),
        ("vit", ["blocks.1.attention"]),
        ("built", ["body.0", "probabilities"]),
    ],
)
def test_every_kind_of_network_opens_on_a_drawing(store: Store, architecture: str, opened: list[str]) -> None:
    run, model = untrained(store, architecture, layers="c8k3p1-r-m2-d16-r" if architecture == "built" else "")
    app = drawn(run=run.id, look="layers", layer=opened[0])
    for layer in opened:
        app.text_input(key="layer").set_value(layer).run()
        assert is_whole(app) and keys(app) == {"network", "opened"}
        assert "your drawing" in text_of(app).lower().partition("the link does not carry drawings.")[2]
    if opened[-1] == "probabilities":
        read = int(model(pixels(DRAWING)).argmax())
        assert f"At step 0, the network reads your drawing as **{read}**" in text_of(app)


def test_only_the_chosen_view_is_there_and_none_before_a_digit_is_drawn(store: Store) -> None:
    app = visit("pages/draw.py", look="layers")
    assert is_whole(app) and not keys(app)
    assert any("once you have drawn a digit" in caption.value for caption in app.caption)
    app = drawn(look="nonsense")
    assert keys(app) == {"pad_saliency"}
    app.segmented_control(key="look_shown").set_value("layers").run()
    assert is_whole(app) and keys(app) == {"network", "opened"}
    assert "**conv1** makes 16 maps of your drawing" in text_of(app)
