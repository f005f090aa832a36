"""The train page where a training starts from a checkpoint: what it offers, what it says, what it leaves out."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_viz.data.sets import DATASETS
from mnist_viz.runs import checkpoints, commands, records
from mnist_viz.runs.logits import predict
from mnist_viz.runs.store import PRETRAINED, PRINTED, Store
from mnist_viz.server.board import board
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.worker import in_turn, train_in_turn
from tests.test_pages import PAGES, headline, is_whole, payload, text_of, visit

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def test_the_form_says_printed_characters_and_ten_digits_a_class(store: Store) -> None:
    app = visit("pages/train.py")
    app.button_group(key="start_from_shown").set_value("run").run()
    assert is_whole(app) and not app.warning
    assert app.selectbox(key="parent_shown").value == PRINTED
    assert app.selectbox(key="per_class_shown").value == "10"
    assert app.number_input(key="epochs").value == 40
    assert app.button(key="start")
    app.selectbox(key="per_class_shown").select("1").run()
    assert app.number_input(key="epochs").value == 100
    app.selectbox(key="per_class_shown").select("0").run()
    assert (app.number_input(key="epochs").value, app.number_input(key="batch").value) == (1, 256)
    app.selectbox(key="data_shown").select("optdigits").run()
    assert (app.number_input(key="epochs").value, app.number_input(key="batch").value) == (15, 16)
    app.selectbox(key="parent_shown").select(PRETRAINED).run()
    assert (app.number_input(key="rate").value, app.number_input(key="epochs").value) == (0.003, 15)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"parent": "20200101-000000-mlp-0000"},
        {"from_step": "77"},
        {"per_class": "3"},
        {"data": "printed"},
        {"trains": "x"},
    ],
)
def test_what_the_link_says_wrongly_is_the_usual(store: Store, nonsense: dict[str, str]) -> None:
    app = visit("pages/train.py", start_from="run", **nonsense)
    assert is_whole(app) and app.button(key="start") and not app.warning


def test_a_run_of_other_classes_is_no_run_to_look_at(store: Store) -> None:
    for page in ("pages/mistakes.py", "pages/digit.py", "pages/train.py"):
        assert is_whole(visit(page, run=PRINTED))
    shipped = records.read_all(store.run(PRETRAINED))[-1]["test_accuracy"]
    assert f"**{100 * shipped:.2f}\u00a0%**" in headline(visit("pages/train.py", run=PRINTED))
    letters = store.create({"architecture": "mlp", "data": "printed", "classes": 62})
    known = [one.run.id for one in board().summaries()]
    assert PRETRAINED in known and PRINTED not in known and letters.id not in known


def test_the_sentence_is_the_gain_of_both_and_the_chart_shows_both(store: Store) -> None:
    config = TrainConfig.from_preset("fine_tune", parent=PRETRAINED, data="optdigits", epochs=2, per_class=3, batch=8)
    first = launch.create(config, store, then=launch.FROM_NOTHING)
    train_in_turn(first)
    second = next(run for run in store.runs() if run.config.get("beside") == first.id)
    test, val = (DATASETS["optdigits"].digits(part) for part in ("test", "val"))
    shares = [
        (predict(checkpoints.load(run, run.steps[-1]), test.images).argmax(1) == test.labels).mean()
        for run in (first, second)
    ]
    app = visit("pages/train.py", run=first.id)
    assert is_whole(app)
    assert f"**{100 * shares[0]:.2f}\u00a0%** of 500 test digits rightly" in headline(app)
    assert (
        f"from nothing **{100 * shares[1]:.2f}\u00a0%**: a gain of **{100 * (shares[0] - shares[1]):+.1f} points**"
        in (headline(app))
    )
    old = [one for one in records.read_all(first) if one.get("part") == "old"]
    was, now = (f"**{100 * old[place]['accuracy']:.1f}\u00a0%**" for place in (0, -1))
    assert f"it reads {now} now, and read {was} before" in text_of(app)
    untouched = predict(checkpoints.load(store.run(PRETRAINED), first.config["from_step"]), val.images).argmax(1)
    assert f"**{100 * (untouched == val.labels).mean():.1f}\u00a0%** before its first step" in text_of(app)
    drawn = json.loads(str(payload(app, "curve")["figure"]))["data"]
    assert len(drawn) == 8 and drawn[7]["x"]
    assert board().training() is None
    assert is_whole(visit("pages/train.py", run=second.id)) and text_of(app)
    framed = visit(PAGES[0], run=first.id)
    assert any("learned from scikit-learn's digits" in caption.value for caption in framed.sidebar.caption)


def test_a_replaced_head_says_that_there_is_no_old_accuracy(store: Store) -> None:
    config = TrainConfig.from_preset("fine_tune", data="optdigits", epochs=1, per_class=1, trains="head")
    run = launch.create(config, store)
    train_in_turn(run)
    app: AppTest = visit("pages/train.py", run=run.id)
    assert any("Its head was replaced" in caption.value for caption in app.caption)
    assert len(json.loads(str(payload(app, "curve")["figure"]))["data"]) == 4


def test_a_fine_tuning_that_was_changed_on_the_way_has_no_gain_over_who_was_not(store: Store) -> None:
    config = TrainConfig.from_preset("fine_tune", parent=PRETRAINED, data="optdigits", epochs=1, per_class=3, batch=8)
    first = launch.first(config, store)

    def hand(record: records.Record) -> None:
        if record["kind"] == "step" and record["step"] == 1:
            commands.change(first, {"rate": 0.0001})

    (_first, _ending), (second, _end) = in_turn(first, progress=hand)
    shares = [board().snapshot(run.id).last("evaluation", part="test") for run in (first, second)]
    reads, nothing = (f"**{100 * share['accuracy']:.2f}\u00a0%**" for share in shares if share)
    said = headline(visit("pages/train.py", run=first.id))
    assert f"{reads} of 500 test digits rightly, from nothing {nothing}. Settings were changed on the way" in said
    assert "gain" not in said and "interval" not in said
