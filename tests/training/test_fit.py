"""The loop: real networks on real digits, the same numbers for the same seed, and an end when nothing is left."""

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import models
from mnist_viz.data.mnist import Digits, digits
from mnist_viz.data.split import subset
from mnist_viz.figures import overfitting
from mnist_viz.runs.logits import predict
from mnist_viz.training import runaway
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.devices import device
from mnist_viz.training.failures import Diverged, Refused
from mnist_viz.training.fit import fit, network

Learned = tuple[list[dict[str, Any]], torch.nn.Module]


@pytest.fixture(scope="module")
def train() -> Digits:
    return digits("train")


@pytest.fixture(scope="module")
def val() -> Digits:
    return digits("val").chosen(np.arange(1200))


def learn(train: Digits, val: Digits, preset: str = "live", **changes: Any) -> Learned:
    config = TrainConfig.from_preset(preset, device="cpu", **changes)
    model = network(config)
    return list(fit(model, train, val, config)), model


@pytest.fixture(scope="module")
def learned(train: Digits, val: Digits) -> Learned:
    return learn(train, val, digits=1500, epochs=2, batch=64)


def test_records_come_in_order(learned: Learned) -> None:
    records, _ = learned
    told = [(record["kind"], record.get("step")) for record in records]
    expected: list[tuple[str, int | None]] = [("start", None), ("evaluation", 0), ("checkpoint", 0)]
    for step in range(1, 49):
        expected.append(("step", step))
        if step in (1, 2, 4, 8, 16, 24, 48):  # 24 steps make an epoch
            expected += [("evaluation", step), ("checkpoint", step)]
    assert told == expected


def test_records_say_what_they_promise(learned: Learned) -> None:
    records, _ = learned
    start, steps = records[0], [record for record in records if record["kind"] == "step"]
    assert start == {
        "kind": "start", "device": "cpu", "steps": 48, "steps_per_epoch": 24, "digits": 1500, "parameters": 29434,
        "learn": 29434,
    }  # fmt: skip
    for step in steps:
        assert set(step) == {"kind", "step", "epoch", "loss", "accuracy", "rate", "seconds", "images_per_second"}
        assert step["loss"] > 0 and 0 <= step["accuracy"] <= 1 and step["epoch"] == step["step"] / 24
    assert all(earlier["seconds"] < later["seconds"] for earlier, later in pairwise(steps))
    assert steps[-1]["images_per_second"] == pytest.approx(3000 / steps[-1]["seconds"])
    looks = [record for record in records if record["kind"] == "evaluation"]
    assert [look["digits"] for look in looks] == [1000] * 6 + [1200] * 2
    assert {look["part"] for look in looks} == {"val"}
    at = {0: 0.0, **{step["step"]: step["seconds"] for step in steps}}
    assert all(look["seconds"] == at[look["step"]] for look in looks), "an evaluation is no time of training"


def test_it_learns(learned: Learned, val: Digits) -> None:
    records, model = learned
    last = [record for record in records if record["kind"] == "evaluation"][-1]
    assert last["accuracy"] > 0.9
    answers = predict(model.eval(), val.images)
    assert last["accuracy"] == (answers.argmax(1) == val.labels).mean()


def test_the_same_seed_gives_the_same_numbers(learned: Learned, train: Digits, val: Digits) -> None:
    untimed = {"seconds", "images_per_second"}
    again = learn(train, val, digits=1500, epochs=2, batch=64)
    for first, second in zip(learned[0], again[0], strict=True):
        assert {name: first[name] for name in first.keys() - untimed} == {
            name: second[name] for name in second.keys() - untimed
        }
    for name, value in learned[1].state_dict().items():
        assert torch.equal(again[1].state_dict()[name], value), name


def test_another_seed_gives_other_numbers(learned: Learned, train: Digits, val: Digits) -> None:
    records, _ = learn(train, val, digits=100, batch=64, seed=1)
    assert records[1]["loss"] != learned[0][1]["loss"]


