"""Settings that change while a training goes on: as in a bare loop of torch, or refused where they make no sense."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import models
from mnist_viz.data.mnist import Digits, digits
from mnist_viz.runs import commands, records
from mnist_viz.runs.commands import Inbox
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import changes, launch, worker
from mnist_viz.training.changes import Moment
from mnist_viz.training.config import Refused, TrainConfig
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.training.fit import fit, network, taught
from mnist_viz.training.learner import Learner

Make = Callable[[Any], torch.optim.Optimizer]
CHANGED_AT = 3


@pytest.fixture(scope="module")
def train() -> Digits:
    return digits("train")


@pytest.fixture(scope="module")
def val() -> Digits:
    return digits("val").chosen(np.arange(200))


def settings(**changes: Any) -> TrainConfig:
    few = {"architecture": "mlp", "digits": 600, "batch": 100, "rate": 0.02, "schedule": "constant", "device": "cpu"}
    return TrainConfig.from_preset("live", **{**few, **changes})


def bare(train: Digits, config: TrainConfig, make: Make, turn: dict[str, float]) -> torch.nn.Module:
    """A textbook's loop, which turns its optimiser's knobs before the step CHANGED_AT."""
    model, few = network(config), taught(train, config)
    optimiser = make(model.parameters())
    order = torch.Generator().manual_seed(config.seed)
    for step, chosen in enumerate(torch.split(torch.randperm(len(few), generator=order), config.batch), 1):
        if step == CHANGED_AT:
            for group in optimiser.param_groups:
                group.update(turn)
        optimiser.zero_grad()
        images = torch.tensor(few.images)[chosen].unsqueeze(1).float() / 255
        loss = functional.cross_entropy(model(images), torch.tensor(few.labels)[chosen].long())
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return model


def led(train: Digits, val: Digits, config: TrainConfig, wanted: dict[str, float]) -> tuple[models.Classifier, Any]:
    """The loop with the same change, told as a viewer tells it."""
    model, moment, told = network(config), Moment(config), []
    for record in fit(model, train, val, config, learner=Learner(model, config, moment)):
        told.append(record)
        if record["kind"] == "step" and record["step"] == CHANGED_AT - 1:
            given = tuple((name, str(value)) for name, value in wanted.items())
            moment.obey(commands.Command(1, "change", None, "000001", given), record)
    return model, told


CASES: dict[str, tuple[dict[str, Any], Make, dict[str, float], dict[str, float]]] = {
    "rate of adam": ({}, lambda w: torch.optim.Adam(w, 0.02, (0.7, 0.9)), {"rate": 0.003}, {"lr": 0.003}),
    "decay of adamw": (
        {"optimiser": "adamw"},
        lambda w: torch.optim.AdamW(w, 0.02, (0.7, 0.9), weight_decay=0),
        {"weight_decay": 0.2, "rate": 0.01},
        {"weight_decay": 0.2, "lr": 0.01},
    ),
    "momentum of sgd": (
        {"optimiser": "sgd", "momentum": 0},
        lambda w: torch.optim.SGD(w, 0.02),
        {"momentum": 0.8},
        {"momentum": 0.8},
    ),
    "no momentum after some": (
        {"optimiser": "sgd", "momentum": 0.8},
        lambda w: torch.optim.SGD(w, 0.02, 0.8),
        {"momentum": 0, "weight_decay": 0.01},
        {"momentum": 0.0, "weight_decay": 0.01},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_in_the_middle_is_that_of_torch(train: Digits, val: Digits, name: str) -> None:
    asked, make, wanted, turn = CASES[name]
    model, told = led(train, val, settings(**asked), wanted)
    same = bare(train, settings(), make, turn)
    unturned = bare(train, settings(), make, {})
    for key, value in model.state_dict().items():
        assert torch.allclose(value, same.state_dict()[key], rtol=0, atol=1e-6), key
    assert not torch.allclose(model.state_dict()["head.weight"], unturned.state_dict()["head.weight"], atol=1e-6)
    rates = [record["rate"] for record in told if record["kind"] == "step"]
    assert rates == [0.02] * (CHANGED_AT - 1) + [wanted.get("rate", 0.02)] * (6 - CHANGED_AT + 1)


def test_a_changed_rate_is_the_peak_that_the_schedule_follows(train: Digits, val: Digits) -> None:
    config = settings(schedule="cosine")
    _model, told = led(train, val, config, {"rate": 0.002})
    rates = [record["rate"] for record in told if record["kind"] == "step"]
    share = [(1 + np.cos(np.pi * step / 6)) / 2 for step in range(6)]
    assert rates == pytest.approx([0.02 * share[0], 0.02 * share[1], *(0.002 * one for one in share[2:])])


def test_what_makes_no_sense_is_refused_in_a_sentence_when_it_is_asked_and_when_it_is_obeyed() -> None:
    nonsense: list[tuple[TrainConfig, dict[str, Any], str]] = [
        (settings(), {"rate": 0}, "rate=0 is outside"),
        (settings(), {"rate": "much"}, "rate=much is not a number"),
        (settings(), {"momentum": 0.5}, "momentum has no meaning with Adam: leave it as it is"),
        (settings(), {"batch": 64}, "batch does not change while it trains: change one of rate"),
        (settings(optimiser="sgd", momentum=0.9), {"momentum": 1.5}, "momentum=1.5 is outside"),
        (settings(optimiser="sgd", momentum=0.9, nesterov="yes"), {"momentum": 0}, "no momentum to look ahead"),
    ]
    for config, wanted, sentence in nonsense:
        with pytest.raises(Refused, match=sentence):
            changes.changed(config, wanted)
        moment, at = Moment(config), {"step": 4, "epoch": 0.5, "seconds": 1.0}
        given = tuple((name, str(value)) for name, value in wanted.items())
        record = moment.obey(commands.Command(1, "change", None, "000001.x", given), at)
        assert moment.now == config and sentence.split(":")[0] in record["refused"] and record["step"] == 5


def test_only_what_has_a_meaning_can_be_changed() -> None:
    always = ("weight_decay", "dropout", *AUGMENTATION)
    assert changes.changeable(settings()) == ("rate", *always)
    assert changes.changeable(settings(optimiser="sgd")) == ("rate", "momentum", *always)


def test_names_of_files_hold_several_changes_and_nothing_else(store: Store) -> None:
    run = launch.create(settings(optimiser="sgd", momentum=0.9), store)
    config = TrainConfig.from_dict(run.config)
    assert changes.ask(run, config, {"rate": 1e-5, "momentum": 0.5}) == "000001.rate=1e-05,momentum=0.5"
    assert changes.ask(run, config, {"rate": 0.02}) == "", "nothing changes"
    (command,) = Inbox(run).new()
    assert (command.word, command.settings) == ("change", (("rate", "1e-05"), ("momentum", "0.5")))
    for wrong in ({}, {"batch": 8}, {"rate": "0.1,momentum=1"}, {"rate": "../../x"}):
        with pytest.raises(ValueError, match=r"\.$"):
            commands.change(run, wrong)
    strangers = [
        "000002.rate=0.01momentum=0.5",
        f"000002.{'a=1' * 60}!",
        "000002.rate",
        "000002.rate=",
        "000002.rate=1,rate=2",
        "000002.rate=1,",
        "000002.batch=8",
        "2.rate=1",
    ]
    for name in strangers:
        (run.folder / "control" / name).touch()
    assert [one.file for one in Inbox(run).new()] == ["000001.rate=1e-05,momentum=0.5"]


def test_a_run_records_the_change_with_its_step_and_its_settings_stay_as_they_were(store: Store) -> None:
    config = settings(digits=2000)
    run = launch.create(config, store)
    before = (run.folder / "config.json").read_bytes()

    def hand(record: records.Record) -> None:
        if record["kind"] == "step" and record["step"] == 5:
            changes.ask(run, config, {"rate": 0.005})
            commands.change(run, {"rate": "77", "weight_decay": "0.1"})
            changes.ask(run, config, {"weight_decay": 0.01})

    ending = worker.train(run, stop=threading.Event(), progress=hand)
    assert ending["kind"] == "finished"
    told = records.read_all(run)
    obeyed = [record for record in told if record["kind"] == "command"]
    assert [(one["step"], one["settings"]) for one in obeyed] == [
        (6, {"rate": 0.005}),
        (6, {"rate": "77", "weight_decay": "0.1"}),
        (6, {"weight_decay": 0.01}),
    ]
    assert "rate=77 is outside" in obeyed[1]["refused"] and obeyed[0]["before"] == {"rate": 0.02}
    rates = {record["step"]: record["rate"] for record in told if record["kind"] == "step"}
    assert (rates[5], rates[6]) == (0.02, 0.005)
    assert (run.folder / "config.json").read_bytes() == before
    assert changes.as_changed(config, told) == settings(digits=2000, rate=0.005, weight_decay=0.01)
    assert changes.as_changed(config, [{**obeyed[0], "settings": ["rate"]}, {**obeyed[0], "settings": None}]) == config


def test_a_run_that_nobody_touched_was_as_it_says(store: Store) -> None:
    run: Run = launch.create(settings(), store)
    assert changes.as_changed(TrainConfig.from_dict(run.config), []) == TrainConfig.from_dict(run.config)
