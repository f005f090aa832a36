"""The route that says how far a map is, over real jobs."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mnist_viz.jobs.queue import Job, Progress, jobs
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server.board import board
from mnist_viz.server.mapping import route_of, status
from mnist_viz.server.routes import routes
from mnist_viz.server.waiting import phase


@pytest.fixture
def client(own_store: Path) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes())) as one:
        yield one
    jobs().close()


def test_a_map_is_followed_to_its_end_and_no_other(client: TestClient) -> None:
    answer = client.get(route_of(PRETRAINED, 99, "en"))
    assert answer.json()["phase"] == "unknown" and answer.json()["ended"]
    assert answer.headers["Cache-Control"] == "no-store"
    jobs().ask(Job(board().store.run(PRETRAINED), 99))  # of this step there is no checkpoint
    phases, deadline = list[str](), time.monotonic() + 150
    while time.monotonic() < deadline and phases[-1:] != ["failed"]:
        answer = client.get(route_of(PRETRAINED, 99, "en"))
        phases.append(answer.json()["phase"])
        assert answer.json()["ended"] == (phases[-1] != "busy")
        time.sleep(0.01)
    assert phases[0] == "busy" and phases[-1] == "failed"
    assert client.get(route_of(PRETRAINED, 100, "en")).json()["phase"] == "unknown"
    assert client.get("api/maps/nonsense/5").status_code == 404
    assert client.get(f"api/maps/{PRETRAINED}/x").status_code == 404


def test_progress_is_said_in_epochs() -> None:
    said = status(Progress("working", "epochs", 120, 500), 0)
    assert said[0] == {"label": "UMAP, epochs", "value": "120 / 500"}
    assert "before it: 2" in status(Progress(), 2)[0]["value"]
    assert "takes a minute" in status(Progress(), 1, practising=True)[0]["value"]
    asked = time.monotonic() - 12
    for practising in (False, True):
        assert status(Progress(since=asked), 1, practising=practising)[1] == {"label": "Waiting for", "value": "12 s"}
    assert phase(None) == "unknown" and phase(Progress()) == "busy"
