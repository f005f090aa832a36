"""The address that reads drawings: what it answers, together and one by one, and what it refuses."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import softmax
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.server import predict
from mnist_viz.server.routes import routes
from mnist_viz.training.config import TrainConfig

ROUTE = predict.route_of(PRETRAINED, 215)
IMAGE = mnist.digits("test").images[18].tobytes()


@pytest.fixture
def client(own_store: Path) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes())) as one:
        yield one


def bare(step: int, count: int) -> np.ndarray:
    """The softmax of what a network answers to the first test digits, by torch and SciPy alone."""
    model = checkpoints.load(Store.default().run(PRETRAINED), step)
    pixels = torch.tensor(mnist.digits("test").images[:count])[:, None].float() / 255
    return np.asarray(softmax(model(pixels).double().numpy(), axis=1))


@pytest.mark.parametrize("step", [0, 215])
def test_the_answer_is_the_softmax_of_the_logits(client: TestClient, step: int) -> None:
    expected = bare(step, 5)
    for number in range(5):
        picture = mnist.digits("test").images[number].tobytes()
        answer = client.post(predict.route_of(PRETRAINED, step), content=picture)
        assert answer.status_code == 200
        assert np.allclose(answer.json()["probabilities"], expected[number], atol=1e-5)
        assert answer.headers["Cache-Control"] == "no-store"


def test_who_asks_at_the_same_time_gets_an_answer_of_their_own(own_store: Path) -> None:
    reader, images = predict.Reader(), mnist.digits("test").images
    wanted = [(number, 215 if number % 3 else 16) for number in range(60)]
    with ThreadPoolExecutor(12) as pool:
        asked = list(pool.map(lambda one: reader.ask(PRETRAINED, one[1], images[one[0]].tobytes()), wanted))
    expected = {step: bare(step, 60) for step in (16, 215)}
    for (number, step), answer in zip(wanted, asked, strict=True):
        assert np.allclose(answer.result(30).shares, expected[step][number], atol=1e-5)


@pytest.mark.parametrize("content", [b"", b"x" * 783, b"x" * 785, b"x" * 100_000])
def test_what_is_not_784_bytes_is_refused(client: TestClient, content: bytes) -> None:
    answer = client.post(ROUTE, content=content)
    assert answer.status_code == 400
    assert "784 bytes" in answer.text


def test_a_body_of_unknown_length_is_refused_unread(client: TestClient) -> None:
    assert client.post(ROUTE, content=iter([IMAGE])).status_code == 400


@pytest.mark.parametrize("run", ["nothing", "..%2f..", "20260101-000000-fast_cnn-0000"])
def test_a_run_that_is_not_there_is_refused(client: TestClient, run: str) -> None:
    answer = client.post(f"api/runs/{run}/215/predict", content=IMAGE)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("step", ["7", "-1", "x", "٣", "999999999", "2.0"])
def test_a_step_that_is_not_there_is_refused(client: TestClient, step: str) -> None:
    assert client.post(f"api/runs/{PRETRAINED}/{step}/predict", content=IMAGE).status_code == 404


def test_a_damaged_checkpoint_is_a_sentence_and_the_next_is_answered(client: TestClient) -> None:
    run = Store.default().create(TrainConfig.from_preset("live").as_dict())
    run.checkpoint(0).write_bytes(b"junk")
    answer = client.post(predict.route_of(run.id, 0), content=IMAGE)
    assert answer.status_code == 404
    assert "damaged" in answer.text
    assert client.post(ROUTE, content=IMAGE).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://example.org"}, 403),
        ({"Origin": "http://testserver:81"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_pages_of_other_sites_get_nothing(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post(ROUTE, content=IMAGE, headers=headers).status_code == status


def test_it_answers_no_other_method(client: TestClient) -> None:
    assert client.get(ROUTE).status_code == 405
