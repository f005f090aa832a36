"""The way on from a run on the train page: first where it was left, aside where it has ended, marked on the curve."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mnist_viz.runs import commands, records, resume
from mnist_viz.runs.state import PULSE
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.runs.tables import metrics_csv
from mnist_viz.server import access
from mnist_viz.server.board import board
from mnist_viz.server.curve import moment
from mnist_viz.training import launch, lineage
from mnist_viz.training.config import TrainConfig, Value
from mnist_viz.training.worker import train
from mnist_viz.ui.comparing.differences import differing, recipe, settings
from mnist_viz.ui.frame import run_label
from mnist_viz.ui.training import state
from tests.test_pages import headline, is_whole, payload, visit

pytestmark = pytest.mark.usefixtures("one_thread")
SMALL: dict[str, Value] = {"architecture": "mlp", "digits": 200, "batch": 10, "device": "cpu"}  # 20 steps an epoch


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


@pytest.fixture
def left(store: Store) -> Run:
    """A run that was stopped after 5 of its 20 steps."""
    run, stop = launch.create(TrainConfig.from_preset("live", **SMALL), store), threading.Event()
    train(run, stop=stop, progress=lambda told: stop.set() if told.get("step") == 5 else None)
    return run


def primaries(app: AppTest) -> list[str]:
    return [button.label for button in app.main.button if button.proto.type == "primary"]


def said(app: AppTest) -> str:
    return "\n".join(one.value for one in app.main.caption)


def curve(app: AppTest) -> dict[str, Any]:
    drawn: dict[str, Any] = json.loads(str(payload(app, "curve")["figure"]))
    return drawn


def test_a_run_that_was_left_is_gone_on_with_first_and_started_anew_second(left: Run) -> None:
    app = visit("pages/train.py", run=left.id)
    assert is_whole(app) and primaries(app) == ["Go on"]
    assert app.button(key="start").label == "Start training"
    assert "In a new run, from step 5 of 20 along the planned schedule." in said(app)
    assert "fresh" not in said(app)
    resume.place(left, 5).unlink()
    assert "was not kept, so it begins with a fresh one." in said(visit("pages/train.py", run=left.id))


def test_who_may_not_start_a_training_may_not_go_on_with_one(left: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "is_shared", lambda: True)
    app = visit("pages/train.py", run=left.id)
    assert is_whole(app) and not primaries(app) and not app.button


def test_a_run_that_has_ended_can_be_given_more_epochs(store: Store) -> None:
    run = launch.create(TrainConfig.from_preset("live", **SMALL), store)
    train(run)
    app = visit("pages/train.py", run=run.id)
    assert is_whole(app) and primaries(app) == ["Start training"]
    assert app.button(key="go_on").label == "Go on for 1 more epoch"
    assert "with a round of the schedule of their own: up, then down (one cycle)." in said(app)
    app.number_input(key="more_epochs").set_value(3).run()
    assert app.button(key="go_on").label == "Go on for 3 more epochs"
    shipped = visit("pages/train.py", run=PRETRAINED)
    assert "was not kept, so it begins with a fresh one." in said(shipped), "it ships without"
    child, old = launch.create(lineage.gone_on(store.run(PRETRAINED), 1), store), store.run(PRETRAINED)
    assert child.steps == old.steps and not (child.folder / "resume").exists()
    assert not records.last(child)["remembers"]


def test_a_round_that_was_added_and_left_is_gone_on_with_to_its_end(store: Store) -> None:
    run, stop = launch.create(TrainConfig.from_preset("live", **SMALL), store), threading.Event()
    train(run)
    more = launch.create(lineage.gone_on(run, 1), store)
    train(more, stop=stop, progress=lambda told: stop.set() if told.get("step") == 25 else None)
    app = visit("pages/train.py", run=more.id)
    assert is_whole(app) and primaries(app) == ["Go on"]
    assert "In a new run, from step 25 of 40 along the planned schedule." in said(app)


def test_the_curve_of_a_chain_is_one_with_a_mark_where_it_went_on(left: Run, store: Store) -> None:
    child = launch.create(lineage.gone_on(left), store)
    waiting = board().snapshot(child.id)
    assert moment(waiting) == "starting"
    assert [r["step"] for r in waiting.records if r["kind"] == "step"] == [*range(1, 6)], "its past is there at once"
    train(child)
    app = visit("pages/train.py", run=child.id)
    assert is_whole(app)
    assert headline(app).endswith("It went on from step 5 of another run, as though that had not ended.")
    drawn = curve(app)
    lines = drawn["layout"]["shapes"]
    assert [(line["x0"], line["x1"], line["xref"]) for line in lines] == [(5, 5, "x"), (5, 5, "x2")]
    named = [(one["x"], one["xref"]) for one in drawn["layout"]["annotations"] if one["text"] == "went on here"]
    assert named == [(5, "x"), (5, "x2")]
    steps = [row.split(",")[0] for row in metrics_csv(records.read_all(child)).splitlines() if ",batch," in row]
    assert steps == [str(step) for step in range(1, 21)]
    by_time = curve(visit("pages/train.py", run=child.id, by="seconds"))
    mark = next(r for r in records.read_all(child) if r["kind"] == "gone_on")
    assert by_time["layout"]["shapes"][0]["x0"] == mark["seconds"] > 0
    assert not curve(visit("pages/train.py", run=left.id))["layout"].get("shapes")


def test_who_went_on_is_named_so_and_has_the_recipe_of_who_never_stopped(left: Run, store: Store) -> None:
    child = launch.create(lineage.gone_on(left), store)
    whole = launch.create(TrainConfig.from_preset("live", **SMALL), store)
    labels = {one.run.id: run_label(one) for one in board().summaries()}
    assert labels[child.id].endswith(" · gone on") and not labels[whole.id].endswith(" · gone on")
    assert recipe(child.config) == recipe(whole.config) == recipe(left.config)
    assert set(differing([child.config, whole.config])[0]) == {"parent", "from_step", "goes_on"}


def test_who_was_interrupted_is_told_which_steps_are_taken_again(left: Run) -> None:
    whole = records.read_all(left)
    told = [record for record in whole if record["kind"] != "stopped" and record.get("part") != "test"]
    step = next(record for record in told if record.get("step") == 5)
    change = {"kind": "command", "command": "change", "value": None, "epoch": 0.3, "seconds": 0.1}
    late = {**change, "step": 7, "settings": {"rate": 0.003}, "before": {"rate": 0.01}}
    kept = {**late, "step": 6, "settings": {"weight_decay": 0.5}, "before": {"weight_decay": 0.0}}  # of the next step
    content = b"".join(map(records.line, [*told, kept, {**step, "step": 6}, late, {**step, "step": 7}]))
    (left.folder / records.NAME).write_bytes(content)
    (left.folder / PULSE).write_text("7")
    board().snapshot(left.id)
    follower = board()._followers[left.id]
    follower._watch._moved -= 60  # its pulse has stood still for a minute
    follower._read_at = float("-inf")
    app = visit("pages/train.py", run=left.id)
    assert headline(app).startswith("This training was interrupted") and primaries(app) == ["Go on"]
    assert "from step 5 of 20 along the planned schedule; 2 steps are taken again." in said(app)
    assert "What was changed after that is not taken over: rate 0.003 at step 7." in said(app)


def test_who_goes_on_with_a_changed_run_is_headed_by_what_the_first_step_was_taken_with(store: Store) -> None:
    run, stop = launch.create(TrainConfig.from_preset("live", **SMALL), store), threading.Event()

    def hand(told: records.Record) -> None:
        if told["kind"] == "step" and told["step"] in (2, 4):
            commands.change(run, {"rate": 0.003 if told["step"] == 2 else 0.001})
        if told.get("step") == 8:
            stop.set()

    train(run, stop=stop, progress=hand)
    child = launch.create(lineage.gone_on(run), store)
    train(child)
    assert (run.config["rate"], child.config["rate"]) == (0.01, 0.001)
    before, after = (board().snapshot(one.id) for one in (run, child))
    assert "Adam 0.01 · seed 0 · changed 2 times on the way" in state.heading(after)
    assert recipe(settings(after)) == recipe(settings(before)) != recipe(child.config)
