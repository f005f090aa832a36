"""Starting from another run: what is frozen stays to the last bit, heads fit, and what makes no sense is refused."""

import json

import numpy as np
import pytest
import torch

import models
from mnist_viz.data.mnist import digits
from mnist_viz.data.sets import DATASETS
from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.logits import predict
from mnist_viz.runs.store import PRINTED, SHIPPED, Run, Store
from mnist_viz.training import launch, lineage, transfer
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Refused
from mnist_viz.training.fit import fit, network, taught
from mnist_viz.training.worker import train, train_in_turn


def parent(store: Store, architecture: str = "fast_cnn", **words: object) -> Run:
    """A run with one checkpoint, of a network that has moved a little from its first weights."""
    run = store.create({"architecture": architecture, "data": "mnist", "classes": 10, **words})
    torch.manual_seed(9)
    model = models.build(architecture, int(str(words.get("classes", 10))))
    model.train()(torch.rand(16, 1, 28, 28))  # statistics of the batch norms are no longer 0 and 1
    checkpoints.save(run, 5, model)
    return run


def settings(run: Run, **changes: str | int | float) -> TrainConfig:
    return TrainConfig.from_preset(
        "fine_tune", parent=run.id, **{"device": "cpu", "per_class": 2, "epochs": 2, "batch": 8, **changes}
    )


def last(run: Run, kind: str, **fields: str) -> records.Record:
    return next(r for r in reversed(records.read_all(run)) if {"kind": kind, **fields}.items() <= r.items())


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
@pytest.mark.parametrize("trains", ["head", "last_block"])
def test_what_is_frozen_is_the_same_to_the_last_bit_and_the_rest_has_learned(
    store: Store, architecture: str, trains: str
) -> None:
    run = parent(store, architecture)
    config = lineage.found(settings(run, architecture=architecture, trains=trains), store)
    before = checkpoints.load(run, 5).state_dict()
    model = transfer.inherited(network(config), config, store)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    few = digits("val").chosen(np.arange(20))
    start = next(r for r in fit(model, digits("train"), few, config) if r["kind"] == "start")
    for _record in fit(model, digits("train"), few, config):
        pass
    names = {id(layer): name for name, layer in model.named_modules()}
    learned = tuple(f"{names[id(layer)]}." for layer in model.part(trains))
    parameters = dict(model.named_parameters())
    for name, value in model.state_dict().items():
        moves = name.startswith(learned)
        assert torch.equal(value, before[name]) != moves, name
        if name in parameters:
            assert parameters[name].requires_grad == moves
    assert start["learn"] == sum(one.numel() for name, one in parameters.items() if name.startswith(learned))
    nothing_is_frozen = trains == "last_block" and architecture in ("mlp", "lstm_rows")  # their only block is the last
    assert (start["learn"] == start["parameters"]) == nothing_is_frozen


def test_all_layers_learn_where_nothing_else_is_said(store: Store) -> None:
    run = parent(store)
    config = lineage.found(settings(run), store)
    model = transfer.inherited(network(config), config, store)
    before = checkpoints.load(run, 5).state_dict()
    list(fit(model, digits("train"), digits("val").chosen(np.arange(20)), config))
    same = {name for name, value in model.state_dict().items() if torch.equal(value, before[name])}
    assert same == {"mean", "deviation"}


def test_for_other_classes_there_is_a_new_head_drawn_by_the_seed(store: Store) -> None:
    run = parent(store, data="printed", classes=62)
    config = lineage.found(settings(run), store)
    model, fresh = transfer.inherited(network(config), config, store), network(config)
    before = checkpoints.load(run, 5)
    assert before.head.out_features == 62 and model.head.out_features == 10
    assert torch.equal(model.head.weight, fresh.head.weight) and torch.equal(model.head.bias, fresh.head.bias)
    theirs = before.state_dict()
    assert all(torch.equal(value, theirs[name]) for name, value in model.state_dict().items() if "head" not in name)
    assert transfer.old_task(config, store) is None


def test_few_digits_are_so_many_of_each_class_and_drawn_by_the_seed() -> None:
    config = TrainConfig.from_preset("fine_tune", per_class=5)
    few, other = (taught(digits("train"), TrainConfig.from_dict({**config.as_dict(), "seed": seed})) for seed in (0, 1))
    assert np.bincount(few.labels).tolist() == [5] * 10 and config.shown == 50
    assert not np.array_equal(few.images, other.images)
    nothing = taught(digits("train"), lineage.from_nothing(config))
    assert np.array_equal(few.images, nothing.images)


def test_of_few_digits_the_looks_are_few_and_all_validation_digits_are_read_at_the_end() -> None:
    config = TrainConfig.from_preset("fine_tune", per_class=10, epochs=40, batch=16)
    assert config.steps == 40 * 7
    assert [s for s in range(281) if config.is_kept(s)] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 280]
    assert [s for s in range(281) if config.is_whole_look(s)] == [0, 280]


