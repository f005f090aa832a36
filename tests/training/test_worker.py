"""A run from its folder to its ending, in this process: what is written, kept, refused and never lost."""

import json
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from mnist_viz.data.mnist import digits
from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.commands import give
from mnist_viz.runs.logits import logits, predict
from mnist_viz.runs.state import Watch
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import launch, session
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Diverged, Refused
from mnist_viz.training.lock import only_one
from mnist_viz.training.worker import train


def new(store: Store, **changes: str | int | float) -> Run:
    return launch.create(TrainConfig.from_preset("live", architecture="mlp", device="cpu", **changes), store)


def last(run: Run, kind: str, **fields: str) -> records.Record:
    return next(r for r in reversed(records.read_all(run)) if {"kind": kind, **fields}.items() <= r.items())


def test_a_finished_run_holds_all_that_was_promised(store: Store) -> None:
    run = new(store, digits=1000, batch=100)
    told: list[records.Record] = []
    ending = train(run, progress=told.append)
    assert told == records.read_all(run) and told[-1] == ending
    assert ending["kind"] == "finished" and Watch(run).state(told) == "finished"
    assert run.steps == [record["step"] for record in told if record["kind"] == "checkpoint"] == [0, 1, 2, 4, 8, 10]
    test = last(run, "evaluation", part="test")
    assert (test["step"], test["digits"], test["accuracy"]) == (10, 10_000, ending["test_accuracy"])
    assert last(run, "evaluation", part="val")["accuracy"] == ending["val_accuracy"]
    assert ending["seconds"] == last(run, "step")["seconds"]

    answers = logits(run, 10, "test")
    assert (answers.argmax(1) == digits("test").labels).mean() == ending["test_accuracy"]
    assert np.allclose(predict(checkpoints.load(run, 10), digits("test").images), answers, atol=1e-5)
    assert sorted(path.name for path in (run.cache / "00000010").iterdir()) == ["logits_test-1.npy", "logits_val-1.npy"]


def test_a_run_says_where_its_digits_came_from(store: Store) -> None:
    config = json.loads((new(store, digits=500).folder / "config.json").read_text())
    assert config["data"] == "mnist" and config["counts"] == {"train": 55_000, "val": 5_000, "test": 10_000}
    assert config["digits"] == 500 and config["parent"] is None


def test_a_long_training_has_few_records_and_at_most_forty_checkpoints(store: Store) -> None:
    run = new(store, digits=400, batch=8, epochs=80)
    train(run)
    steps = [record["step"] for record in records.read_all(run) if record["kind"] == "step"]
    assert len(steps) <= 4000 and steps == sorted(set(steps)) and steps[-1] == 80 * 50
    assert run.steps == [0, 1, 2, 4, 8, 16, 32, 64, 128, *range(150, 80 * 50, 150), 80 * 50]  # each third epoch
    assert (run.folder / records.NAME).stat().st_size < 1_000_000


def test_stopping_keeps_what_was_learned(store: Store) -> None:
    run, stop = new(store, digits=2000, batch=100), threading.Event()
    ending = train(run, stop=stop, progress=lambda record: stop.set() if record.get("step") == 11 else None)
    assert ending["kind"] == "stopped" and Watch(run).state(records.read_all(run)) == "stopped"
    assert run.steps == [0, 1, 2, 4, 8, 11]
    assert last(run, "evaluation", part="val")["digits"] == 5000
    assert last(run, "evaluation", part="test")["accuracy"] == ending["test_accuracy"] > 0.3


def test_stopping_before_the_first_step_is_allowed(store: Store) -> None:
    run = new(store, digits=500)
    give(run, "stop")
    ending = train(run)
    assert (ending["kind"], ending["seconds"], run.steps) == ("stopped", 0.0, [0])


def test_a_training_that_diverges_fails_with_a_sentence(store: Store) -> None:
    config = TrainConfig.from_preset("plain_sgd", rate=10, digits=5000, device="cpu")
    run = launch.create(config, store)
    ending = train(run)
    assert ending["kind"] == "failed" and Watch(run).state(records.read_all(run)) == "failed"
    assert ending["reason"].endswith("(rate=10) is too large for SGD here: try 0.01.")
    assert ending["reason"] in run.log and "Traceback" not in run.log and ".py" not in run.log
    assert all(record["loss"] is not None for record in records.read_all(run) if record["kind"] == "step")
    assert last(run, "evaluation", part="val")["loss"] > 10_000
    assert checkpoints.load(run, run.steps[-1])


def test_a_step_that_ran_away_is_recorded_even_where_most_steps_are_left_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = {"kind": "step", "step": 1, "epoch": 0.02, "loss": 2e4, "accuracy": 0.1, "rate": 10.0, "seconds": 0.1}

    def loop(*_: object, **_named: object) -> Iterator[records.Record]:
        yield step
        raise Diverged("The loss ran away.")

    monkeypatch.setattr(session, "fit", loop)
    run = new(store, digits=400, batch=8, epochs=200)  # 10,000 steps, of which every third is recorded
    assert train(run)["reason"] == "The loss ran away."
    assert records.read_all(run)[0] == step


def test_an_error_nobody_thought_of_is_one_sentence_too(store: Store) -> None:
    run = new(store, digits=500)
    (run.folder / "checkpoints").rmdir()
    (run.folder / "checkpoints").touch()
    ending = train(run)
    assert ending["reason"] == "The training ended by an error (FileExistsError): the log says where."
    assert "Traceback" in run.log


def test_settings_that_were_spoilt_later_fail_with_their_sentence(store: Store) -> None:
    run = new(store)
    (run.folder / "config.json").write_text(json.dumps({**run.config, "batch": 5}))
    assert train(run)["reason"] == "batch=5 is outside 8..4096: try 256."
    other = new(store)
    (other.folder / "config.json").write_text("{")
    assert train(other)["reason"].startswith("config.json of run")


def test_a_run_is_trained_once(store: Store) -> None:
    run = new(store, digits=500)
    give(run, "stop")
    train(run)
    before = (run.folder / records.NAME).read_bytes()
    with pytest.raises(Refused, match="has been trained already: start a new one"):
        train(run)
    assert (run.folder / records.NAME).read_bytes() == before


def test_who_comes_second_fails_naming_the_first(store: Store) -> None:
    first, second = new(store, digits=500), new(store, digits=500)
    with only_one(first):
        ending = train(second)
    assert ending["kind"] == "failed"
    assert ending["reason"].startswith(f"Run {first.id} is training, and one training runs at a time")
    assert [record["kind"] for record in records.read_all(second)] == ["failed"]
