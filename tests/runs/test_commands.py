"""Commands are obeyed once, in order, and two who give them at once hurt nobody."""

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_viz.runs.commands import PACES, Command, Inbox, give
from mnist_viz.runs.store import Run


def test_commands_come_once_and_in_order(run: Run) -> None:
    inbox = Inbox(run)
    assert inbox.new() == []
    assert give(run, "pause") == "000001.pause"
    assert give(run, "pace", 4) == "000002.pace=4"
    assert inbox.new() == [Command(1, "pause", None, "000001.pause"), Command(2, "pace", 4.0, "000002.pace=4")]
    assert give(run, "resume") == "000003.resume"
    assert [command.word for command in inbox.new()] == ["resume"]
    assert inbox.new() == []


def test_two_who_command_at_once_are_both_heard(run: Run) -> None:
    given_by: dict[str, list[str]] = {"pause": [], "step": []}
    barrier = threading.Barrier(4)

    def command(word: str) -> None:
        barrier.wait()
        for _ in range(50):
            given_by[word].append(give(run, word))

    threads = [threading.Thread(target=command, args=(word,)) for word in ("pause", "step") * 2]
    inbox, heard = Inbox(run), []
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        heard += inbox.new()
    heard += inbox.new()
    files = [command.file for command in heard]
    assert len(files) == len(set(files)) == 200
    assert sorted(files) == sorted(given_by["pause"] + given_by["step"])


def test_one_viewers_commands_stay_in_order(run: Run) -> None:
    files = [give(run, word) for word in ("pause", "step", "step", "resume", "stop")]
    assert files == sorted(files)
    assert all(int(a[:6]) < int(b[:6]) for a, b in pairwise(files))


@given(st.floats(*PACES) | st.just(0.0))
def test_every_pace_that_is_given_is_heard(make_run: Callable[[], Run], pace: float) -> None:
    run = make_run()
    give(run, "pace", pace)
    (command,) = Inbox(run).new()
    assert command.value == pytest.approx(pace, rel=1e-2)


@pytest.mark.parametrize(
    ("word", "value", "what"),
    [
        ("explode", None, "is no command: give one of pause"),
        ("../stop", None, "is no command"),
        ("pace", None, "outside 0.1..1000.0 steps a second: try 4"),
        ("pace", -1.0, "outside"),
        ("pace", 0.01, "outside"),
        ("pace", 1e9, "outside"),
        ("pace", float("nan"), "outside"),
        ("pause", 2.0, "only pace takes a number"),
    ],
)
def test_nonsense_is_refused_and_leaves_no_file(run: Run, word: str, value: float | None, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        give(run, word, value)
    assert list((run.folder / "control").iterdir()) == []


def test_names_that_say_nothing_are_passed_over(run: Run) -> None:
    strangers = [".DS_Store", "stop", "1.stop", "000001.explode", "000001.pace", "000001.pace=", "000001.pace=1.2.3"]
    strangers += ["000001.pace=nan", "000001.pace=99999", "000001.stop=1", "000001.stop.txt", "٠٠٠٠٠١.stop"]
    for name in strangers:
        (run.folder / "control" / name).touch()
    assert Inbox(run).new() == []
    assert give(run, "stop") == "000001.stop"
