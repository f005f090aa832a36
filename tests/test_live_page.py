"""The train page of runs that were led and looked into: routes, marks, parts, the fold, and what other pages show."""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mnist_viz.figures import changes as marks
from mnist_viz.runs import commands, inside, parts, records
from mnist_viz.runs.store import Run, Store
from mnist_viz.runs.tables import metrics_csv
from mnist_viz.server.routes import routes
from mnist_viz.training import launch, worker
from mnist_viz.training.config import TrainConfig, Value
from tests.test_pages import is_whole, payload, text_of, visit


@pytest.fixture
def client(own_store: Path) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes())) as one:
        yield one


def led(architecture: str) -> Run:
    """A run of a few steps, made by hand up to the third, whose rate was changed before that, then stopped."""
    config = TrainConfig.from_preset("live", architecture=architecture, digits=400, batch=50, device="cpu")
    run = launch.create(config, Store.default())
    for _step in range(2):
        commands.give(run, "step")

    def hand(record: records.Record) -> None:
        if record["kind"] == "step" and record["step"] < 4:
            if record["step"] == 2:
                commands.change(run, {"rate": 0.002})
            commands.give(run, "step" if record["step"] < 3 else "stop")

    worker.train(run, progress=hand)
    return run


def test_the_live_curve_sends_all_marks_as_soon_as_one_is_new(client: TestClient) -> None:
    run = led("mlp")
    told = records.read_all(run)
    (change,) = marks.changes(told)
    at = next(place for place, one in enumerate(told) if one == change)
    whole = client.get(f"api/runs/{run.id}/curve?since=0&by=step").json()
    assert whole["marks"] == client.get(f"api/runs/{run.id}/curve?since={at}&by=step").json()["marks"]
    assert whole["marks"][0]["x"][0] == change["step"] == 3 and whole["marks"][1]["text"] == ["   rate 0.002   "]
    assert client.get(f"api/runs/{run.id}/curve?since={at + 1}&by=step").json()["marks"] == []
    assert "1 changes" in whole["phase"]


def test_the_parts_of_the_newest_step_are_sent_once(client: TestClient) -> None:
    run = led("mlp")
    kept = parts.newest(run)
    assert kept is not None and kept.step == 3
    answer = client.get(f"api/runs/{run.id}/parts?known=0").json()
    assert answer["step"] == 3 and answer["ended"] and answer["parts"]["loss"] == kept.loss
    assert base64.b64decode(answer["parts"]["pixels"]) == kept.pixels.tobytes()
    assert "parts" not in client.get(f"api/runs/{run.id}/parts?known=3").json()
    assert client.get(f"api/runs/{run.id}/parts?known=x").status_code == 400
    assert client.get("api/runs/20200101-000000-mlp-0000/parts?known=0").status_code == 404
    (run.folder / parts.FILE).unlink()
    assert client.get(f"api/runs/{run.id}/parts?known=3").json()["parts"] is None


@pytest.mark.parametrize("architecture", ["fast_cnn", "lstm_rows"])
def test_the_fold_shows_what_was_seen_at_the_chosen_checkpoint(own_store: Path, architecture: str) -> None:
    run = led(architecture)
    app = visit("pages/train.py", run=run.id, step="2", inside="true")
    assert is_whole(app)
    look = next(one for one in inside.looks(records.read_all(run)) if one.step == 2)
    longest = max(look.gradients, key=look.gradients.__getitem__)
    assert f"At step 2, on 60 training digits: the longest gradient is that of **{longest}**" in text_of(app)
    assert payload(app, "inside_gradients")["title"] == "How long each layer's gradient is"
    captions = " ".join(one.value for one in app.caption)
    if architecture == "lstm_rows":
        assert "has no ReLU" in captions and "no filters to show" in captions
    else:
        assert payload(app, "inside_dead") and payload(app, "inside_filter_gradients")["title"] == "Their gradients"
    assert "inside_gradients" not in str(
        [one.proto.id for one in visit("pages/train.py", run=run.id).get("bidi_component")]
    )


def paused(store: Store, **settings: Value) -> Run:
    """A run that waits after its first step, by its records alone."""
    run = store.create(TrainConfig.from_preset("live", architecture="mlp", **settings).as_dict())
    moment = {"step": 1, "epoch": 0.1, "seconds": 0.5, "loss": 2.0, "accuracy": 0.5, "images_per_second": 9.0}
    records.append(run, {"kind": "start", "steps": 10, "digits": 100, "parameters": 1, "device": "cpu", "threads": 1})
    records.append(run, {"kind": "step", **moment, "rate": 0.01})
    records.append(run, {"kind": "command", "command": "pause", "value": None, "file": "000001.pause"})
    return run


def test_a_share_is_changed_in_per_cent_and_told_as_the_share_that_it_is(own_store: Path) -> None:
    run = paused(Store.default(), erasing=0.07, schedule="constant")
    app = visit("pages/train.py", run=run.id)
    app.button(key="change_switch").click().run()
    assert is_whole(app) and app.number_input(key="change_erasing_0").label == "Covered (%)"
    assert app.number_input(key="change_erasing_0").value == 7
    app.number_input(key="change_zoom_0").set_value(15.0)
    app.button(key="apply").click().run()
    assert [one.settings for one in commands.Inbox(run).new()] == [(("zoom", "0.15"),)], "what stays is not told"


def test_a_number_that_cannot_be_is_refused_in_the_words_of_its_field(own_store: Path) -> None:
    run = paused(Store.default())
    app = visit("pages/train.py", run=run.id)
    app.button(key="change_switch").click().run()
    for name, value, said in (
        ("rate", 77.0, "“Learning rate (peak)” can be a number from 0.000001 to 10, not 77. Nothing was changed."),
        ("zoom", 60.0, "“Scaled (±\u00a0%)” can be a number from 0 to 50, not 60. Nothing was changed."),
    ):
        was = app.number_input(key=f"change_{name}_0").value
        app.number_input(key=f"change_{name}_0").set_value(value)
        app.button(key="apply").click().run()
        assert is_whole(app) and [one.value for one in app.warning] == [said]
        app.number_input(key=f"change_{name}_0").set_value(was)
    assert not commands.Inbox(run).new()


def test_a_run_from_before_says_that_nobody_looked_inside(own_store: Path) -> None:
    app = visit("pages/train.py", inside="true")
    assert is_whole(app) and any("before one looked inside" in one.value for one in app.caption)


def test_the_table_and_the_comparison_of_a_led_run_are_whole(own_store: Path) -> None:
    run = led("mlp")
    rows = metrics_csv(records.read_all(run)).splitlines()
    rates = [float(row.split(",")[7]) for row in rows[1:] if ",batch," in row]
    told = [one["rate"] for one in records.read_all(run) if one["kind"] == "step"]
    assert np.allclose(rates, told) and rates[2] < rates[1]
    assert is_whole(visit("pages/compare.py", runs=f"pretrained~{run.id}"))
