"""The finer settings against torch itself: a few steps of the loop are those of a bare loop written here."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

import models
from mnist_viz.data.mnist import Digits, digits
from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.logits import predict
from mnist_viz.runs.records import shown_step
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.training import launch, lineage, worker
from mnist_viz.training.config import Refused, TrainConfig, from_words
from mnist_viz.training.fields import LATER
from mnist_viz.training.fit import fit, network, taught
from mnist_viz.training.patience import Patience

Make = Callable[[Any], torch.optim.Optimizer]
RATE, MOMENTUM = 0.02, 0.8


@pytest.fixture(scope="module")
def train() -> Digits:
    return digits("train")


@pytest.fixture(scope="module")
def val() -> Digits:
    return digits("val").chosen(np.arange(300))


def settings(**changes: Any) -> TrainConfig:
    few = {"architecture": "mlp", "digits": 300, "batch": 100, "rate": RATE, "schedule": "constant", "device": "cpu"}
    return TrainConfig.from_preset("live", **{**few, **changes})


def learned(train: Digits, val: Digits, config: TrainConfig) -> tuple[models.Classifier, list[dict[str, Any]]]:
    model = network(config)
    return model, list(fit(model, train, val, config))


def bare(train: Digits, config: TrainConfig, make: Make, smoothing: float = 0.0) -> torch.nn.Module:
    """A textbook's loop over the same batches, without anything of ours but the fresh network and its digits."""
    model, few = network(config), taught(train, config)
    optimiser = make(model.parameters())
    order = torch.Generator().manual_seed(config.seed)
    for _epoch in range(config.epochs):
        for chosen in torch.split(torch.randperm(len(few), generator=order), config.batch):
            images = torch.tensor(few.images)[chosen].unsqueeze(1).float() / 255
            labels = torch.tensor(few.labels)[chosen].long()
            optimiser.zero_grad()
            loss = functional.cross_entropy(model(images), labels, label_smoothing=smoothing)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return model


def assert_same_weights(one: torch.nn.Module, other: torch.nn.Module) -> None:
    for name, value in one.state_dict().items():
        assert torch.allclose(value, other.state_dict()[name], rtol=0, atol=1e-6), name


OPTIMISERS: dict[str, tuple[dict[str, Any], Make]] = {
    "adam": ({"weight_decay": 0.1}, lambda w: torch.optim.Adam(w, lr=RATE, betas=(0.7, 0.9), weight_decay=0.1)),
    "adamw": ({"weight_decay": 0.1}, lambda w: torch.optim.AdamW(w, lr=RATE, betas=(0.7, 0.9), weight_decay=0.1)),
    "sgd": (
        {"weight_decay": 0.05, "momentum": MOMENTUM},
        lambda w: torch.optim.SGD(w, lr=RATE, momentum=MOMENTUM, weight_decay=0.05),
    ),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_three_steps_are_those_of_torch(train: Digits, val: Digits, name: str) -> None:
    changes, make = OPTIMISERS[name]
    model, _told = learned(train, val, settings(optimiser=name, **changes))
    assert_same_weights(model, bare(train, settings(), make))


def test_nesterovs_momentum_is_that_of_torch(train: Digits, val: Digits) -> None:
    config = settings(optimiser="sgd", momentum=MOMENTUM, nesterov="yes")
    model, _told = learned(train, val, config)
    same = bare(train, config, lambda w: torch.optim.SGD(w, lr=RATE, momentum=MOMENTUM, nesterov=True))
    assert_same_weights(model, same)
    plain = bare(train, config, lambda w: torch.optim.SGD(w, lr=RATE, momentum=MOMENTUM))
    assert any(not torch.equal(one, other) for one, other in zip(model.parameters(), plain.parameters(), strict=True))


def test_smoothing_changes_what_is_learned_from_and_not_what_is_looked_at(train: Digits, val: Digits) -> None:
    config = settings(optimiser="sgd", momentum=0, smoothing=0.2)
    model, told = learned(train, val, config)
    assert_same_weights(model, bare(train, config, lambda w: torch.optim.SGD(w, lr=RATE), smoothing=0.2))
    logits = torch.tensor(predict(model.eval(), val.images))
    plain = functional.nll_loss(functional.log_softmax(logits, 1), torch.tensor(val.labels).long())
    look = [one for one in told if one["kind"] == "evaluation"][-1]
    assert look["loss"] == pytest.approx(plain.item(), abs=1e-6)


@pytest.mark.parametrize("schedule", ["cosine", "step"])
def test_rates_are_those_of_torch(schedule: str) -> None:
    config = settings(schedule=schedule, epochs=4)  # 12 steps
    optimiser = torch.optim.SGD([torch.zeros(1)], lr=RATE)
    known: torch.optim.lr_scheduler.LRScheduler
    if schedule == "cosine":
        known = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=12)
    else:
        known = torch.optim.lr_scheduler.StepLR(optimiser, step_size=3, gamma=0.7)
    rates = []
    for _step in range(12):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        known.step()
    assert [config.rate_at(step) for step in range(1, 13)] == pytest.approx(rates)


