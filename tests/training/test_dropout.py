"""Dropout as a setting: the share that is said, in training only, for every network, and none of it in a checkpoint."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import models
from mnist_viz.data.mnist import digits
from mnist_viz.runs import checkpoints
from mnist_viz.runs.logits import predict
from mnist_viz.runs.store import Store
from mnist_viz.training import launch
from mnist_viz.training.config import Refused, TrainConfig, from_words
from mnist_viz.training.dropout import Dropout
from mnist_viz.training.fields import OWN
from mnist_viz.training.fit import network
from mnist_viz.training.learner import Learner
from mnist_viz.training.worker import train

SMALL: dict[str, Any] = {"digits": 200, "batch": 50, "schedule": "constant", "device": "cpu"}
PIXELS = torch.tensor(digits("test").images[:32]).unsqueeze(1).float() / 255


def what_the_head_gets(model: models.Classifier) -> Tensor:
    """The features on their way to the last layer, while the model learns."""
    got: list[Tensor] = []
    handle = model.head.register_forward_hook(lambda _head, said, _answer: got.append(said[0]))
    model.train()(PIXELS)
    handle.remove()
    return got[0]


def silenced(model: models.Classifier) -> float:
    """Which share of the features that are not 0 anyhow is 0 while the model learns."""
    model.train()
    kept = what_the_head_gets(model)
    model.train()
    alive = model.features(PIXELS) != 0
    return float((kept[alive] == 0).float().mean())


@pytest.mark.parametrize("name", ["fast_cnn", "conv16_32", "mlp", "lstm_rows"])
def test_a_network_without_dropout_gets_it_before_its_head(name: str) -> None:
    torch.manual_seed(0)
    model = models.build(name)
    weights = list(model.state_dict())
    dropout = Dropout(model, 0.4)
    assert silenced(model) == pytest.approx(0.4, abs=0.03)
    kept, alive = what_the_head_gets(model), model.features(PIXELS)
    left = (kept != 0) & (alive != 0)
    assert torch.allclose(kept[left], alive[left] / 0.6, atol=1e-5), "what is left counts for what is silenced"
    dropout.set(0)
    assert silenced(model) == 0
    dropout.set(OWN)
    assert silenced(model) == 0 and list(model.state_dict()) == weights


def test_every_dropout_layer_of_a_network_gets_the_share_and_its_own_back() -> None:
    model = models.build("conv32_64_dropout")
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Dropout | nn.Dropout2d)]
    dropout = Dropout(model)
    assert [layer.p for layer in layers] == [0.25, 0.5]
    dropout.set(0.1)
    assert [layer.p for layer in layers] == [0.1, 0.1]
    dropout.set(OWN)
    assert [layer.p for layer in layers] == [0.25, 0.5]
    dropout.set(0)
    torch.manual_seed(1)
    assert torch.equal(model.train()(PIXELS), model.train()(PIXELS)), "the same network without dropout"


def test_a_network_of_ones_own_has_it_too() -> None:
    own = TrainConfig.from_preset(architecture="built", layers="c8k3s2-r-d32-r-o0.2", dropout=0.7, **SMALL)
    learner = Learner(network(own), own)
    assert [one.p for one in learner.model.modules() if isinstance(one, nn.Dropout)] == [0.7]


@pytest.mark.parametrize("name", models.ARCHITECTURES)
def test_who_reads_drops_nothing(name: str) -> None:
    torch.manual_seed(0)
    plain = models.build(name).eval()
    torch.manual_seed(0)
    dropping = models.build(name).eval()
    Dropout(dropping, 0.5)
    with torch.no_grad():
        assert torch.equal(plain(PIXELS), dropping(PIXELS)) and torch.equal(
            plain.features(PIXELS), dropping.features(PIXELS)
        )


def test_what_does_not_learn_drops_nothing() -> None:
    config = TrainConfig.from_preset("live", architecture="conv32_64_dropout", dropout=0.5, **SMALL)
    learner = Learner(network(config), config)
    learner.model.eval()
    nn.ModuleList(learner.model.part("head")).train()
    with torch.no_grad():
        assert torch.equal(learner.model(PIXELS), learner.model(PIXELS))


def test_a_run_with_dropout_is_kept_and_read_like_any_other(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs", tmp_path / "pretrained", tmp_path / "cache")
    ended = {}
    for share in (OWN, 0.0, 0.5):
        run = launch.create(TrainConfig.from_preset("live", architecture="mlp", dropout=share, **SMALL), store)
        ended[share] = train(run)
        assert ended[share]["kind"] == "finished"
        model = checkpoints.load(run, run.steps[-1])
        val = digits("val")
        assert ended[share]["val_accuracy"] == (predict(model, val.images).argmax(1) == val.labels).mean()
    same = ("test_accuracy", "val_accuracy")
    assert all(ended[OWN][name] == ended[0.0][name] != ended[0.5][name] for name in same)


@pytest.mark.parametrize("share", [OWN, 0.9])
def test_where_the_head_alone_learns_a_share_that_was_said_is_silenced_before_it(share: float) -> None:
    config = TrainConfig.from_preset("live", architecture="conv32_64_dropout", dropout=share, **SMALL)
    learner = Learner(network(config), replace(config, parent="pretrained", trains="head"))
    learner.prepare()
    seen: list[Tensor] = []
    learner.model.head.register_forward_pre_hook(lambda _head, said: seen.append(said[0]))
    for step in (1, 2):
        learner.step(step, torch.tensor(digits("train").images[:16]).unsqueeze(1), torch.zeros(16).long())
    assert torch.equal(*seen) == (share == OWN), "what does not learn is otherwise left as it is"


def test_averaged_weights_go_with_dropout() -> None:
    config = TrainConfig.from_preset("live", architecture="mlp", dropout=0.5, averaging=0.9, **SMALL)
    model = network(config)
    learner = Learner(model, config)
    assert silenced(learner.model) == pytest.approx(0.5, abs=0.03)
    assert silenced(model) == 0, "the average only reads"


def test_shares_are_refused_outside_their_bounds() -> None:
    assert from_words().dropout == OWN and from_words(set=["dropout=-1"]).dropout == OWN
    assert from_words(set=["dropout=0.25"]).dropout == 0.25 and from_words(set=["dropout=0"]).dropout == 0
    for value in ("-0.5", "0.95", "-2"):
        with pytest.raises(Refused, match=f"dropout={value} is outside 0..0.9: try 0.3."):
            from_words(set=[f"dropout={value}"])
    assert np.isclose(TrainConfig.from_dict({**TrainConfig.from_preset().as_dict(), "dropout": None}).dropout, OWN)
