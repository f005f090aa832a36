"""A cross-validation on the pages: each fold by its name, mean and spread in a sentence, all of them on one chart."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_viz.runs import commands, records
from mnist_viz.runs.store import Run, Store
from mnist_viz.server.board import board
from mnist_viz.text import percent
from mnist_viz.training import launch, lineage
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.worker import in_turn
from mnist_viz.ui import frame
from mnist_viz.ui.training import state
from tests.test_pages import headline, is_whole, visit

pytestmark = pytest.mark.usefixtures("one_thread")
SMALL: dict[str, Any] = {"architecture": "mlp", "digits": 200, "batch": 40, "schedule": "constant", "device": "cpu"}


@pytest.fixture
def folds(own_store: Path) -> list[tuple[Run, dict[str, Any]]]:
    """Three folds, one after the other, as one start makes them."""
    return list(in_turn(launch.first(TrainConfig.from_preset("live", **SMALL, folds=3), Store.default())))


def test_the_train_page_says_each_fold_and_what_all_say_together(folds: list[tuple[Run, dict[str, Any]]]) -> None:
    accuracies = [ending["val_accuracy"] for _run, ending in folds]
    app = visit("pages/train.py", run=folds[1][0].id)
    assert is_whole(app)
    assert f"Fold 2 of 3: it reads **{percent(accuracies[1])}**" in headline(app)
    together = f"3-fold cross-validation: validation accuracy **{percent(float(np.mean(accuracies)))}**"
    assert together in headline(app)
    assert f"standard deviation **{100 * np.std(accuracies, ddof=1):.2f} points** (3 folds)" in headline(app)
    snapshot = board().snapshot(folds[1][0].id)
    assert state.heading(snapshot).endswith("133 digits · Adam 0.01 · seed 0 · fold 2 of 3")
    labels = {frame.run_label(one).rpartition(" · ")[2] for one in board().summaries()}
    assert {"fold 1 of 3", "fold 2 of 3", "fold 3 of 3"} <= labels


def test_the_folds_are_one_line_in_a_band_on_the_page_of_comparisons(
    folds: list[tuple[Run, dict[str, Any]]],
) -> None:
    app = visit("pages/compare.py", runs=",".join(run.id for run, _ending in folds), seeds="true")
    assert is_whole(app) and app.toggle(key="seeds").value and app.toggle(key="seeds").label == "Folds together"
    assert any("each on other digits" in one.value for one in app.caption)
    mean = percent(float(np.mean([ending["val_accuracy"] for _run, ending in folds])))
    assert any(f"3-fold cross-validation: validation accuracy **{mean}**" in one.value for one in app.markdown)


def test_the_form_asks_for_folds_by_a_menu(own_store: Path) -> None:
    app = visit("pages/train.py", folds="5")
    assert is_whole(app) and not app.warning
    assert app.selectbox(key="folds_shown").value == "5"
    app.selectbox(key="preset_shown").select("longer").run()
    assert app.selectbox(key="folds_shown").value == "0"


def test_a_fold_that_was_gone_on_with_counts_in_the_place_of_the_one_that_was_left(own_store: Path) -> None:
    store, stop = Store.default(), threading.Event()
    turns = in_turn(launch.first(TrainConfig.from_preset("live", **SMALL, epochs=2, folds=2), store), stop=stop)
    first, one = next(turns)
    stop.set()
    ((second, ending),) = turns
    assert (second.config["fold"], ending["kind"]) == (2, "stopped")
    ((child, other),) = in_turn(launch.create(lineage.gone_on(second), store))
    mean = percent((one["val_accuracy"] + other["val_accuracy"]) / 2)
    for run in (first, child):
        said = headline(visit("pages/train.py", run=run.id))
        assert f"2-fold cross-validation: validation accuracy **{mean}**" in said and "(2 folds)" in said


def test_one_fold_alone_promises_no_others(own_store: Path) -> None:
    run = launch.first(TrainConfig.from_preset("live", **SMALL, folds=3, fold=2), Store.default())
    ((_run, ending),) = in_turn(run)
    said = headline(visit("pages/train.py", run=run.id))
    assert (
        said.strip()
        == f"Fold 2 of 3: it reads **{percent(ending['val_accuracy'])}** of the digits of its fold rightly."
    )


def test_folds_that_were_changed_on_the_way_have_no_mean(own_store: Path) -> None:
    first = launch.first(TrainConfig.from_preset("live", **SMALL, folds=3), Store.default())

    def hand(record: records.Record) -> None:
        if record["kind"] == "step" and record["step"] == 2:
            commands.change(first, {"rate": 0.001})

    _first, (second, _ending), _third = in_turn(first, progress=hand)
    said = headline(visit("pages/train.py", run=second.id))
    assert "In 1 of the 3 folds so far settings were changed on the way" in said
    assert "standard deviation" not in said and "cross-validation" not in said