def test_steps_along_a_cosine_are_those_of_torch(train: Digits, val: Digits) -> None:
    config = settings(schedule="cosine", optimiser="sgd", momentum=MOMENTUM)
    model, told = learned(train, val, config)
    rates = [RATE, RATE * 0.75, RATE * 0.25]  # (1 + cos 0, cos 60 and cos 120 degrees) / 2
    assert [one["rate"] for one in told if one["kind"] == "step"] == pytest.approx(rates)

    def make(weights: Any) -> torch.optim.Optimizer:
        optimiser = torch.optim.SGD(weights, lr=RATE, momentum=MOMENTUM)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=3)
        optimiser.register_step_post_hook(lambda *_: schedule.step())
        return optimiser

    assert_same_weights(model, bare(train, config, make))


def test_a_smoothed_label_is_nine_tenths_and_a_share_of_the_rest_for_each(train: Digits, val: Digits) -> None:
    config = settings(smoothing=0.1)
    model, few = network(config), taught(train, config)
    first = next(r for r in fit(network(config), train, val, config) if r["kind"] == "step")
    chosen = torch.randperm(300, generator=torch.Generator().manual_seed(0))[:100].numpy()
    surprise = -functional.log_softmax(model(torch.tensor(few.images[chosen]).unsqueeze(1).float() / 255), 1)
    label = 0.9 * np.eye(10)[few.labels[chosen]] + 0.01
    assert first["loss"] == pytest.approx((surprise.detach().numpy() * label).sum(1).mean(), abs=1e-5)


@pytest.mark.parametrize("architecture", ["fast_cnn", "vit", "lstm_rows"])
@pytest.mark.parametrize("name", ["xavier", "he"])
def test_first_weights_are_drawn_as_their_inventors_say(architecture: str, name: str) -> None:
    config = settings(architecture=architecture, initialisation=name, seed=3)
    model, same = network(config), network(config)
    assert all(torch.equal(value, same.state_dict()[key]) for key, value in model.state_dict().items())
    default, drawn = network(settings(architecture=architecture, seed=3)).state_dict(), set[str]()
    for key, layer in model.named_modules():
        if not isinstance(layer, torch.nn.Conv2d | torch.nn.Linear):
            continue
        drawn |= {f"{key}.weight", f"{key}.bias"}
        weights = layer.weight.detach().numpy()
        area = weights[0, 0].size  # of a filter; 1 in a dense layer
        inputs, outputs = weights.shape[1] * area, weights.shape[0] * area
        if name == "xavier":
            assert 0.8 < abs(weights).max() / np.sqrt(6 / (inputs + outputs)) <= 1 + 1e-6
        else:
            deviation = weights.std() / np.sqrt(2 / inputs)
            assert abs(deviation - 1) < 4 / np.sqrt(2 * weights.size)  # four deviations of a deviation
        assert layer.bias is None or not layer.bias.any()
    assert all(torch.equal(value, default[key]) for key, value in model.state_dict().items() if key not in drawn)


def states(train: Digits, val: Digits, config: TrainConfig) -> list[dict[str, torch.Tensor]]:
    """The weights after each step, as the caller of the loop holds them."""
    model = network(config)
    return [
        {name: value.clone() for name, value in model.state_dict().items()}
        for record in fit(model, train, val, config)
        if record["kind"] == "step"
    ]


