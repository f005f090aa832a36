"""Going on with a run: left and gone on with it ends, to the last bit, as though it had never been left."""

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import safetensors.torch
import torch
from torch.nn import functional

from mnist_viz.data.mnist import digits
from mnist_viz.runs import checkpoints, commands, records, resume
from mnist_viz.runs.store import REPOSITORY, DamagedRun, Run, Store
from mnist_viz.training import chain, launch, lineage
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Refused
from mnist_viz.training.fit import taught
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
    "augmented, with dropout where there is none": {
        "architecture": "fast_cnn", "rotation": 10, "shift": 2, "elastic": 1, "erasing": 0.1, "grain": 0.1,
        "dropout": 0.3,
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


def changed(run: Run, until: int | None = None) -> Run:
    """The run with settings that are changed after its fifth step, and stopped after the step `until`."""
    stop = threading.Event()

    def lead(told: records.Record) -> None:
        if told["kind"] == "step" and told["step"] == 5:
            commands.change(run, {"rate": 0.003, "weight_decay": 0.1, "dropout": 0.5, "rotation": 20})
        if told["kind"] == "step" and told["step"] == until:
            stop.set()

    train(run, stop=stop, progress=lead)
    return run


@pytest.mark.parametrize("until", [5, 9])
def test_what_was_changed_on_the_way_stays_changed(store: Store, until: int) -> None:
    through = changed(new(store, **BUILT))
    child = gone_on(changed(new(store, **BUILT), until), store)
    told = [r for r in records.read_all(through) if r["kind"] == "command"]
    assert [(r["step"], r["settings"]["dropout"], r["before"]["dropout"]) for r in told] == [(6, 0.5, -1)]
    if until == 5:  # it stopped before it had heard of the change
        assert child.config["rate"] == through.config["rate"]
        return
    assert (child.config["rate"], child.config["rotation"]) == (0.003, 20)
    assert_same(weights(child, through.steps[-1]), weights(through, through.steps[-1]))
    assert [r["step"] for r in records.read_all(child) if r["kind"] == "command"] == [6], "its mark stays on the curve"


def test_a_checkpoint_newer_than_the_records_is_gone_on_from_where_it_stands(store: Store) -> None:
    """As after a power cut: checkpoints are on the disk at once, records a little later."""
    through, run = new(store, **BUILT), stopped(new(store, **BUILT), 24)
    train(through)
    lines = (run.folder / records.NAME).read_text().splitlines(keepends=True)
    cut = next(place for place, line in enumerate(lines) if '"step":15,' in line)
    (run.folder / records.NAME).write_text("".join(lines[: cut + 1]))
    child = gone_on(run, store)
    assert_same(weights(child, through.steps[-1]), weights(through, through.steps[-1]))


def test_patience_is_kept_along_a_chain_that_gets_longer_and_longer(store: Store) -> None:
    """Of more epochs not all are whole looks, and checkpoints make room: the best is one that is still there."""
    run = new(store, architecture="mlp", epochs=30, patience=15, schedule="constant", rate=0.03)
    train(run)
    for more in (20, 30):
        run = gone_on(run, store, more)
        ending = records.last(run)
        assert ending["kind"] == "finished" and ending["best_step"] in run.steps


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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
def test_who_was_killed_goes_on_from_its_newest_checkpoint_and_ends_as_who_was_not(store: Store) -> None:
    everything = 3 + 63 + 2 * 7  # before the test: a look, 63 steps, of which 7 are looked at and kept
    counts = [2, *random.Random(SEED).sample(range(3, everything), 1), everything]
    print(f"killed after {counts} records, drawn by {SEED}")
    subprocess.run(
        [sys.executable, "-m", "tests.training.kill_at_records", str(store.root), *map(str, counts)],
        cwd=REPOSITORY,
        env={**os.environ, "MNIST_VIZ_CACHE": str(store.cache)},
        check=True,
        timeout=120,
    )
    runs = {int(run.config["seed"]): run for run in store.runs()}
    with pytest.raises(Refused, match="keeps no checkpoint to go on from"):
        lineage.gone_on(runs[2])
    for count in counts[1:]:
        newest = runs[count].steps[-1]
        assert resume.is_there(runs[count], newest)
        child = gone_on(runs[count], store)
        whole = launch.create(replace(TrainConfig.from_dict(runs[count].config), parent="", from_step=-1), store)
        assert train(whole)["kind"] == "finished"
        assert_same(weights(child, 63), weights(whole, 63))
        assert timeless(records.read_all(child)) == timeless(records.read_all(whole)), f"{count} records, {SEED}"
        assert next(r["step"] for r in records.read_all(child) if r["kind"] == "gone_on") == newest


def test_a_kill_between_any_two_files_leaves_the_newest_checkpoint_with_its_memory(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("save", "forget_others"):
        run = new(store, architecture="mlp")
        with monkeypatch.context() as patch:
            module = checkpoints if place == "save" else resume
            patch.setattr(module, place, _killed_at(8, getattr(module, place)))
            with pytest.raises(KeyboardInterrupt):
                train(run)
        assert run.steps[-1] == (4 if place == "save" else 8)
        assert resume.is_there(run, run.steps[-1])
        assert resume.load(run, run.steps[-1]).words["step"] == str(run.steps[-1])


def _killed_at(step: int, does: Callable[..., None]) -> Callable[..., None]:
    def killed(run: Run, at: int, *more: Any) -> None:
        if at == step:
            raise KeyboardInterrupt
        does(run, at, *more)

    return killed


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Run]:
    """A run of Adam that was stopped after 10 of its 50 steps."""
    home = tmp_path_factory.mktemp("left")
    store = Store(home / "runs", home / "pretrained", home / "cache")
    return store, stopped(new(store, architecture="mlp"), 10)


SPOILT = ("cut", "rubbish", "other step", "other shape", "other kind", "one less", "one more", "chance", "betas")


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_memory_that_was_spoilt_is_refused_in_a_sentence(left: tuple[Store, Run], spoil: str) -> None:
    store, run = left
    path = resume.place(run, 10)
    good = path.read_bytes()
    tensors, words = resume.load(run, 10)
    tensors, words = dict(tensors), dict(words)
    weight = next(name for name in tensors if name.startswith("moment exp_avg "))
    match spoil:
        case "other step":
            words["step"] = "11"
        case "other shape":
            tensors[weight] = tensors[weight].flatten()[:-1]
        case "other kind":
            tensors[weight] = tensors[weight].double()
        case "one less":
            del tensors[weight]
        case "one more":
            tensors["moment of nothing"] = torch.zeros(1)
        case "chance":
            tensors["chance cpu"] = tensors["chance cpu"][:-1]
        case "betas":
            words["betas"] = "[0.9]"
    changed = {"cut": good[:-100], "rubbish": b"no tensors at all"}
    path.unlink()  # another run may share the file
    path.write_bytes(changed.get(spoil) or safetensors.torch.save(tensors, metadata=words))
    try:
        with pytest.raises((DamagedRun, Refused)) as refusal:
            child = launch.create(lineage.gone_on(run), store)
            ending = train(child)
            assert ending["kind"] == "failed"
            assert all(record["kind"] != "start" for record in records.read_all(child))
            raise Refused(ending["reason"])
        assert str(refusal.value) == (
            f"What run {run.id} remembered of step 10 is damaged: delete its folder resume, then it goes on with a "
            "fresh optimiser."
        )
    finally:
        path.unlink()
        path.write_bytes(good)


def test_without_its_memory_a_run_goes_on_with_a_fresh_optimiser_and_says_so(left: tuple[Store, Run]) -> None:
    store, run = left
    config = lineage.gone_on(run)
    (resume.place(run, 10)).rename(run.folder / "away")
    child = gone_on(run, store)
    (run.folder / "away").rename(resume.place(run, 10))
    mark = next(r for r in records.read_all(child) if r["kind"] == "gone_on")
    assert (mark["step"], mark["remembers"], mark["run"]) == (10, False, run.id)
    remembering = weights(gone_on(run, store), 50)
    assert any(not torch.equal(value, remembering[name]) for name, value in weights(child, 50).items())
    assert (config.parent, config.from_step, config.goes_on, config.epochs) == (run.id, 10, "yes", 2)


def test_what_is_added_is_a_round_of_its_own_and_keeps_the_moments(store: Store) -> None:
    run = new(store, architecture="mlp", epochs=1)
    train(run)
    child = gone_on(run, store, more=2)
    config = TrainConfig.from_dict(child.config)
    assert (config.epochs, config.cycle_from, config.steps) == (3, 1, 75)
    taken = [r for r in records.read_all(child) if r["kind"] == "step"]
    assert [r["step"] for r in taken] == list(range(1, 76))
    alone = TrainConfig.from_dict(run.config)
    two = replace(alone, epochs=2)
    rates = [alone.rate_at(step) for step in range(1, 26)] + [two.rate_at(step) for step in range(1, 51)]
    assert [r["rate"] for r in taken] == rates == [config.rate_at(step) for step in range(1, 76)]

    left = stopped(launch.create(lineage.gone_on(run, 2), store), 40)
    assert_same(weights(gone_on(left, store), 75), weights(child, 75))

    model = checkpoints.load(run, 25).requires_grad_(True)  # a bare loop from there
    bare = torch.optim.Adam(model.parameters(), betas=(0.7, 0.9), fused=True)
    tensors, _words = resume.load(run, 25)
    for name, weight in model.named_parameters():
        bare.state[weight] = {k: tensors[f"moment {k} {name}"].clone() for k in ("step", "exp_avg", "exp_avg_sq")}
    few = taught(digits("train"), config)
    order = torch.Generator().manual_seed(0)
    shuffled = [torch.randperm(200, generator=order) for _epoch in range(3)][1:]
    for step, chosen in enumerate((part for epoch in shuffled for part in torch.split(epoch, 8)), 1):
        bare.param_groups[0]["lr"] = two.rate_at(step)
        bare.zero_grad()
        answers = model.train()(torch.tensor(few.images)[chosen].unsqueeze(1).float() / 255)
        functional.cross_entropy(answers, torch.tensor(few.labels)[chosen].long()).backward()  # type: ignore[no-untyped-call]
        bare.step()
    for name, value in model.state_dict().items():
        assert torch.allclose(value, weights(child, 75)[name], rtol=0, atol=1e-6), name


@pytest.mark.parametrize("schedule", ["constant", "step"])
def test_a_schedule_without_an_end_goes_on_as_though_there_had_been_none(schedule: str) -> None:
    whole = TrainConfig.from_preset("live", **SMALL, schedule=schedule)
    longer = replace(whole, parent="pretrained", goes_on="yes", epochs=5, cycle_from=2)
    planned = replace(whole, epochs=5)
    assert [longer.rate_at(n) for n in range(1, 126)] == [planned.rate_at(n) for n in range(1, 126)]


def test_who_ended_for_want_of_patience_gets_all_of_it_again(store: Store) -> None:
    run = new(store, architecture="mlp", digits=100, batch=10, epochs=60, patience=2, schedule="constant")
    ending = train(run)
    assert ending["stopped_early"]
    last = run.steps[-1]
    child = gone_on(run, store, more=5)
    looks = [r["step"] for r in records.read_all(child) if r["kind"] == "evaluation" and r["part"] == "val"]
    assert sum(step > last for step in looks) >= 2, "it was given no chance"
    assert records.last(child)["best_step"] in child.steps


def test_a_fine_tuned_run_goes_on_as_one(store: Store) -> None:
    base = stopped(new(store, architecture="mlp"), 5)
    few: dict[str, Any] = {
        "per_class": 2,
        "epochs": 3,
        "batch": 8,
        "device": "cpu",
        "architecture": "mlp",
        "trains": "head",
    }
    made = [launch.create(TrainConfig.from_preset("fine_tune", parent=base.id, **few), store) for _ in range(2)]
    assert train(made[0])["kind"] == "finished"
    child = gone_on(stopped(made[1], 4), store)
    config = TrainConfig.from_dict(child.config)
    assert (config.parent, config.began_with, config.begins_with) == (made[1].id, base.id, base.id)
    assert "then" not in child.config, "nothing is compared with what goes on"
    assert_same(weights(child, 9), weights(made[0], 9))


def test_what_makes_no_sense_is_refused_in_a_sentence(left: tuple[Store, Run]) -> None:
    store, run = left
    with pytest.raises(Refused, match="has not come to its end: go on to there first, then epochs=2 more can follow"):
        lineage.gone_on(run, 2)
    with pytest.raises(Refused, match=r"rate=0.5 is not as run .* goes on \(0.01\): leave all settings as they are"):
        launch.create(replace(lineage.gone_on(run), rate=0.5), store)
    with pytest.raises(Refused, match="goes_on=yes names no run to go on with"):
        replace(TrainConfig.from_preset("live"), goes_on="yes")
    with pytest.raises(Refused, match="cycle_from=1 is said of a training that goes on"):
        replace(TrainConfig.from_preset("live", epochs=2), cycle_from=1)
    with pytest.raises(Refused, match="cycle_from=1 leaves none of epochs=1 to learn in"):
        replace(lineage.gone_on(run), epochs=1, cycle_from=1)
    with pytest.raises(Refused, match="'goes_on' is no setting"):
        TrainConfig.from_preset("live", goes_on="yes")
    failed = new(store, architecture="mlp")
    records.append(failed, {"kind": "failed", "reason": "It ran away.", "diverged": True})
    with pytest.raises(Refused, match="ran away, and would again"):
        lineage.gone_on(failed)
    assert not [path.name for path in store.root.iterdir() if path.name.startswith(".2")], "half a folder was left"


def test_of_a_long_past_no_more_is_taken_over_than_a_curve_can_show() -> None:
    long = TrainConfig.from_preset("live", digits=400, batch=8, epochs=70, parent="pretrained")  # 3,500 steps
    longer = replace(long, goes_on="yes", from_step=3500, epochs=140, cycle_from=70)
    step = {"kind": "step", "epoch": 0, "loss": 0, "accuracy": 0, "seconds": 0, "images_per_second": 0}
    past = [{**step, "step": number} for number in range(1, 3501)]
    same = replace(long, goes_on="yes", from_step=3500)
    assert list(chain.records_until(past, same)) == past
    taken = [record["step"] for record in chain.records_until(past, longer)]
    assert len(taken) < 2000 and set(range(2, 3501, 2)) <= set(taken) and taken[0] == 1


def test_of_commands_only_those_are_taken_over_that_decide_what_is_learned() -> None:
    config = TrainConfig.from_preset("live", digits=400, batch=8, epochs=70, parent="pretrained")
    command = {"kind": "command", "value": 0.1, "file": "000001.rate=0.1"}
    told = [{**command, "command": word} for word in ("pause", "rate", "stop")]
    until = replace(config, goes_on="yes", from_step=5)
    assert list(chain.records_until(told, until)) == [{"kind": "command", "value": 0.1, "command": "rate"}]


def test_a_terminal_goes_on_too(left: tuple[Store, Run]) -> None:
    store, run = left
    said = subprocess.run(
        [sys.executable, "-m", "mnist_viz.training", "--go-on", run.id, "--runs", str(store.root)],
        cwd=REPOSITORY,
        env={**os.environ, "MNIST_VIZ_CACHE": str(store.cache)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    child = store.run(json.loads(said.stdout.splitlines()[-1])["run"])
    assert child.config["parent"] == run.id and child.steps[-1] == 50
