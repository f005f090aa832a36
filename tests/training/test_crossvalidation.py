"""Cross-validation: folds against scikit-learn's, and a tiny one from its start to its mean and spread."""

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold

from mnist_viz.analysis.seeds import groups, spread
from mnist_viz.data import split
from mnist_viz.data.mnist import digits
from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.logits import predict
from mnist_viz.runs.store import Run, Store
from mnist_viz.training import estimate, launch, lineage, worker
from mnist_viz.training.__main__ import main
from mnist_viz.training.config import Refused, TrainConfig, from_words
from mnist_viz.training.fit import cut, taught

SMALL: dict[str, Any] = {"architecture": "mlp", "digits": 200, "batch": 40, "schedule": "constant", "device": "cpu"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs", tmp_path / "pretrained", tmp_path / "cache")


@pytest.mark.parametrize("count", [2, 3, 5, 10])
def test_folds_are_disjoint_cover_all_and_are_as_even_as_those_of_scikit_learn(count: int) -> None:
    labels = digits("train").labels
    folds = split.folds(labels, count)
    assert np.array_equal(np.sort(np.concatenate(folds)), np.arange(len(labels))), "each digit is in one fold"
    ours = np.array([np.bincount(labels[fold]) for fold in folds])
    known = StratifiedKFold(count, shuffle=True, random_state=0).split(np.zeros(len(labels)), labels)
    theirs = np.array([np.bincount(labels[fold]) for _train, fold in known])
    assert np.array_equal(np.sort(ours, axis=0), np.sort(theirs, axis=0)), "the same counts of each label"
    assert np.ptp([len(fold) for fold in folds]) <= 1
    assert all(np.array_equal(one, other) for one, other in zip(folds, split.folds(labels, count), strict=True))


@pytest.mark.parametrize(("digits_", "folds"), [(200, 3), (55_000, 7), (101, 10)])
def test_settings_know_how_many_digits_train_whatever_the_seed(digits_: int, folds: int) -> None:
    train, val = digits("train"), digits("val")
    seen = []
    for fold in range(1, folds + 1):
        config = TrainConfig.from_preset("live", digits=digits_, batch=8, folds=folds, fold=fold, seed=fold)
        learned, looked = cut(train, val, config)
        assert len(learned) == config.shown and len(learned) + len(looked) == config.pool == digits_
        seen.append(looked.images)
        both = {image.tobytes() for image in learned.images} & {image.tobytes() for image in looked.images}
        assert not both
    pool = taught(train, TrainConfig.from_preset("live", digits=digits_))
    assert sorted(image.tobytes() for image in np.concatenate(seen)) == sorted(one.tobytes() for one in pool.images)


def test_without_folds_all_is_as_it_was() -> None:
    train, val = digits("train"), digits("val")
    learned, looked = cut(train, val, TrainConfig.from_preset())
    assert learned is train and looked is val


def test_one_start_makes_a_run_a_fold_and_their_mean_and_spread_are_numpys(store: Store) -> None:
    first = launch.first(TrainConfig.from_preset("live", **SMALL, epochs=2, folds=3), store)
    told = list(worker.in_turn(first))
    assert [run.config["fold"] for run, _ending in told] == [1, 2, 3]
    assert [run.config.get("first_fold") for run, _ending in told] == [None, first.id, first.id]
    assert [run.config.get("then") for run, _ending in told] == [launch.NEXT_FOLD] * 3
    accuracies = []
    for run, ending in told:
        config = TrainConfig.from_dict(run.config)
        _learned, fold = cut(digits("train"), digits("val"), config)
        by_hand = (predict(checkpoints.load(run, run.steps[-1]), fold.images).argmax(1) == fold.labels).mean()
        assert ending["kind"] == "finished" and ending["val_accuracy"] == pytest.approx(by_hand)
        looks = [one for one in records.read_all(run) if one["kind"] == "evaluation" and one["part"] == "val"]
        assert looks[-1]["digits"] == len(fold) and looks[-1]["accuracy"] == ending["val_accuracy"]
        accuracies.append(ending["val_accuracy"])
    mean, deviation = spread(accuracies)
    assert mean == pytest.approx(sum(accuracies) / 3)
    assert deviation == pytest.approx((sum((one - mean) ** 2 for one in accuracies) / 2) ** 0.5)
    settings = [TrainConfig.from_dict(run.config).as_dict() for run, _ending in told]
    assert groups(settings) == [(0, 1, 2)], "on the page of comparisons they are one"


def test_who_stops_a_fold_stops_them_all(store: Store) -> None:
    first = launch.first(TrainConfig.from_preset("live", **SMALL, folds=3), store)
    stop = threading.Event()
    stop.set()
    (only,) = worker.in_turn(first, stop=stop)
    assert only[1]["kind"] == "stopped" and len(store.runs()) == 1


def left(run: Run) -> Run:
    """The run, stopped after its second step."""
    stop = threading.Event()
    worker.train(run, stop=stop, progress=lambda told: stop.set() if told.get("step") == 2 else None)
    return run


def test_who_goes_on_with_a_fold_gets_the_other_folds_too_and_each_as_it_would_have_been(store: Store) -> None:
    config = TrainConfig.from_preset("live", **SMALL, epochs=2, folds=3)
    through = [TrainConfig.from_dict(run.config) for run, _ending in worker.in_turn(launch.first(config, store))]
    first = launch.create(lineage.gone_on(left(launch.first(config, store))), store)
    assert next(worker.in_turn(first))[1]["kind"] == "finished"
    (second,) = [run for run in store.runs() if run.config.get("first_fold") == first.id]
    again = launch.create(lineage.gone_on(left(second)), store)
    told = [run for run, _ending in worker.in_turn(again)]
    assert [run.config["fold"] for run in told] == [2, 3]
    assert [run.config["first_fold"] for run in (second, *told)] == [first.id] * 3
    assert [TrainConfig.from_dict(run.config) for run in (second, told[1])] == through[1:], "they begin afresh"
    longer = launch.create(lineage.gone_on(told[1], more=1), store)
    assert not {"then", "first_fold"} & longer.config.keys(), "with more epochs it is none of these folds"


def test_what_a_later_fold_would_refuse_is_refused_before_the_first_is_made(store: Store) -> None:
    config = TrainConfig.from_preset(
        "live", architecture="built", layers="d16-b-r", digits=101, batch=10, folds=2, device="cpu"
    )
    replace(config, fold=1)
    with pytest.raises(Refused) as refusal:
        replace(config, fold=2)
    with pytest.raises(Refused) as early:
        launch.first(config, store)
    assert str(early.value) == str(refusal.value) and not store.runs()


def test_why_no_fold_follows_is_in_the_log(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = launch.first(TrainConfig.from_preset("live", **SMALL, folds=2), store)

    def full(*_settings: object) -> Run:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Store, "create", full)
    assert worker.train_in_turn(run)["kind"] == "finished"
    assert "nothing follows: [Errno 28] No space left on device" in run.log


def test_one_fold_alone_is_trained_alone(store: Store) -> None:
    run = launch.first(TrainConfig.from_preset("live", **SMALL, folds=3, fold=2), store)
    assert run.config["fold"] == 2 and len(list(worker.in_turn(run))) == 1


def test_the_command_line_trains_one_fold_after_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_VIZ_CACHE", str(tmp_path / "cache"))
    words = [f"{name}={value}" for name, value in SMALL.items() if name != "architecture"]
    code = main(["--architecture", "mlp", "--runs", str(tmp_path / "runs"), "--set", *words, "folds=2"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 0 and len({line["run"] for line in lines}) == 2 and all("val_accuracy" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["folds=1"], "folds=1 with fold=0 cuts nothing: choose folds from 2 to 10, or 0 for both."),
        (["fold=2"], "folds=0 with fold=2 cuts nothing: choose folds from 2 to 10, or 0 for both."),
        (["folds=3", "fold=4"], "fold=4 is not one of the 3 folds: choose 1 to 3, or 0 for all in turn."),
        (["folds=5", "per_class=10"], "folds=5 with per_class=10 leaves too few to look at: choose folds=0, or"),
        (["folds=5", "parent=printed"], "folds=5 with parent=printed would be looked at on digits that the parent may"),
        (["folds=11"], "folds=11 is outside 0..10: try 5."),
    ],
)
def test_folds_that_make_no_sense_are_refused(words: list[str], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_words(set=words)
    assert str(refusal.value).startswith(sentence)


def test_the_time_is_that_of_the_digits_that_train_and_of_those_looked_at() -> None:
    speed = estimate.Speed({"mlp": (0.0, 0.003)})
    config = TrainConfig.from_preset("live", **{**SMALL, "digits": 1000, "batch": 1000}, folds=5)  # 800 in one step
    expected = estimate.READY + 800 * 0.003 + (200 + 200 + 10_000) * 0.001
    assert estimate.whole(speed, config) == pytest.approx(expected)
