"""Going on with a run: left and gone on with it ends, to the last bit, as though it had never been left."""

import random
import threading
from typing import Any

import pytest
import torch

from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import launch, lineage
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.worker import train

SEED = random.SystemRandom().randrange(10**6)
SMALL: dict[str, Any] = {"digits": 200, "batch": 8, "epochs": 2, "device": "cpu"}  # 25 steps an epoch
BUILT = {"architecture": "built", "layers": "c8k5s2p2-b-r-o0.3-c8k3p1-m2-b-r-d16-r-o0.3"}  # normed, and with dropout
RECIPES: dict[str, dict[str, Any]] = {
    "adam, one cycle, dropout": BUILT,
    "adam, averaged": {"architecture": "fast_cnn", "averaging": 0.9},
    "adamw, cosine, patience, dropout": {
        **BUILT, "optimiser": "adamw", "schedule": "cosine", "weight_decay": 0.1, "patience": 1,
    },
    "sgd, averaged, stairs, dropout": {
        **BUILT, "optimiser": "sgd", "momentum": 0.9, "nesterov": "yes", "schedule": "step", "averaging": 0.99,
    },
    "sgd without momentum": {"architecture": "mlp", "optimiser": "sgd", "momentum": 0, "schedule": "constant"},
}  # fmt: skip


def new(store: Store, **changes: Any) -> Run:
    return launch.create(TrainConfig.from_preset("live", **{**SMALL, **changes}), store)


def stopped(run: Run, step: int) -> Run:
    """The run, stopped after this step."""
    stop = threading.Event()
    train(run, stop=stop, progress=lambda told: stop.set() if told.get("step") == step else None)
    assert records.last(run)["kind"] == "stopped" and run.steps[-1] == step
    return run


def gone_on(run: Run, store: Store, more: int = 0) -> Run:
    """What goes on with the run, trained to its end."""
    child = launch.create(lineage.gone_on(run, more), store)
    ending = train(child)
    assert ending["kind"] == "finished", ending
    return child


def weights(run: Run, step: int) -> dict[str, torch.Tensor]:
    return checkpoints.load(run, step).state_dict()


def assert_same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert torch.equal(value, other[name]), f"{name}, seed {SEED}"


def timeless(told: list[records.Record]) -> list[records.Record]:
    """The records of what was learned, without how long it took."""
    kinds = ("step", "evaluation", "checkpoint")
    return [
        {name: value for name, value in record.items() if name not in ("seconds", "images_per_second")}
        for record in told
        if record["kind"] in kinds
    ]


@pytest.mark.parametrize("recipe", RECIPES)
def test_who_was_stopped_twice_ends_as_who_was_not_to_the_last_bit(store: Store, recipe: str) -> None:
    through = new(store, **RECIPES[recipe])
    assert train(through)["kind"] == "finished"
    last, ending = through.steps[-1], records.last(through)
    first, second = sorted(random.Random(f"{SEED} {recipe}").sample(range(1, last), 2))
    run = stopped(new(store, **RECIPES[recipe]), first)
    child = launch.create(lineage.gone_on(run), store)
    grandchild = gone_on(stopped(child, second), store)
    print(f"{recipe}: stopped at {first} and {second}, drawn by {SEED}")

    assert_same(weights(grandchild, last), weights(through, last))
    assert records.last(grandchild) | {"seconds": 0, "images_per_second": 0} == ending | {
        "seconds": 0, "images_per_second": 0,
    }  # fmt: skip
    chain, whole = records.read_all(grandchild), records.read_all(through)
    kept = TrainConfig.from_dict(through.config).is_kept
    at_stops = {step for step in (first, second) if not kept(step)}
    looked = [r for r in timeless(chain) if r["kind"] == "step" or r["step"] not in at_stops]
    assert looked == timeless(whole), f"seed {SEED}"
    assert [r["step"] for r in chain if r["kind"] == "gone_on"] == [first, second]
    seconds = [r["seconds"] for r in chain if r["kind"] == "step"]
    assert seconds == sorted(seconds) and seconds[0] < seconds[-1]
    assert set(through.steps) - {first, second} <= set(grandchild.steps), "the film is that of the whole chain"
    assert [path.stem for path in (grandchild.folder / "resume").iterdir()] == [f"{last:08d}"]