def test_the_same_from_nothing_follows_and_the_folder_says_where_each_came_from(store: Store) -> None:
    run = parent(store)
    first = launch.create(settings(run, data="optdigits"), store, then=launch.FROM_NOTHING)
    assert train_in_turn(first)["kind"] == "finished"
    second = next(one for one in store.runs() if one.config.get("beside") == first.id)
    mine, theirs = first.config, second.config
    assert (mine["parent"], mine["from_step"]) == (run.id, 5)
    assert (theirs["parent"], theirs["from_step"], theirs["trains"]) == (None, None, "all")
    origin = {"id", "parent", "from_step", "trains", "then", "beside"}
    assert {n: v for n, v in mine.items() if n not in origin} == {n: v for n, v in theirs.items() if n not in origin}
    assert mine["counts"] == {"train": 1097, "val": 200, "test": 500} and mine["classes"] == 10
    assert records.read_all(second)[-1]["kind"] == "finished"
    answers = predict(checkpoints.load(first, first.steps[-1]), DATASETS["optdigits"].digits("test").images)
    right = (answers.argmax(1) == DATASETS["optdigits"].digits("test").labels).mean()
    assert last(first, "evaluation", part="test")["accuracy"] == pytest.approx(right)
    old = [one for one in records.read_all(first) if one["kind"] == "evaluation" and one["part"] == "old"]
    assert [one["digits"] for one in old] == [5000] + [1000] * (len(old) - 2) + [5000]
    read = predict(checkpoints.load(run, 5), digits("val").images).argmax(1)
    assert old[0]["accuracy"] == pytest.approx((read == digits("val").labels).mean(), abs=0.0005)
    assert not any(one.get("part") == "old" for one in records.read_all(second))


def test_what_was_stopped_is_not_followed(store: Store) -> None:
    from mnist_viz.runs.commands import give

    first = launch.create(settings(parent(store)), store, then=launch.FROM_NOTHING)
    give(first, "stop")
    assert train_in_turn(first)["kind"] == "stopped"
    assert not [one for one in store.runs() if one.config.get("beside")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"parent": "20260101-000000-mlp-0000"}, "There is no run '20260101-000000-mlp-0000'"),
        ({"parent": "../secret"}, "parent=../secret is no run's name: choose one from the list, or none."),
        ({"from_step": 6}, "keeps no checkpoint of step 6: choose one of its checkpoints."),
        ({"architecture": "mlp"}, "is a fast_cnn, no mlp: choose architecture=fast_cnn"),
        (
            {"parent": "", "trains": "head"},
            "trains=head would leave layers that never learned: choose a parent, or all.",
        ),
        ({"trains": "tail"}, "trains=tail is not known: choose all or last_block or head."),
        ({"data": "letters"}, "data=letters is not known: choose mnist or optdigits or printed."),
        ({"data": "optdigits", "per_class": 107}, "per_class=107 is more than optdigits has of each class: try 106"),
        ({"per_class": 501}, "per_class=501 is outside 0..500: try 10."),
    ],
)
def test_nonsense_is_refused_in_one_sentence_and_makes_no_run(
    store: Store, changes: dict[str, str | int], sentence: str
) -> None:
    run = parent(store)
    with pytest.raises(Refused) as refusal:
        launch.create(TrainConfig.from_preset("fine_tune", **{"parent": run.id, **changes}), store)
    assert sentence in str(refusal.value) and len(str(refusal.value).splitlines()) == 1
    assert store.runs() == [run]


@pytest.mark.parametrize("classes", [62, "ten", 0, 10**9, None])
def test_classes_that_do_not_fit_are_refused(store: Store, classes: object) -> None:
    run = parent(store)
    (run.folder / "config.json").write_text(json.dumps({**run.config, "classes": classes}))
    with pytest.raises(Refused, match=r"has 62 classes, which is not so|names no sensible number of classes"):
        launch.create(settings(run), store)


def test_a_parent_that_was_damaged_meanwhile_fails_with_its_sentence(store: Store) -> None:
    run = parent(store)
    begun = launch.create(settings(run), store)
    run.checkpoint(5).write_bytes(b"nothing")
    assert train(begun)["reason"].startswith(f"The checkpoint of step 5 of run {run.id} is damaged")


def test_what_was_written_before_these_settings_can_be_read() -> None:
    old = json.loads((SHIPPED / "config.json").read_text())
    config = TrainConfig.from_dict(old)
    assert (config.data, config.per_class, config.parent, config.from_step, config.trains) == (
        "mnist",
        0,
        "",
        -1,
        "all",
    )
    assert config.shown == 55_000 and config.steps == 215


def test_the_printed_characters_ship_as_one_small_checkpoint() -> None:
    run = Store.default().run(PRINTED)
    files = [path for path in run.folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1e6 and "/" not in json.dumps(run.config)
    assert run.classes == 62 and len(run.steps) == 1
    assert records.read_all(run)[-1]["test_accuracy"] > 0.9
    from mnist_viz.data import printed

    random = np.random.RandomState(77)
    labels = np.arange(310) % 62
    images = np.stack([printed.character(int(label), random) for label in labels])
    assert (predict(checkpoints.load(run, run.steps[0]), images).argmax(1) == labels).mean() > 0.85
    assert PRINTED not in [one.id for one in Store.default().runs()]
