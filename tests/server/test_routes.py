"""The app's own addresses, asked without a browser: what they answer, and what they refuse."""

import gzip
import importlib.resources
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mnist_viz.data.address import Address, digit
from mnist_viz.figures import curves
from mnist_viz.runs import commands, records
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.server.assets import PLOTLY_ROUTE
from mnist_viz.server.routes import routes
from mnist_viz.training.config import TrainConfig


@pytest.fixture
def client(own_store: Path) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes())) as one:
        yield one


@pytest.fixture
def run(own_store: Path) -> Run:
    """A run that has begun: a start, three steps, one look at the validation digits."""
    made = Store.default().create(TrainConfig.from_preset("live").as_dict())
    records.append(made, {"kind": "start", "steps": 10, "steps_per_epoch": 10, "digits": 2560})
    for step in (1, 2, 3):
        fields = {"epoch": step / 10, "loss": 1 / step, "accuracy": step / 4, "rate": 0.01}
        records.append(made, {"kind": "step", "step": step, "seconds": step / 2, "images_per_second": 512.0, **fields})
    look = {"step": 3, "epoch": 0.3, "part": "val", "digits": 1000, "loss": 0.5, "accuracy": 0.8, "seconds": 1.5}
    records.append(made, {"kind": "evaluation", **look})
    return made


def test_plotly_is_the_one_that_the_python_package_ships_and_is_kept_for_ever(client: TestClient) -> None:
    shipped = importlib.resources.files("plotly").joinpath("package_data/plotly.min.js").read_bytes()
    for encoding in ("gzip", "identity"):
        answer = client.get(PLOTLY_ROUTE, headers={"Accept-Encoding": encoding})
        assert answer.content == shipped
        assert "immutable" in answer.headers["Cache-Control"]
    squeezed = gzip.compress(shipped, 6)
    assert len(squeezed) < len(shipped) / 3


@pytest.mark.parametrize("address", ["test-0", "val-4999", "train-54999"])
def test_a_digit_is_its_784_bytes(client: TestClient, address: str) -> None:
    answer = client.get(f"api/digits/{address}")
    assert answer.content == digit(Address.parse(address))[0].tobytes()
    assert len(answer.content) == 784


@pytest.mark.parametrize("address", ["test-10000", "test--1", "own-5", "..%2f..%2fetc", "test-0x1", "train-٣"])
def test_what_is_no_digit_is_refused_in_a_sentence(client: TestClient, address: str) -> None:
    answer = client.get(f"api/digits/{address}")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_a_live_curve_goes_on_from_its_cursor(client: TestClient, run: Run) -> None:
    whole = client.get(f"api/runs/{run.id}/curve?since=0&by=step").json()
    assert whole["cursor"] == 5
    assert whole["phase"] == "running"
    assert (whole["reach"], whole["ticks"]) == (10, 5)
    assert whole["extend"] == curves.extension(records.read_all(run), "step")
    assert whole["extend"][0]["y"] == [1, 0.5, 1 / 3]
    assert whole["extend"][3]["y"] == [80]
    rest = client.get(f"api/runs/{run.id}/curve?since=4&by=seconds").json()
    assert [piece["x"] for piece in rest["extend"]] == [[], [1.5], [], [1.5]]


def test_the_figures_above_the_curve_are_those_of_the_records(client: TestClient, run: Run) -> None:
    shown = {one["label"]: one["value"] for one in client.get(f"api/runs/{run.id}/curve").json()["status"]}
    assert shown["Step"] == "3 / 10"
    assert shown["Training loss"] == "0.333"
    assert shown["Validation accuracy"] == "80.0\u00a0%"
    assert shown["Images per second"] == "512"
    assert shown["Time left"] == "4 s"  # 7 steps of half a second, rounded to even


def command(run: Run, word: str, value: float | None = None) -> None:
    records.append(run, {"kind": "command", "command": word, "value": value, "file": f"000001.{word}"})


def test_slow_motion_moves_what_is_left_and_not_where_the_curve_ends(client: TestClient, run: Run) -> None:
    command(run, "pace", 0.25)
    answer = client.get(f"api/runs/{run.id}/curve?by=seconds").json()
    assert {one["label"]: one["value"] for one in answer["status"]}["Time left"] == "28 s"  # 7 steps of 4 s
    assert answer["reach"] == 5  # 10 steps of half a second


def test_a_pause_leaves_the_curve_as_it_is_and_promises_no_time(client: TestClient, run: Run) -> None:
    command(run, "pause")
    answer = client.get(f"api/runs/{run.id}/curve?by=seconds").json()
    assert {one["label"]: one["value"] for one in answer["status"]}["Time left"] == "–"
    assert answer["reach"] == 5


