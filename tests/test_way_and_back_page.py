"""The whole way and back, run as Streamlit runs it: whole for every network, and its sentences against torch."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from mnist_viz.analysis import features
from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.ui.convolving import passes
from models import build
from tests.test_pages import cells, is_whole, payload, text_of, visit

PAGE = "pages/convolution.py"
MOMENTS = ("loss", "error", "gradient", "update", "after", "repeat")


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def untrained(store: Store, architecture: str) -> Run:
    run = store.create({"architecture": architecture})
    torch.manual_seed(0)
    checkpoints.save(run, 0, build(architecture))
    return run


def go_to(app: AppTest, **words: str) -> AppTest:
    for word, value in words.items():
        app.session_state[word] = value
    return app.run()


@pytest.mark.parametrize("architecture", ["fast_cnn", "mlp", "lstm_rows", "vit", "built"])
def test_every_moment_is_whole_for_every_kind_of_network(store: Store, architecture: str) -> None:
    run = untrained(store, architecture)
    app = visit(PAGE, run=run.id, digit="test-7", walk="back")
    for moment in MOMENTS:
        assert is_whole(go_to(app, moment=moment)), moment
    for kernels in {one.way: one for one in passes.kernels(run.id, 0).values()}.values():
        app = go_to(app, moment="update", kernel_of=f"{kernels.layer}-1-0")
        assert is_whole(app), kernels
        said = " ".join(caption.value for caption in app.caption)
        assert {"kernel": "A kernel of", "map": "No kernel that slides", "row": "No kernel and no picture"}[
            kernels.way
        ] in said


@pytest.mark.parametrize("architecture", ["deep_cnn", "mlp", "lstm_rows", "vit"])
def test_every_layer_of_the_way_is_whole(store: Store, architecture: str) -> None:
    run = untrained(store, architecture)
    app = visit(PAGE, run=run.id, digit="test-7", walk="way")
    pixels = torch.tensor(mnist.digits("test").images[7:8])[:, None] / 255
    seen: set[str] = set()
    for layer in features.activations(build(architecture), pixels):
        if layer.kind not in seen:
            assert is_whole(go_to(app, layer=layer.name)), layer.name
        seen.add(layer.kind)


def test_the_sentence_of_a_layer_has_its_shapes_and_its_least_and_largest_number(store: Store) -> None:
    model: Any = checkpoints.load(store.run(PRETRAINED), store.run(PRETRAINED).steps[-1])
    pixels = torch.tensor(mnist.digits("test").images[3520:3521])[:, None] / 255
    with torch.no_grad():
        after = torch.relu(model.norm1(model.conv1(model.scale(pixels))))
    said = text_of(visit(PAGE, walk="way", digit="test-3520", layer="activation1"))
    zeros = f"{100 * float((after == 0).float().mean()):.1f}"
    assert "**activation1** (ReLU) makes 16 × 14 × 14 numbers of 16 × 14 × 14, with 0 learned ones" in said
    assert f"from 0 to {float(after.max()):.2f}, and {zeros}" in said
    assert "exactly 0" not in text_of(visit(PAGE, walk="way", digit="test-3520", layer="conv1"))


def test_softmax_at_a_temperature_and_the_loss_are_those_of_torch(store: Store) -> None:
    run = store.run(PRETRAINED)
    model = checkpoints.load(run, run.steps[-1])
    pixels = torch.tensor(mnist.digits("test").images[3520:3521])[:, None] / 255
    label = torch.tensor([int(mnist.digits("test").labels[3520])])
    with torch.no_grad():
        logits = model(pixels)
    app = visit(PAGE, walk="way", digit="test-3520", layer="probabilities", temperature="5")
    bars = payload(app, "tempered")["figure"]
    shown = cells(json.loads(str(bars))["data"][0]["x"])
    np.testing.assert_allclose(shown, 100 * (logits / 5).softmax(1)[0].numpy(), rtol=1e-5)
    loss = torch.nn.functional.cross_entropy(logits, label).item()
    assert f"−ln p = **{loss:.3f}**" in text_of(app)


@pytest.mark.parametrize("words", [{"walk": "back"}, {"walk": "way", "layer": "probabilities"}])
def test_the_loss_of_a_digit_that_is_read_without_doubt_is_a_true_equation(store: Store, words: dict[str, str]) -> None:
    said = text_of(visit(PAGE, digit="test-0", **words))
    found = re.search(r"-\\ln \(1 - ([\d.]+) \\cdot 10\^\{(-\d+)\}\) = ([\d.]+) \\cdot 10\^\{(-\d+)\}", said)
    assert found is not None
    rest, loss = (float(f"{found[at]}e{found[at + 1]}") for at in (1, 3))
    assert -np.log1p(-rest) == pytest.approx(loss, rel=1e-3) and loss < 5e-4


def test_repeating_says_what_it_costs_other_digits(store: Store) -> None:
    run = store.run(PRETRAINED)
    own = checkpoints.load(run, run.steps[-1]).requires_grad_(True)
    digits, held_back = mnist.digits("test"), mnist.digits("val")
    pixels = torch.tensor(digits.images[3520:3521])[:, None] / 255
    label = torch.tensor([int(digits.labels[3520])])
    others = torch.tensor(held_back.images[:1000])[:, None] / 255
    labels = torch.tensor(held_back.labels[:1000].astype(np.int64))
    shares = []
    for _step in range(3):
        with torch.no_grad():
            shares.append(100 * float((own(others).argmax(1) == labels).float().mean()))
        own.zero_grad()
        torch.autograd.backward(torch.nn.functional.cross_entropy(own(pixels), label))
        with torch.no_grad():
            for weight in own.parameters():
                weight.sub_(0.03 * weight.grad)  # type: ignore[operator]
    words = {"walk": "back", "moment": "repeat", "digit_rate": "0.03", "repeats": "2"}
    said = text_of(visit(PAGE, digit="test-3520", **words)).replace("\N{NO-BREAK SPACE}", " ")
    found = re.search(r"the network reads \*\*([\d.]+) %\*\* rightly, before ([\d.]+) %", said)
    assert found is not None
    assert (float(found[1]), float(found[2])) == pytest.approx((shares[2], shares[0]), abs=0.11)
    assert shares[0] - shares[2] > 5


def test_words_of_the_link_that_say_nothing_sensible_mean_the_usual(store: Store) -> None:
    words = {"moment": "update", "digit_rate": "9", "repeats": "99", "kernel_of": "conv9-1-x"}
    app = visit(PAGE, walk="back", digit="test-7", **words)
    assert is_whole(app) and "− 0.001 ·" in text_of(app)
    assert is_whole(visit(PAGE, walk="back", digit="test-7", moment="update", kernel_of="conv1-16-0"))


def test_a_run_without_a_checkpoint_says_so(store: Store) -> None:
    run = store.create({"architecture": "mlp"})
    for walk in ("way", "back"):
        assert "no checkpoint yet" in text_of(visit(PAGE, run=run.id, walk=walk))


def test_the_way_back_is_that_of_the_digit_as_the_run_prepares_it(store: Store) -> None:
    run = store.create({"architecture": "mlp", "preparation": "binarise50"})
    torch.manual_seed(0)
    model = build("mlp")
    checkpoints.save(run, 0, model)
    raw, label = mnist.digits("test").images[7:8], int(mnist.digits("test").labels[7])
    pixels = torch.tensor(raw)[:, None] / 255
    prepared = passes.image(run.id, "test-7")[0]
    assert set(prepared.flatten().tolist()) == {0.0, 1.0} and not torch.equal(prepared, pixels)
    with torch.no_grad():
        loss = torch.nn.functional.cross_entropy(model.eval()(prepared), torch.tensor([label])).item()
    assert f"−ln p = **{loss:.3f}**" in text_of(visit(PAGE, run=run.id, digit="test-7", walk="back"))