@pytest.mark.parametrize("decay", [0.5, 0.99])
def test_averaged_weights_are_the_average_of_those_that_were_learned(train: Digits, val: Digits, decay: float) -> None:
    few = {"architecture": "fast_cnn", "epochs": 5}  # 15 steps; by then (1 + n) / (10 + n) is 0.625
    raw, averaged = (states(train, val, settings(averaging=share, **few)) for share in (0, decay))
    for name in raw[0]:
        mean = raw[0][name].double().numpy()
        for step, (learned, kept) in enumerate(zip(raw, averaged, strict=True)):
            share = min(decay, (1 + step) / (10 + step)) if step else 0
            now = learned[name].double().numpy()
            mean = share * mean + (1 - share) * now if learned[name].is_floating_point() else now
            assert np.allclose(kept[name].numpy(), mean, atol=1e-5), (name, step)


def test_an_average_is_that_of_torch_once_its_beginning_is_over(train: Digits, val: Digits) -> None:
    config = settings(averaging=0.1, epochs=2)  # (1 + n) / (10 + n) is above it from the first step
    model = network(config)
    ema = get_ema_multi_avg_fn(0.1)  # type: ignore[no-untyped-call]
    known = AveragedModel(model, multi_avg_fn=ema)
    learner = network(config)
    for record in fit(learner, train, val, settings(epochs=2)):
        if record["kind"] == "step":
            known.update_parameters(learner)
    for _record in fit(model, train, val, config):
        pass
    assert_same_weights(model, known.module)


def test_averaged_statistics_of_batch_norms_fit_the_averaged_weights(train: Digits, val: Digits) -> None:
    config = settings(architecture="fast_cnn", averaging=0.99, digits=3000, batch=50, epochs=2, rate=0.01)
    model, told = learned(train, val, config)
    ours = predict(model.eval(), val.images)
    pixels = torch.tensor(taught(train, config).images).unsqueeze(1).float() / 255
    update_bn(torch.split(pixels, 500), model)  # the statistics measured anew, over all training digits
    measured = predict(model.eval(), val.images)
    right, right_measured = ((one.argmax(1) == val.labels).mean() for one in (ours, measured))
    assert right > 0.93 and abs(right - right_measured) <= 0.02
    assert (ours.argmax(1) == measured.argmax(1)).mean() > 0.97
    look = [one for one in told if one["kind"] == "evaluation"][-1]
    assert look["accuracy"] == right


def test_what_is_frozen_stays_as_it_was_to_the_last_bit_in_an_average_too(train: Digits, val: Digits) -> None:
    config = settings(architecture="fast_cnn", averaging=0.99, epochs=3, parent=PRETRAINED, trains="head")
    before = network(config).state_dict()
    for name, value in states(train, val, config)[-1].items():
        assert torch.equal(value, before[name]) != name.startswith("head."), name


