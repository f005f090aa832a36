"""Every page of a run that prepares its digits shows what its network gets: each number is that of torch on these."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients
from scipy.special import softmax
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from mnist_viz.analysis.attention import attention
from mnist_viz.analysis.distortions import Distortion, distort
from mnist_viz.data import mnist
from mnist_viz.data.preparation import prepare
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import Run, Store
from mnist_viz.server import predict
from mnist_viz.server.board import board
from mnist_viz.server.routes import routes
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.worker import train
from mnist_viz.ui import as_seen, caches
from mnist_viz.ui.inside import attention as attended
from mnist_viz.ui.inside import pad
from mnist_viz.ui.training import state
from models import Classifier
from tests.test_pages import PAGES, cells, is_whole, payload, visit

WORD = "deskew-binarise50"
DIGIT = "test-18"
pytestmark = pytest.mark.usefixtures("one_thread")
RAW = mnist.digits("test").images[18]
SEEN = prepare(RAW[np.newaxis], WORD)[0]
SAID = "This run prepares its digits: Deskew, Binarise at 50\N{NO-BREAK SPACE}%."


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, one_thread: None) -> Iterator[Run]:
    """A small run that was really trained so, in a store that the pages of this file use."""
    where, patch = tmp_path_factory.mktemp("prepared"), pytest.MonkeyPatch()
    patch.setenv("MNIST_VIZ_RUNS", str(where / "runs"))
    patch.setenv("MNIST_VIZ_CACHE", str(where / "cache"))
    board.cache_clear()
    config = TrainConfig.from_preset("live", digits=1000, batch=50, preparation=WORD, scaling="mean_image")
    made = launch.create(config, Store.default())
    assert train(made)["kind"] == "finished"
    yield made
    patch.undo()
    board.cache_clear()


def where(run: Run) -> tuple[str, int]:
    return run.id, run.steps[-1]


def network(run: Run) -> Classifier:
    return checkpoints.load(*(run, run.steps[-1]))


def pixels(image: np.ndarray) -> torch.Tensor:
    return torch.tensor(image).float().div(255).view(-1, 1, 28, 28)


def picture(app: AppTest, key: str) -> tuple[np.ndarray, str]:
    figure = json.loads(str(payload(app, key)["figure"]))
    return cells(figure["data"][0]["z"]), figure["layout"]["meta"]["title"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_whole(run: Run, page: str) -> None:
    assert is_whole(visit(page, run=run.id, digit=DIGIT))


def test_the_panel_shows_raw_and_prepared_and_its_numbers_are_those_of_torch(run: Run) -> None:
    app = visit("pages/digit.py", run=run.id, digit=DIGIT)
    both, title = picture(app, "panel_digit")
    assert np.array_equal(both[-28:, :28], RAW) and np.array_equal(both[-28:, -28:], SEEN)
    assert title == "Labelled\u00a03"
    assert SAID in [one.value for one in app.caption]
    expected = softmax(network(run)(pixels(SEEN)).double().numpy()[0])
    bars = json.loads(str(payload(app, "panel_probabilities")["figure"]))["data"]
    shown = np.concatenate([cells(one["x"]) for one in bars])
    assert np.allclose(shown, 100 * expected, atol=0.1), "the ten bars are in percent"
    assert np.array_equal(picture(visit("pages/digit.py", digit=DIGIT), "panel_digit")[0], RAW)


def test_answers_and_maps_are_those_of_the_prepared_digit(run: Run) -> None:
    model = network(run)
    expected = model(pixels(SEEN)).numpy()[0]
    assert np.allclose(caches.answer(*where(run), DIGIT), expected, atol=1e-5)
    assert np.allclose(caches.logits(*where(run), "test")[18], expected, atol=1e-4)
    maps = caches.attributions(*where(run), DIGIT, "saliency", (1, 7), baseline=caches.BLACK)
    image = pixels(SEEN).repeat(2, 1, 1, 1).requires_grad_()
    torch.autograd.backward(model(image)[[0, 1], [1, 7]].sum())
    assert image.grad is not None
    assert np.allclose(maps, image.grad[:, 0].numpy(), atol=1e-5)


def test_baselines_are_made_of_prepared_digits(run: Run) -> None:
    mean = prepare(mnist.digits("train").images, WORD).mean(axis=0) / 255
    assert np.allclose(as_seen.baseline(run.id, DIGIT, "mean"), mean, atol=1e-6)
    assert not np.allclose(mean, mnist.digits("train").images.mean(axis=0) / 255, atol=0.05)
    change = caches.score_changes(*where(run), DIGIT, "mean")
    start, model = torch.from_numpy(mean).float(), network(run)
    assert np.allclose(change, (model(pixels(SEEN)) - model(start.view(1, 1, 28, 28))).numpy()[0], atol=1e-4)
    maps = caches.attributions(*where(run), DIGIT, "integrated_gradients", (1,), baseline="mean")
    bare = IntegratedGradients(model).attribute(pixels(SEEN), start.view(1, 1, 28, 28), target=1, n_steps=128)
    assert np.abs(maps[0] - bare[0, 0].numpy()).max() < 0.02 * np.abs(maps).max()


def test_saliency_and_what_the_layers_put_out_are_of_the_prepared_digit(run: Run) -> None:
    app = visit("pages/saliency.py", run=run.id, digit=DIGIT, methods="saliency", baseline="mean")
    both = picture(app, "saliency_digit")[0]
    assert np.array_equal(both[-28:, :28], RAW) and np.array_equal(both[-28:, -28:], SEEN)
    assert SAID in [one.value for one in app.caption]
    assert SAID in [one.value for one in visit("pages/features.py", run=run.id, digit=DIGIT).caption]
    shown = caches.activations(*where(run), DIGIT)
    assert np.allclose(shown[0].values.squeeze(), SEEN / 255, atol=1e-6)
    first = next(one for one in shown if one.name == "conv1")
    model = network(run)
    by_hand = model.get_submodule("conv1")(model.scale(pixels(SEEN)))[0]
    assert np.allclose(first.values, by_hand.numpy(), atol=1e-5)


def test_the_nearest_of_a_digit_are_by_prepared_features(run: Run) -> None:
    model = network(run)
    table = model.features(pixels(prepare(mnist.digits("test").images, WORD))).numpy()
    own = prepare(mnist.digits("val").images[5:6], WORD)
    distances = np.linalg.norm(table - model.features(pixels(own)).numpy(), axis=1)
    assert set(caches.nearest(*where(run), "val-5")) == set(np.argsort(distances, kind="stable")[:10])


def test_what_is_changed_is_prepared_and_both_are_shown(run: Run) -> None:
    app = visit("pages/draw.py", run=run.id, digit=DIGIT, hand="change", turn="20.0")
    changed = distort(RAW[np.newaxis], Distortion(turn=20))
    seen = prepare(changed, WORD)
    both, title = picture(app, "changed_digit")
    assert np.array_equal(both[:, :28], changed[0]) and np.array_equal(both[:, -28:], seen[0])
    assert title == f"Now read as {int(network(run)(pixels(seen)).argmax())}"


def test_what_is_drawn_is_prepared_before_it_is_read(run: Run) -> None:
    with TestClient(Starlette(routes=routes())) as client:
        told = client.post(predict.route_of(*where(run)), content=RAW.tobytes()).json()
    expected = softmax(network(run)(pixels(SEEN)).double().numpy()[0])
    assert np.allclose(told["probabilities"], expected, atol=1e-5)
    assert np.array_equal(np.frombuffer(base64.b64decode(told["seen"]), np.uint8).reshape(28, 28), SEEN)
    said = pad.sentence(*where(run), base64.b64encode(RAW.tobytes()).decode())
    assert f"reads a **{expected.argmax()}**" in said


def test_attention_is_on_the_prepared_digit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    config = TrainConfig.from_preset("live", architecture="vit", digits=100, batch=100, preparation=WORD)
    other = launch.create(config, Store.default())
    assert train(other)["kind"] == "finished"
    asked: list[np.ndarray] = []

    def noted(model: Any, image: np.ndarray) -> Any:
        asked.append(image)
        return attention(model, image)

    monkeypatch.setattr("mnist_viz.analysis.attention.attention", noted)
    assert attended._attention(*where(other), DIGIT, "en") is not None
    assert np.array_equal(asked[0], SEEN)


def test_who_waits_for_the_first_step_reads_that_digits_are_prepared(run: Run) -> None:
    waiting = launch.create(TrainConfig.from_preset("live", preparation="median5-deskew"), Store.default())
    assert state.sentence(board().snapshot(waiting.id)) == (
        "The training is getting ready: it prepares 55,000 digits before its first step, Median 5 × 5, Deskew …"
    )
