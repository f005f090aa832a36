"""The route that says how many networks of a contest are trained."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mnist_viz.jobs.queue import Progress, jobs
from mnist_viz.server.contesting import phase, route_of, status
from mnist_viz.server.routes import routes
from mnist_viz.training.contest import Contest


@pytest.fixture
def client(own_store: Path) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes())) as one:
        yield one
    jobs().close()


def test_what_nobody_asked_for_is_unknown_and_what_is_no_contest_is_not_found(client: TestClient) -> None:
    answer = client.get(route_of(Contest("zoom", 0.1), "en"))
    assert answer.json()["phase"] == "unknown" and answer.json()["ended"]
    assert answer.headers["Cache-Control"] == "no-store"
    refused = client.get(route_of(Contest(), "en").replace("deskew", "mirror"))
    assert refused.status_code == 404 and "step=mirror is nothing that can be tried" in refused.text
    assert client.get("api/contests?step=deskew").status_code == 404
    assert client.get(route_of(Contest(), "en").replace("seeds=5", "seeds=x")).status_code == 404


def test_progress_is_said_in_networks_and_epochs() -> None:
    said = status(Progress("working", "epochs", 20, 60), 0, Contest())
    assert [(one["label"], one["value"]) for one in said[:2]] == [
        ("Networks", "3 of 10 trained"),
        ("Epochs", "20 of 60"),
    ]
    assert "before them: 3" in status(Progress(), 3, Contest())[0]["value"]
    assert status(Progress("working", "loading"), 0, Contest())[0]["value"] == "get ready"


def test_another_whole_pair_is_news_and_another_epoch_is_not() -> None:
    def at(epochs: int) -> str:
        return phase(Progress("working", "epochs", epochs, 60, [0.5] * epochs), Contest())

    assert at(0) == at(11) == "busy" and at(12) == at(23) == "busy, 1" and at(24) == "busy, 2"
    assert phase(Progress("done"), Contest()) == "done" and phase(None, Contest()) == "unknown"