def phase(client: TestClient, run: Run) -> str:
    answer: str = client.get(f"api/runs/{run.id}/curve").json()["phase"]
    time.sleep(0.15)  # what was read answers everybody for a tenth of a second
    return answer


def test_a_training_gets_ready_until_its_first_step(client: TestClient, own_store: Path) -> None:
    made = Store.default().create(TrainConfig.from_preset("live").as_dict())
    assert phase(client, made) == "starting"
    records.append(made, {"kind": "start", "steps": 10, "steps_per_epoch": 10, "digits": 2560})
    assert phase(client, made) == "starting"
    step = {"step": 1, "epoch": 0.1, "loss": 2.3, "accuracy": 0.1, "rate": 0.01, "seconds": 0.1}
    records.append(made, {"kind": "step", "images_per_second": 512.0, **step})
    assert phase(client, made) == "running"


def test_a_command_is_asked_until_it_is_obeyed(client: TestClient, run: Run) -> None:
    assert phase(client, run) == "running"
    for word, before, after in (
        ("pause", "running, pause asked", "paused"),
        ("resume", "paused, resume asked", "running"),
        ("stop", "running, stop asked", "stopping"),
    ):
        file = commands.give(run, word)
        assert phase(client, run) == before
        records.append(run, {"kind": "command", "command": word, "value": None, "file": file})
        assert phase(client, run) == after


def test_slow_motion_is_a_phase_from_when_it_was_asked_for(client: TestClient, run: Run) -> None:
    commands.give(run, "pace", 3.0)
    assert phase(client, run) == "running, slow, 3 a second"
    commands.give(run, "pace", 0.2)
    assert phase(client, run) == "running, slow, 0.2 a second"
    commands.give(run, "pace", 0.0)
    assert phase(client, run) == "running"


def test_the_same_from_nothing_goes_on_in_the_same_curve(client: TestClient, run: Run) -> None:
    """One cursor counts the records of both, since the second begins when the first has ended."""
    first = Store.default().create({**TrainConfig.from_preset("live").as_dict(), "then": "from_nothing"})
    for record in records.read_all(run):
        records.append(first, record)
    alone = client.get(f"api/runs/{first.id}/curve").json()
    assert alone["cursor"] == 5 and len(alone["extend"]) == 4
    second = Store.default().create({**TrainConfig.from_preset("live").as_dict(), "beside": first.id})
    records.append(first, {"kind": "finished", "test_accuracy": 0.8})
    time.sleep(0.15)
    between = client.get(f"api/runs/{first.id}/curve?since=5").json()
    assert (between["cursor"], between["ended"], between["phase"]) == (6, False, "finished, beside it starting")
    for record in records.read_all(run):
        records.append(second, record)
    time.sleep(0.15)
    both = client.get(f"api/runs/{first.id}/curve?since=8").json()  # 6 of the first, a start and a step of the second
    assert both["cursor"] == 11
    assert [piece["x"] for piece in both["extend"]] == [[], [], [], [], [2, 3], [3], [2, 3], [3]]
    assert both["status"][0] == {"label": "Step", "value": "3 / 10"}
    records.append(second, {"kind": "finished", "test_accuracy": 0.5})
    time.sleep(0.15)
    assert client.get(f"api/runs/{first.id}/curve?since=11").json()["ended"] is True


def test_an_ended_run_says_so_and_is_not_asked_again(client: TestClient) -> None:
    answer = client.get(f"api/runs/{PRETRAINED}/curve?since=100000").json()
    assert answer["ended"] is True
    assert all(not piece["x"] for piece in answer["extend"])


@pytest.mark.parametrize("query", ["since=-1", "since=x", "since=99999999999999", "by=epoch", "since=١"])
def test_a_question_that_makes_no_sense_is_refused(client: TestClient, run: Run, query: str) -> None:
    assert client.get(f"api/runs/{run.id}/curve?{query}").status_code == 400


@pytest.mark.parametrize("name", ["nothing", "..%2f..", "20260101-000000-fast_cnn-0000"])
def test_a_run_that_is_not_there_is_refused(client: TestClient, name: str) -> None:
    assert client.get(f"api/runs/{name}/curve").status_code == 404


def test_nothing_but_reading_is_allowed(client: TestClient) -> None:
    assert client.post(f"api/runs/{PRETRAINED}/curve").status_code == 405
    assert client.delete("api/digits/test-0").status_code == 405
