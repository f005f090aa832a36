"""Trainers as processes of their own: commanded through the folder, killed at any moment, asked kindly to end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import torch

from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.commands import give
from mnist_viz.runs.records import Record, Tail
from mnist_viz.runs.state import PULSE, STILL, Watch
from mnist_viz.runs.store import REPOSITORY, Run, Store
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig

Wait = Callable[[Callable[[], bool]], None]
TRAINER = [sys.executable, "-m", "mnist_viz.training"]


class Follower:
    """What a viewer knows of a run."""

    def __init__(self, run: Run) -> None:
        self.run, self.records, self.states = run, list[Record](), list[str]()
        self._tail, self._watch = Tail(run), Watch(run)

    def look(self) -> str:
        new = self._tail.read()
        self.records += new
        self.states.append(self._watch.state(new))
        return self.states[-1]

    def steps(self) -> int:
        self.look()
        return max((record["step"] for record in self.records if record["kind"] == "step"), default=0)


def small(**changes: str | int | float) -> TrainConfig:
    return TrainConfig.from_preset("live", architecture="mlp", digits=500, batch=8, device="cpu", **changes)


@pytest.fixture
def running(store: Store, wait: Wait) -> Iterator[Follower]:
    """A trainer that would go on for a long time, and is stopped in the end whatever happens."""
    follower = Follower(launch.start(small(epochs=200), store))
    yield follower
    give(follower.run, "stop")
    wait(lambda: follower.look() not in ("starting", "running", "paused"))


def test_nobody_goes_on_with_a_run_that_still_trains_or_with_settings_of_another(
    running: Follower, store: Store, wait: Wait
) -> None:
    wait(lambda: running.steps() > 3)
    go_on = [*TRAINER, "--go-on", running.run.id, "--runs", str(store.root)]
    for words, sentence in (
        ([], f"Run {running.run.id} is still training: stop it first"),
        (["--preset", "live"], "takes all settings from the run"),
    ):
        refused = subprocess.run([*go_on, *words], capture_output=True, text=True, check=False, timeout=60)
        assert refused.returncode == 2 and sentence in refused.stderr


def test_a_training_obeys_its_viewers(running: Follower, store: Store, wait: Wait) -> None:
    run = running.run
    assert running.look() == "starting"
    wait((run.folder / PULSE).exists)
    assert running.look() == "starting", "the first breath comes before torch does"
    wait(lambda: running.steps() > 3)
    assert running.look() == "running"

    give(run, "pause")
    wait(lambda: running.look() == "paused")
    before = running.steps()
    time.sleep(0.3)
    assert running.steps() == before, "it went on while paused"

    for count in (1, 2):
        give(run, "step")
        wait(lambda count=count: running.steps() == before + count)  # type: ignore[misc]
        assert running.look() == "paused"

    second = Follower(launch.start(small(), store))
    wait(lambda: second.look() == "failed")
    assert second.records[-1]["reason"].startswith(f"Run {run.id} is training")

    give(run, "pace", 20)
    give(run, "resume")
    wait(lambda: running.look() == "running")
    began, first = time.monotonic(), running.steps()
    wait(lambda: running.steps() >= first + 10)
    assert 0.4 < time.monotonic() - began < 3

    give(run, "stop")
    wait(lambda: running.look() == "stopped")
    obeyed = [(record["command"], record["value"]) for record in running.records if record["kind"] == "command"]
    assert obeyed == [
        ("pause", None), ("step", None), ("step", None), ("pace", 20.0), ("resume", None), ("stop", None),
    ]  # fmt: skip
    ending = running.records[-1]
    assert ending["seconds"] < 5 and run.steps[-1] == running.steps()
    assert "interrupted" not in running.states
    assert "Traceback" not in run.log


def test_a_trainer_asked_to_end_keeps_what_it_learned(store: Store, wait: Wait) -> None:
    run = launch.create(small(epochs=200), store)
    with subprocess.Popen([*TRAINER, str(run.folder)], cwd=REPOSITORY, env=environment(store)) as trainer:
        follower = Follower(run)
        wait(lambda: follower.steps() > 3)
        trainer.send_signal(signal.SIGTERM)
        assert trainer.wait(30) == 0
    assert follower.look() == "stopped" and run.steps[-1] == follower.steps()


def environment(store: Store) -> dict[str, str]:
    return {**os.environ, "MNIST_VIZ_CACHE": str(store.cache)}


def terminal(store: Store, *words: str) -> "subprocess.Popen[str]":
    command = [*TRAINER, *words, "--runs", str(store.root)]
    return subprocess.Popen(
        command, cwd=REPOSITORY, env=environment(store), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


SMALL = ["--architecture", "mlp", "--set", "digits=500", "batch=8", "device=cpu"]


def test_a_terminal_trains_like_a_viewer_and_says_the_result_in_its_last_line(store: Store) -> None:
    with terminal(store, "--preset", "longer", *SMALL, "--epochs", "2", "--seed", "3") as trainer:
        out, err = trainer.communicate(timeout=60)
    assert trainer.returncode == 0
    result = json.loads(out.splitlines()[-1])
    assert list(result) == ["run", "test_accuracy", "val_accuracy", "seconds", "images_per_second"]
    run = store.run(result["run"])
    assert records.read_all(run)[-1]["test_accuracy"] == result["test_accuracy"]
    assert (run.config["preset"], run.config["epochs"], run.config["seed"]) == ("longer", 2, 3)
    assert "test " in err and "Traceback" not in err


def test_ctrl_c_in_a_terminal_stops_kindly(store: Store, wait: Wait) -> None:
    with terminal(store, *SMALL, "--epochs", "200") as trainer:
        wait(lambda: bool(store.runs()))
        follower = Follower(store.runs()[0])
        wait(lambda: follower.steps() > 3)
        trainer.send_signal(signal.SIGINT)
        out, err = trainer.communicate(timeout=30)
    assert trainer.returncode == 0 and follower.look() == "stopped"
    assert json.loads(out.splitlines()[-1])["run"] == follower.run.id and "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--set", "batch=5"], "batch=5 is outside 8..4096: try 256."),
        (
            ["--preset", "quick"],
            "preset=quick is not known: choose live or longer or standard or accurate or plain_sgd or two_convolutions "
            "or no_dense_layer or padded or dropout or rows or patches or overfit or fine_tune.",
        ),
        (["--epochs", "many"], "epochs=many is not a whole number in 1..200: try 1."),
        (["--colour=red"], "unrecognized arguments: --colour=red: see --help."),
        pytest.param(
            ["--set", "device=cuda"],
            "device=cuda is not there on this machine: choose auto or cpu.",
            marks=pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has one"),
        ),
        (["a_folder"], "There is no run 'a_folder': choose one from the list."),
    ],
)
def test_nonsense_on_the_command_line_is_one_sentence_and_exit_code_2(
    store: Store, words: list[str], sentence: str
) -> None:
    with terminal(store, *words) as trainer:
        out, err = trainer.communicate(timeout=30)
    assert (trainer.returncode, out, err) == (2, "", sentence + "\n")
    assert not store.root.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
def test_a_trainer_killed_at_any_record_leaves_a_run_that_everybody_can_read(store: Store) -> None:
    counts = [1, 2, 3, 4, 7, 12, 30, 60]
    subprocess.run(
        [sys.executable, "-m", "tests.training.kill_at_records", str(store.root), *map(str, counts)],
        cwd=REPOSITORY,
        env=environment(store),
        check=True,
        timeout=120,
    )
    runs = sorted(store.runs(), key=lambda run: int(run.config["seed"]))
    assert [len(records.read_all(run)) for run in runs] == counts
    for run in runs:
        now = [0.0]
        watch = Watch(run, lambda now=now: now[0])  # type: ignore[misc]
        assert watch.state(records.read_all(run)) in ("running", "starting")
        now[0] = STILL
        assert watch.state() == "interrupted"
        told = [record["step"] for record in records.read_all(run) if record["kind"] == "checkpoint"]
        assert set(told) <= set(run.steps), "a checkpoint was announced before it was there"
        for step in run.steps:
            assert checkpoints.load(run, step)