def test_one_step_of_sgd_is_the_gradient_times_the_rate(train: Digits, val: Digits) -> None:
    config = TrainConfig.from_preset("plain_sgd", architecture="mlp", digits=200, batch=200, rate=0.5, device="cpu")
    model, same = network(config), network(config)
    loop = fit(model, train.chosen(np.arange(200)), val, config)
    step = next(record for record in loop if record["kind"] == "step")

    images = torch.tensor(train.images[:200]).unsqueeze(1) / 255
    loss = functional.cross_entropy(same(images), torch.tensor(train.labels[:200]).long())
    loss.backward()  # type: ignore[no-untyped-call]
    assert step["loss"] == pytest.approx(loss.item(), rel=1e-5)
    for weights, before in zip(model.parameters(), same.parameters(), strict=True):
        assert before.grad is not None
        assert torch.allclose(weights, before - 0.5 * before.grad, atol=1e-6)


def test_few_digits_are_the_same_for_every_seed_and_every_label_has_its_share(train: Digits, val: Digits) -> None:
    def seen(seed: int) -> float:
        config = TrainConfig.from_preset("plain_sgd", architecture="mlp", digits=300, batch=300, device="cpu")
        loop = fit(network(config), train, val, TrainConfig.from_dict({**config.as_dict(), "seed": seed}))
        return float(next(record for record in loop if record["kind"] == "step")["loss"])

    assert seen(0) == pytest.approx(seen(1), rel=1e-5)  # one batch of all of them, whatever their order


def test_a_training_that_diverges_says_so_and_what_to_do(train: Digits, val: Digits) -> None:
    with pytest.raises(Diverged) as failure:
        learn(train, val, "plain_sgd", rate=10, digits=5000)
    assert re.fullmatch(
        r"The loss ran away \([1-9][0-9,]+ at step 1\): the learning rate \(rate=10\) is too large for SGD here: "
        r"try 0\.01\.",
        str(failure.value),
    )


def test_the_loss_that_ran_away_is_recorded_whoever_finds_it(train: Digits, val: Digits) -> None:
    config = TrainConfig.from_preset("plain_sgd", rate=10, digits=5000, device="cpu")
    told: list[dict[str, Any]] = []
    with pytest.raises(Diverged):
        told.extend(fit(network(config), train, val, config))  # extend keeps what came before the failure
    assert told[-1]["kind"] == "evaluation" and told[-1]["loss"] > 10_000
    assert not any(record["kind"] == "checkpoint" and record["step"] == 1 for record in told)


def test_a_loss_beyond_all_numbers_is_said_without_one_and_a_small_rate_is_a_tenth_next() -> None:
    config = TrainConfig.from_preset("live", rate=0.05)
    with pytest.raises(Diverged, match=r"beyond all numbers at step 3: .*\(rate=0\.05\) .* Adam here: try 0\.005\."):
        runaway.refuse(config, 3, float("nan"))
    with pytest.raises(Diverged, match=r"ran away \(42,500 at step 1,200\)"):
        runaway.refuse(config, 1200, 42_512.3)


@pytest.mark.parametrize(
    ("architecture", "optimiser"),
    [*((name, "adam") for name in models.ARCHITECTURES if name != "fast_cnn"), ("mlp", "sgd"), ("vit", "sgd")],
)
def test_every_network_learns_with_every_optimiser(
    train: Digits, val: Digits, architecture: str, optimiser: str
) -> None:
    records, _ = learn(
        train,
        val.chosen(np.arange(200)),
        architecture=architecture,
        optimiser=optimiser,
        digits=500,
        batch=32,
        rate=0.005,
    )
    looks = [record["loss"] for record in records if record["kind"] == "evaluation"]
    assert looks[-1] < 0.9 * looks[0]


def test_a_hundred_digits_are_learned_by_heart_and_others_read_much_worse(train: Digits, val: Digits) -> None:
    records, model = learn(train, val, "overfit", epochs=15)
    by_heart = train.chosen(subset(train.labels, 100, 0))
    assert (predict(model.eval(), by_heart.images).argmax(1) == by_heart.labels).all()
    named = overfitting.gap([*records, {"kind": "finished"}])
    assert named is not None
    right = (predict(model, val.images).argmax(1) == val.labels).mean()
    assert named == pytest.approx((100.0, 100 * right)) and 70 < 100 * right < 90


def test_a_device_that_is_not_there_is_refused() -> None:
    assert device("auto").type in ("cuda", "mps", "cpu")
    missing = [name for name in ("cuda", "mps") if device("auto").type != name]
    with pytest.raises(Refused, match="is not there on this machine: choose auto or cpu"):
        device(missing[-1])
