"""Contests: what they refuse, what their sides differ in, and that their numbers are the training loop's own."""

import json
import subprocess
import sys
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from mnist_viz.runs import digits
from mnist_viz.training import contenders
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.contest import PREPARING, SCALING, STEPS, Contest
from mnist_viz.training.failures import Refused
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.training.fit import fit, network

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("step", STEPS)
def test_the_sides_of_every_contest_differ_in_its_step_alone(step: str) -> None:
    for setting in STEPS[step] or (0,):
        contest = Contest(step, setting)
        without, with_it = (contest.config(1, with_step=side).as_dict() for side in (False, True))
        differing = {name for name in without if without[name] != with_it[name]}
        assert differing == {"preparation" if step in PREPARING else "scaling" if step in SCALING else step}
    assert set(STEPS) == {*PREPARING, *SCALING, *AUGMENTATION}


def test_noise_is_put_into_both_sides_before_the_step() -> None:
    contest = Contest("median", 3, 30)
    words = [contest.config(0, with_step=side).preparation for side in (False, True)]
    assert words == ["noise30", "noise30-median3"]


def test_a_scaling_is_tried_against_pixels_from_0_to_1() -> None:
    assert [Contest("mean_image").config(0, with_step=side).scaling for side in (False, True)] == ["unit", "mean_image"]


@pytest.mark.parametrize(
    "words",
    [
        {"step": "mirror"},
        {"step": "median", "setting": 4},
        {"setting": 3},
        {"noise": 7},
        {"step": "noise", "setting": 30, "noise": 30},
        {"digits": 55_000},
        {"seeds": 1},
        {"architecture": "vit"},
    ],
)
def test_nonsense_is_refused_with_what_is_allowed(words: dict[str, object]) -> None:
    with pytest.raises(Refused, match=r"nothing that can be tried here: choose .*, such as "):
        Contest(**words)  # type: ignore[arg-type]


def test_the_same_contest_has_the_same_name_however_its_numbers_are_written() -> None:
    one, other = Contest("elastic", 1), Contest("elastic", 1.0)
    assert one == other and one.name == other.name == "elastic_1_0_1000_conv16_32_5"
    assert Contest("zoom", 0.1).name != Contest("zoom", 0.2).name


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("step", ["binarise", "mean_image", "shift"])
def test_its_numbers_are_those_of_the_loop_called_for_the_same_settings(step: str) -> None:
    contest = Contest(step, {"binarise": 30, "shift": 2}.get(step, 0), digits=3000, architecture="mlp", seeds=3)
    of_step: dict[str, Any] = {
        "binarise": ({}, {"preparation": "binarise30"}),
        "mean_image": ({"scaling": "unit"}, {"scaling": "mean_image"}),
        "shift": ({}, {"shift": 2}),
    }
    found = list(islice(contenders.looks(contest), 9))  # of the first pair, and the first of the second
    assert [one[:3] for one in found] == [
        *((side, 0, epoch) for side in (False, True) for epoch in (1, 2, 3, 4)),
        (False, 1, 1),
    ]
    expected = list[float]()
    for seed, said, kept in [(0, of_step[step][0], 4), (0, of_step[step][1], 4), (1, of_step[step][0], 1)]:
        config = TrainConfig.from_preset(
            "live", architecture="mlp", digits=3000, epochs=4, batch=64, rate=0.003, seed=seed, device="cpu", **said
        )
        train, val = (digits.as_seen(config.preparation, part) for part in ("train", "val"))
        told = (one["accuracy"] for one in fit(network(config), train, val, config) if one.get("digits") == 5000)
        expected += islice(told, kept)
    assert [one.accuracy for one in found] == expected
    assert min(expected) > 0.7


def test_the_process_ends_with_whoever_started_it() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", contenders.__name__],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin and process.stdout
    try:
        process.stdin.write(json.dumps(asdict(Contest(digits=3000, seeds=10))) + "\n")
        process.stdin.flush()
        process.stdin.close()  # as the death of the other side does
        assert process.wait(60) == 0
        assert '"done"' not in process.stdout.read()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
