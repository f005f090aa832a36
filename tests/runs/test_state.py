"""A run's state is worked out from its records and its pulse, on the reader's own clock."""

import pytest

from mnist_viz.runs.state import PULSE, STILL, Watch
from mnist_viz.runs.store import Run

START = {"kind": "start"}


def command(word: str) -> dict[str, str]:
    return {"kind": "command", "command": word}


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 1e6

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def beat(run: Run, count: int) -> None:
    (run.folder / PULSE).write_text(str(count))


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([], "starting"),
        ([START], "running"),
        ([START, {"kind": "step", "step": 1}], "running"),
        ([START, command("pause")], "paused"),
        ([START, command("pause"), command("resume")], "running"),
        ([START, command("step")], "paused"),
        ([START, command("pause"), command("pace")], "paused"),
        ([START, command("stop")], "running"),
        ([START, command("pause"), {"kind": "finished"}], "finished"),
        ([START, {"kind": "stopped"}], "stopped"),
        ([{"kind": "failed", "reason": "?"}], "failed"),
        ([{"kind": "a kind of tomorrow"}], "starting"),
    ],
)
def test_records_say_the_state(run: Run, records: list[dict[str, str]], state: str) -> None:
    watch = Watch(run)
    assert watch.state(records) == state
    assert watch.state(records) == state  # all records again, or none: no difference
    assert watch.state([]) == state


def test_a_pulse_that_stands_still_means_interrupted_and_moving_on_means_running(run: Run, clock: Clock) -> None:
    beat(run, 1)
    watch = Watch(run, clock)
    assert watch.state([START]) == "running"
    clock.tick(STILL - 0.1)
    assert watch.state() == "running"
    clock.tick(0.2)
    assert watch.state() == "interrupted"
    beat(run, 2)
    assert watch.state() == "running"
    clock.tick(STILL + 1)
    assert watch.state() == "interrupted"


def test_a_beating_pulse_keeps_a_run_alive_for_hours(run: Run, clock: Clock) -> None:
    watch = Watch(run, clock)
    for count in range(3600):
        beat(run, count)
        assert watch.state([START, command("pause")] if count == 0 else []) == "paused"
        clock.tick(1)


def test_a_run_whose_process_never_breathed_is_interrupted(run: Run, clock: Clock) -> None:
    watch = Watch(run, clock)
    assert watch.state() == "starting"
    clock.tick(STILL)
    assert watch.state() == "interrupted"


def test_an_ending_needs_no_pulse(run: Run, clock: Clock) -> None:
    watch = Watch(run, clock)
    clock.tick(1000)
    assert watch.state([START, {"kind": "finished"}]) == "finished"
    clock.tick(1000)
    assert watch.state() == "finished"


def test_every_reader_has_a_clock_of_its_own(run: Run, clock: Clock) -> None:
    beat(run, 5)
    early = Watch(run, clock)
    clock.tick(STILL)
    late = Watch(run, clock)
    assert (early.state([START]), late.state([START])) == ("interrupted", "running")
