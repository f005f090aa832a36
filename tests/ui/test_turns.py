"""Turns at computing: never too many at once, and nobody waits for a whole curve of another."""

import threading
import time
from pathlib import Path

import pytest

from mnist_viz.analysis import endurance
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.ui import caches
from mnist_viz.ui.turns import Turns


def test_who_waits_comes_before_who_has_just_had_a_turn() -> None:
    turns, order = Turns(1), list[str]()

    def take(name: str) -> None:
        with turns:
            order.append(name)

    waiting = [threading.Thread(target=take, args=(name,)) for name in ("first", "second")]
    with turns:
        for count, one in enumerate(waiting, 1):
            one.start()
            while len(turns._waiting) < count:
                time.sleep(0.001)
    take("again")
    assert order == ["first", "second", "again"]


def test_no_more_than_so_many_have_a_turn_at_once() -> None:
    turns, counting, inside = Turns(2), threading.Lock(), [0, 0]

    def take() -> None:
        for _ in range(5):
            with turns:
                with counting:
                    inside[0] += 1
                    inside[1] = max(inside)
                time.sleep(0.002)
                with counting:
                    inside[0] -= 1

    many = [threading.Thread(target=take) for _ in range(6)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    assert inside == [0, 2]


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="too large"), turns:
            raise ValueError("too large")


def test_two_curves_of_others_do_not_hold_up_one_digit(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endurance, "DIGITS", 300)
    for cached in (caches.right_counts, caches.answer):
        cached.clear()
    caches.network(PRETRAINED, 128)
    curves = [
        threading.Thread(target=caches.right_counts, args=(PRETRAINED, 128, kind)) for kind in ("light", "contrast")
    ]
    for curve in curves:
        curve.start()
    time.sleep(0.1)
    caches.answer(PRETRAINED, 128, "test-17")
    assert all(curve.is_alive() for curve in curves)
    for curve in curves:
        curve.join()
    caches.right_counts.clear()
