"""The one reader of the runs: many may ask at once, each sees every record once and in order."""

import threading
from pathlib import Path

import pytest

from mnist_viz.runs import records
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.server.board import FRESH, Board
from mnist_viz.training.config import TrainConfig

STEP = {"kind": "step", "epoch": 1.0, "loss": 1.0, "accuracy": 0.5, "seconds": 1.0, "images_per_second": 1.0}


def test_many_readers_at_once_see_the_same_records_in_order(own_store: Path) -> None:
    store = Store.default()
    run, board, wrong = store.create(TrainConfig.from_preset("live").as_dict()), Board(store), []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            steps = [record["step"] for record in board.snapshot(run.id).records]
            if steps != list(range(len(steps))):
                wrong.append(steps)

    readers = [threading.Thread(target=read) for _reader in range(4)]
    for reader in readers:
        reader.start()
    for step in range(300):
        records.append(run, {**STEP, "step": step})
    done.wait(2 * FRESH)
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
    done.wait(2 * FRESH)
    assert len(board.snapshot(run.id).records) == 300 or len(_after_a_moment(board, run.id)) == 300


def _after_a_moment(board: Board, run_id: str) -> tuple[dict[str, object], ...]:
    threading.Event().wait(2 * FRESH)
    return board.snapshot(run_id).records


def test_the_list_has_every_run_newest_first_and_passes_over_a_damaged_one(own_store: Path) -> None:
    store = Store.default()
    good = store.create(TrainConfig.from_preset("live").as_dict())
    damaged = store.create(TrainConfig.from_preset("live").as_dict())
    (damaged.folder / "config.json").write_text("[]")
    assert [one.run.id for one in Board(store).summaries()] == [good.id, PRETRAINED]


def test_the_shipped_run_is_summed_up_by_its_test_accuracy(own_store: Path) -> None:
    (summary,) = Board(Store.default()).summaries()
    assert summary.state == "finished"
    assert summary.test_accuracy is not None
    assert 0.98 < summary.test_accuracy < 1


def test_a_run_that_has_just_been_made_counts_as_the_training(own_store: Path) -> None:
    store = Store.default()
    board = Board(store)
    assert board.training() is None
    run = store.create(TrainConfig.from_preset("live").as_dict())
    training = board.training()
    assert training is not None
    assert training.run.id == run.id


@pytest.mark.parametrize("record", [{"kind": "evaluation", "part": "test"}, {"kind": "step"}, {"kind": "start"}])
def test_a_record_without_its_fields_is_passed_over(own_store: Path, record: dict[str, object]) -> None:
    store = Store.default()
    run = store.create(TrainConfig.from_preset("live").as_dict())
    records.append(run, record)
    assert Board(store).snapshot(run.id).records == ()
    assert len(Board(store).summaries()) == 2


def test_the_folds_that_follow_a_run_belong_to_it(own_store: Path) -> None:
    store = Store.default()
    settings = TrainConfig.from_preset("live", folds=2, fold=1).as_dict()
    first = store.create(settings)
    second = store.create({**settings, "fold": 2, "first_fold": first.id})
    store.create(settings)
    assert {one.run.id for one in Board(store).family(first.id)} == {first.id, second.id}
    assert [one.run.id for one in Board(store).family(second.id)] == [second.id]
