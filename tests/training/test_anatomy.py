"""A step in its five parts and a look inside: all numbers are those of a bare one, and neither leaves a trace."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import models
from mnist_viz.analysis import features
from mnist_viz.data.mnist import Digits, digits
from mnist_viz.runs import checkpoints, commands, inside, parts, records
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import launch, worker
from mnist_viz.training.changes import Moment
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import fit, network, taught
from mnist_viz.training.inside import looked
from mnist_viz.training.layers import learning
from mnist_viz.training.learner import Learner


@pytest.fixture(scope="module")
def train() -> Digits:
    return digits("train")


@pytest.fixture(scope="module")
def val() -> Digits:
    return digits("val").chosen(np.arange(100))


def settings(**changes: Any) -> TrainConfig:
    return TrainConfig.from_preset("live", **{"digits": 200, "batch": 50, "device": "cpu", **changes})


def first_batch(train: Digits, config: TrainConfig) -> tuple[torch.Tensor, torch.Tensor]:
    few = taught(train, config)
    order = torch.randperm(len(few), generator=torch.Generator().manual_seed(config.seed))[: config.batch]
    return torch.tensor(few.images)[order].unsqueeze(1).float() / 255, torch.tensor(few.labels)[order].long()


def norm(tensors: list[torch.Tensor]) -> float:
    return float(torch.cat([one.detach().flatten().double() for one in tensors]).norm())


@pytest.mark.parametrize(
    "config",
    [
        settings(),
        settings(architecture="vit", optimiser="sgd", smoothing=0.1),
        settings(architecture="lstm_rows", weight_decay=0.1),
    ],
    ids=["fast_cnn", "vit", "lstm_rows"],
)
def test_the_five_parts_of_a_step_are_those_of_torch(train: Digits, val: Digits, config: TrainConfig) -> None:
    moment = Moment(config)
    moment.watched = True
    model = network(config)
    told_by = fit(model, train, val, config, learner=Learner(model, config, moment))
    next(record for record in told_by if record["kind"] == "step")
    told = moment.parts
    assert told is not None

    model = network(config).to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    pixels, labels = first_batch(train, config)
    rate = config.rate_at(1)
    optimiser: torch.optim.Optimizer
    if config.optimiser == "sgd":
        optimiser = torch.optim.SGD(model.parameters(), rate, momentum=config.momentum)
    else:
        optimiser = torch.optim.Adam(model.parameters(), rate, betas=config.betas, weight_decay=config.weight_decay)
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    answers = model(pixels)
    losses = functional.cross_entropy(answers, labels, reduction="none", label_smoothing=config.smoothing)
    losses.mean().backward()  # type: ignore[no-untyped-call]
    optimiser.step()

    assert (told.step, told.count) == (1, 50) and told.labels == tuple(labels[:16].tolist())
    assert np.array_equal(told.pixels, (255 * pixels[:16, 0]).round().byte().numpy())
    shares, read = answers.softmax(1).max(1)
    assert told.read == tuple(read[:16].tolist()) and told.shares == pytest.approx(shares[:16].tolist(), rel=1e-4)
    assert told.losses == pytest.approx(losses[:16].tolist(), rel=1e-4)
    assert told.loss == pytest.approx(losses.mean().item(), rel=1e-5)
    assert told.accuracy == pytest.approx((read == labels).float().mean().item()) and told.rate == rate
    inside_of = {f"block {number + 1}": f"blocks.{number}" for number in range(3)}
    for layer in told.layers:
        own = [name for name in before if name.startswith(f"{inside_of.get(layer.name, layer.name)}.")]
        weights = dict(model.named_parameters())
        gradients = [weights[name].grad for name in own]
        assert layer.gradient == pytest.approx(norm([one for one in gradients if one is not None]), rel=1e-4)
        moved = norm([weights[name] - before[name] for name in own]) / (norm([before[name] for name in own]) or 1)
        assert layer.update == pytest.approx(moved, rel=1e-4)
    assert told.gradient == pytest.approx(norm([w.grad for w in model.parameters() if w.grad is not None]), rel=1e-4)
    assert len(told.milliseconds) == 5 and all(one > 0 for one in told.milliseconds)


def test_steps_that_are_watched_and_looked_into_are_those_of_a_training_that_nobody_looks_at(
    store: Store, train: Digits
) -> None:
    config = settings(architecture="built", layers="c4k3s2-b-r-o0.5-d16-r-o0.3")
    run = launch.create(config, store)
    commands.give(run, "pace", 4)

    def hand(record: records.Record) -> None:
        if record["kind"] == "step" and record["step"] == 3:
            commands.give(run, "pace", 0)

    worker.train(run, progress=hand)
    kept = parts.newest(run)
    assert kept is not None and kept.step == 3, "the step after which full speed was obeyed is the last of the watched"
    assert (run.folder / parts.FILE).stat().st_size < 8000
    model = network(config)
    told = list(fit(model, train, digits("val"), config))
    for name, value in checkpoints.load(run, 4).state_dict().items():
        assert torch.equal(value, model.state_dict()[name]), name
    watched = [one["loss"] for one in records.read_all(run) if one["kind"] == "step"]
    assert watched == [one["loss"] for one in told if one["kind"] == "step"] and kept.loss == pytest.approx(watched[2])
    assert [one.step for one in inside.looks(records.read_all(run))] == run.steps


def test_parts_that_another_hand_wrote_are_none(store: Store) -> None:
    run = launch.create(settings(architecture="mlp"), store)
    assert parts.newest(run) is None
    commands.give(run, "step")

    def hand(record: records.Record) -> None:
        if record["kind"] == "step":
            commands.give(run, "stop")

    worker.train(run, progress=hand)
    path = run.folder / parts.FILE
    good = json.loads(path.read_text())
    wrong: dict[str, Any] = {"labels": [1], "read": "12", "losses": [None] * 16, "pixels": "!", "count": 3}
    wrong |= {"layers": [], "milliseconds": [1, 2], "loss": -1, "step": True, "gradient": "x"}
    for name, value in wrong.items():
        path.write_text(json.dumps({**good, name: value}))
        assert parts.newest(run) is None, name
    path.write_text("[]")
    assert parts.newest(run) is None
    path.write_text(json.dumps(good))
    assert parts.newest(run) is not None


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_a_look_inside_every_network_is_a_bare_computation_with_hooks(train: Digits, architecture: str) -> None:
    config = settings(architecture=architecture)
    model = network(config)
    with torch.no_grad():  # some units of the first activation can never be above 0
        first = next(one for one in model.modules() if isinstance(one, nn.Conv2d | nn.Linear))
        first.weight[:3] = 0
        if first.bias is not None:
            first.bias[:3] = -1
    pixels, labels = first_batch(train, config)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    random = torch.get_rng_state()
    gradients, dead, pictures = looked(model.eval(), pixels, labels, config)
    assert torch.equal(random, torch.get_rng_state()) and not model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())

    bare, seen = network(config).train(), dict[str, Any]()
    bare.load_state_dict(before)
    for name, module in bare.named_modules():
        if isinstance(module, nn.Dropout | nn.Dropout2d):
            module.p = 0.0
        if isinstance(module, nn.ReLU):
            module.register_forward_hook(lambda _m, _i, out, name=name: seen.__setitem__(name, out.detach().numpy()))
    functional.cross_entropy(bare(pixels), labels).backward()  # type: ignore[no-untyped-call]
    for name, parameters in learning(bare).items():
        assert gradients[name] == pytest.approx(
            norm([one.grad for one in parameters if one.grad is not None]), rel=1e-4
        )
    assert set(gradients) == set(learning(bare)) and set(dead) == set(seen)
    for name, out in seen.items():
        units = np.moveaxis(out, -1 if out.ndim == 3 else 1, 0).reshape(out.shape[-1 if out.ndim == 3 else 1], -1)
        assert dead[name] == [(units == 0).all(axis=1).sum(), len(units)]
    if architecture in ("conv16_32", "mlp"):
        assert dead["activation1"][0] >= 3
    found = features.filters(model)
    assert (pictures is None) == (found is None)
    if pictures is not None and found is not None:
        assert np.array_equal(pictures[0], found[1][: pictures.shape[1]]) and pictures.shape[1] >= 16
        weight = bare.get_submodule(found[0]).weight
        assert isinstance(weight, nn.Parameter) and weight.grad is not None
        bare_gradient = weight.grad.numpy().reshape(-1, *pictures.shape[2:])[: pictures.shape[1]]
        assert np.allclose(pictures[1], bare_gradient, atol=1e-6)


def test_layers_that_do_not_learn_have_no_gradient(train: Digits) -> None:
    config = settings(parent="pretrained", trains="head")
    gradients, dead, pictures = looked(network(config), *first_batch(train, config), config)
    assert list(gradients) == ["head"] and list(dead) == ["activation1", "activation2", "activation3"]
    assert pictures is None


def test_looks_and_pictures_that_make_no_sense_are_passed_over(store: Store) -> None:
    run: Run = launch.create(settings(), store)
    look = {
        "kind": "inside",
        "step": 1,
        "seconds": 0.1,
        "digits": 60,
        "gradients": {"head": 0.5},
        "dead": {"a": [1, 4]},
    }
    wrong: list[dict[str, Any]] = [
        {"gradients": []},
        {"dead": {"a": [5, 4]}},
        {"dead": {"a": 1}},
        {"gradients": {"head": "long"}},
        {"step": None},
    ]
    assert [one.dead["a"] for one in inside.looks([look, *({**look, **one} for one in wrong)])] == [(1, 4)]
    assert inside.pictures(run, 1) is None
    inside.keep(run, 1, np.ones((2, 3, 5, 5), np.float32))
    found = inside.pictures(run, 1)
    assert found is not None and found.shape == (2, 3, 5, 5)
    for odd in (np.ones((3, 3, 5, 5), np.float32), np.ones((2, 5, 5), np.float32), np.full((2, 1, 1, 1), np.nan, "f4")):
        inside.keep(run, 2, odd)
        assert inside.pictures(run, 2) is None
    (run.folder / "inside" / "00000003.npy").write_bytes(b"\x93NUMPY")
    assert inside.pictures(run, 3) is None
