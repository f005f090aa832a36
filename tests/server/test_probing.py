"""The route that says how many regressions are fitted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mnist_viz.jobs.queue import Progress, jobs
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server.probing import route_of, status
from mnist_viz.server.routes import routes


@pytest.fixture
def client(own_store: Path) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes())) as one:
        yield one
    jobs().close()


def test_what_nobody_asked_for_is_unknown_and_a_run_that_is_not_here_is_not_found(client: TestClient) -> None:
    answer = client.get(route_of(PRETRAINED, 64, "en"))
    assert answer.json()["phase"] == "unknown" and answer.json()["ended"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("api/probes/nonsense/5").status_code == 404


def test_progress_is_said_in_regressions() -> None:
    assert status(Progress("working", "fits", 2, 4), 0)[0] == {"label": "Regressions", "value": "2 of 4 done"}
    assert "before them: 3" in status(Progress(), 3)[0]["value"]
    assert status(Progress("working", "loading"), 0)[0]["value"] == "gets ready"