def test_a_stopped_run_keeps_and_tests_the_averaged_weights(store: Store) -> None:
    config = settings(averaging=0.9, digits=1000, epochs=3, patience=2)
    run, stop = launch.create(config, store), threading.Event()
    ending = worker.train(run, stop=stop, progress=lambda one: stop.set() if one.get("step") == 7 else None)
    assert (ending["kind"], run.steps) == ("stopped", [0, 1, 2, 4, 7]) and "best_step" not in ending
    after = states(digits("train"), digits("val"), config)
    kept = checkpoints.load(run, 7)
    assert all(torch.allclose(value, after[6][name], atol=1e-6) for name, value in kept.state_dict().items())
    answers = predict(kept, digits("test").images).argmax(1)
    assert ending["test_accuracy"] == (answers == digits("test").labels).mean()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["nesterov=yes"],
            "nesterov=yes with optimiser=adam and momentum=0.9 has no momentum to look ahead along: choose "
            "optimiser=sgd with momentum above 0, or nesterov=no.",
        ),
        (
            ["nesterov=yes", "optimiser=sgd", "momentum=0"],
            "nesterov=yes with optimiser=sgd and momentum=0 has no momentum to look ahead along: choose "
            "optimiser=sgd with momentum above 0, or nesterov=no.",
        ),
        (
            ["initialisation=he", "parent=printed"],
            "initialisation=he would throw away what parent=printed has learned: choose initialisation=default, or no "
            "parent.",
        ),
        (["initialisation=zero"], "initialisation=zero is not known: choose default or xavier or he."),
        (["averaging=1"], "averaging=1 is outside 0..0.9999: try 0.99."),
        (
            ["patience=3", "epochs=3"],
            "patience=3 needs more looks at all validation digits than 3: choose patience=2, or more epochs.",
        ),
        (
            ["patience=3", "epochs=9", "per_class=5"],
            "patience=3 with per_class=5 has one look at all validation digits, at the end: choose patience=0, or "
            "per_class=0.",
        ),
        (
            ["patience=3", "epochs=9", "parent=printed"],
            "patience=3 with parent=printed would end it and the same from nothing at different steps, which could not "
            "be compared: choose patience=0, or no parent.",
        ),
        (["weight_decay=2"], "weight_decay=2 is outside 0..1: try 0.01."),
        (["smoothing=0.6"], "smoothing=0.6 is outside 0..0.5: try 0.1."),
    ],
)
def test_contradictions_are_refused_in_a_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_words(set=words)
    assert str(refusal.value) == sentence


def test_what_was_written_before_these_settings_were_there_loads_as_it_was() -> None:
    now = TrainConfig.from_preset("plain_sgd").as_dict()
    old = {name: value for name, value in now.items() if name not in LATER}
    assert TrainConfig.from_dict(old).as_dict() == now


def look(step: int, loss: float) -> dict[str, Any]:
    return {"kind": "evaluation", "part": "val", "step": step, "loss": loss}


def test_patience_is_spent_by_looks_in_a_row_without_a_lower_loss() -> None:
    patience = Patience(settings(epochs=9, patience=2))  # 3 steps an epoch, a whole look after each
    spent = []
    for step, loss in [(1, 0.01), (3, 0.9), (6, 1.0), (9, 0.8), (12, 0.8), (15, 0.85), (18, 0.9)]:
        patience.see(look(step, loss))
        spent.append(patience.spent)
    assert spent == [False, False, False, False, False, True, True], "1 is a look at a part, the same is not lower"
    assert patience.best == look(9, 0.8)
    assert patience.ending({"step": 15}) == {"best_step": 9, "stopped_early": True}
    never = Patience(settings(epochs=9))
    never.see(look(3, 0.9))
    assert (never.spent, never.best, never.ending({"step": 27})) == (False, None, {})


def test_who_stops_early_is_tested_and_shown_at_its_best(store: Store) -> None:
    config = settings(digits=100, batch=10, epochs=60, rate=0.01, patience=3, averaging=0)
    run = launch.create(config, store)
    ending = worker.train(run)
    looks = [one for one in records.read_all(run) if one["kind"] == "evaluation" and one["part"] == "val"]
    whole = [one for one in looks if one["step"] and one["step"] % config.steps_between_looks == 0]
    best = min(whole, key=lambda one: one["loss"])
    assert ending["kind"] == "finished" and ending["stopped_early"]
    assert ending["best_step"] == best["step"] == shown_step(run) == whole[-4]["step"] == run.steps[-4]
    answers = predict(checkpoints.load(run, best["step"]), digits("test").images).argmax(1)
    assert ending["test_accuracy"] == (answers == digits("test").labels).mean()
    assert ending["val_accuracy"] == best["accuracy"]
    tested = next(one for one in records.read_all(run) if one["kind"] == "evaluation" and one["part"] == "test")
    assert (tested["step"], tested["seconds"]) == (best["step"], best["seconds"])
    again = TrainConfig.from_preset("fine_tune", parent=run.id, architecture="mlp")
    assert lineage.found(again, store).from_step == best["step"]


def test_without_a_best_the_newest_stands_for_a_run(store: Store) -> None:
    run = launch.create(settings(), store)
    assert shown_step(run) is None
    worker.train(run)
    assert shown_step(run) == 3
    records.append(run, {"kind": "finished", "best_step": 77})
    assert shown_step(run) == 3, "a checkpoint that is not there"
