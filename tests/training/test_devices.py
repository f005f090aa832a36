"""What a device of its own changes: steps are read back together, precision is mixed. All that is here is tried."""

import threading
from typing import Any

import numpy as np
import pytest
import torch

from mnist_viz.data.mnist import digits
from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import devices, launch, learner, worker
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import fit, network

HERE = [
    name
    for name, is_here in {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }.items()
    if is_here
]
SMALL: dict[str, Any] = {"digits": 400, "batch": 8, "device": "cpu"}  # 50 steps


def told(config: TrainConfig) -> list[Record]:
    few = digits("val").chosen(np.arange(200))
    return list(fit(network(config), digits("train"), few, config))


def timeless(told: list[Record]) -> list[Record]:
    return [{k: v for k, v in one.items() if k not in ("seconds", "images_per_second")} for one in told]


def test_steps_that_are_read_back_together_say_what_they_say_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    config = TrainConfig.from_preset("live", **SMALL)
    alone = told(config)
    monkeypatch.setitem(devices.TOGETHER, "cpu", 7)
    together = told(config)
    assert timeless(together) == timeless(alone)
    seconds = [one["seconds"] for one in together if one["kind"] == "step"]
    gaps = np.diff([0.0, *seconds])
    assert (gaps > 0).all() and np.allclose(gaps[16:23], gaps[16]), "seven steps share what they took together"
    assert not np.isclose(gaps[22], gaps[23], rtol=1e-9)


def stopped(run: Run, step: int) -> list[Record]:
    stop = threading.Event()
    worker.train(run, stop=stop, progress=lambda one: stop.set() if one.get("step") == step else None)
    return records.read_all(run)


def test_who_stops_in_the_midst_of_such_steps_keeps_the_weights_of_the_last(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "runs", cache=tmp_path / "cache")
    config = TrainConfig.from_preset("live", **SMALL)
    monkeypatch.setitem(devices.TOGETHER, "cpu", 7)
    run = launch.create(config, store)
    last = [one for one in stopped(run, 19) if one["kind"] == "step"][-1]
    assert last["step"] == 23 == run.steps[-1], "from 17 on seven were taken together"
    monkeypatch.delitem(devices.TOGETHER, "cpu")
    other = launch.create(config, store)
    assert stopped(other, 23)[-1]["kind"] == "stopped" and other.steps[-1] == 23
    for name, weights in checkpoints.load(run, 23).state_dict().items():
        assert torch.equal(weights, checkpoints.load(other, 23).state_dict()[name]), name


def test_where_precision_is_mixed_layers_compute_in_it_and_weights_stay_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = TrainConfig.from_preset("live", **SMALL)
    plain = [one["loss"] for one in told(config) if one["kind"] == "step"]
    monkeypatch.setattr(learner, "precision", lambda _where: torch.bfloat16)
    model, seen = network(config), set[torch.dtype]()
    model.head.register_forward_hook(lambda head, _x, y: seen.add(y.dtype) if head.training else None)
    mixed = [one["loss"] for one in fit(model, digits("train"), digits("val"), config) if one["kind"] == "step"]
    assert seen == {torch.bfloat16} and {one.dtype for one in model.parameters()} == {torch.float32}
    assert mixed[0] == pytest.approx(plain[0], rel=0.01) and mixed != plain
    assert np.mean(mixed[-10:]) == pytest.approx(np.mean(plain[-10:]), abs=0.3)


@pytest.mark.parametrize("name", HERE)
def test_every_device_of_this_machine_learns(name: str, tmp_path: Any) -> None:
    store = Store(tmp_path / "runs", cache=tmp_path / "cache")
    run = launch.create(TrainConfig.from_preset("live", digits=4000, batch=64, device=name, rotation=5), store)
    ending = worker.train(run)
    assert ending["kind"] == "finished" and ending["test_accuracy"] > 0.9
    assert records.read_all(run)[0]["device"] == name
