"""The page that compares runs: which ones, their curves, their settings, the digits on which they disagree."""

import json
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import binomtest
from sklearn.metrics import precision_recall_fscore_support
from streamlit.testing.v1 import AppTest

from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints, commands, logits, records
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.server.board import board
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig, Value
from mnist_viz.training.fields import FIELDS, NEWEST
from mnist_viz.training.fit import fit, network
from mnist_viz.training.worker import train
from mnist_viz.ui import frame
from tests.test_pages import cells, is_whole, payload, text_of, visit

PAGE = "pages/compare.py"


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def trained(store: Store, **changes: Value) -> Run:
    """A run that learned from 300 digits, finished, with its last checkpoint alone."""
    config = TrainConfig.from_preset(**{"digits": 300, "batch": 50, "rate": 0.003, "device": "cpu", **changes})
    run, model = launch.create(config, store), network(config)
    for record in fit(model, mnist.digits("train"), mnist.digits("val").chosen(np.arange(200)), config):
        if record["kind"] != "checkpoint" or record["step"] == config.steps:
            records.append(run, record)
    checkpoints.save(run, config.steps, model)
    tested = logits.logits(run, config.steps, "test").argmax(axis=1) == mnist.digits("test").labels
    last = {"step": config.steps, "epoch": 1.0, "seconds": 1.0, "digits": 10_000, "loss": 1.0}
    records.append(run, {"kind": "evaluation", "part": "test", "accuracy": float(tested.mean()), **last})
    records.append(run, {"kind": "finished", "test_accuracy": 0.5, "val_accuracy": 0.5})
    return run


@pytest.fixture
def two(store: Store, one_thread: None) -> tuple[Run, Run]:
    return trained(store, architecture="mlp", seed=1), trained(store, architecture="mlp", seed=2)


def link(*runs: Run | str) -> str:
    return ",".join(run if isinstance(run, str) else run.id for run in runs)


def test_with_the_shipped_run_alone_its_curve_is_there_and_the_way_to_a_second(store: Store) -> None:
    app = visit(PAGE)
    assert is_whole(app) and "only this one run so far" in text_of(app)
    shown = json.loads(str(payload(app, "compare_curves")["figure"]))
    assert [trace["name"] for trace in shown["data"]] == ["A"]
    looks = [r for r in records.read_all(store.run(PRETRAINED)) if r["kind"] == "evaluation" and r["part"] == "val"]
    assert np.allclose(cells(shown["data"][0]["y"]), [100 * (1 - look["accuracy"]) for look in looks])


def test_the_link_names_the_runs_and_what_is_not_there_is_passed_over(two: tuple[Run, Run], store: Store) -> None:
    first, second = two
    (first.folder.parent / "20200101-000000-mlp-0000").mkdir()
    app = visit(PAGE, runs=link(second, "20200101-000000-mlp-0000", first, "nonsense"))
    assert is_whole(app)
    assert app.multiselect(key="runs_shown").value == [second.id, first.id]
    assert any("nonsense" in one.value and "passed over" in one.value for one in app.info)


def test_the_run_of_the_frame_is_among_them_from_the_start_and_a_choice_goes_into_the_link(
    two: tuple[Run, Run],
) -> None:
    app = visit(PAGE, run=two[0].id)
    assert app.multiselect(key="runs_shown").value[0] == two[0].id
    app.multiselect(key="runs_shown").set_value([two[1].id, PRETRAINED]).run()
    assert app.session_state["runs"] == link(two[1], PRETRAINED)
    app.multiselect(key="runs_shown").set_value([]).run()
    assert app.multiselect(key="runs_shown").value == [two[1].id, PRETRAINED]


@pytest.mark.parametrize("by", ["step", "epoch", "seconds"])
def test_the_chart_runs_along_what_was_chosen(two: tuple[Run, Run], by: str) -> None:
    app = visit(PAGE, runs=link(*two), by=by, measure="loss", training="true")
    shown = json.loads(str(payload(app, "compare_curves")["figure"]))["data"]
    assert [trace["mode"] for trace in shown] == ["lines"] * 2 + ["lines+markers"] * 2
    for trace, run in zip(shown[2:], two, strict=True):
        looks = [r for r in records.read_all(run) if r["kind"] == "evaluation" and r["part"] == "val"]
        assert np.allclose(cells(trace["x"]), [look[by] for look in looks])
        assert np.allclose(cells(trace["y"]), [look["loss"] for look in looks])


def html_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_table_has_the_settings_that_differ_and_counts_the_others(store: Store, two: tuple[Run, Run]) -> None:
    app = visit(PAGE, runs=link(*two))
    first, second = html_of(app).split("<tr>")[-2:]
    assert "What differs" in first and "<th>Seed</th><td>1</td><td>2</td>" in second
    assert f"{len(FIELDS) - 1} other settings are the same." in {one.value for one in app.caption}


def test_of_many_runs_each_value_stands_once_with_the_runs_that_have_it(store: Store) -> None:
    runs = [store.create(TrainConfig.from_preset("live", seed=seed).as_dict()) for seed in (3, 3, 4, 3)]
    fine_tuned = store.create(TrainConfig.from_preset("fine_tune", seed=4).as_dict())
    said = html_of(visit(PAGE, runs=link(*runs, fine_tuned)))
    assert "<th>Seed</th><td><span><b>A B D</b> 3</span><span><b>C E</b> 4</span></td>" in said
    assert "<span><b>A B C D</b> Live</span><span><b>E</b> Fine-tune</span>" in said
    assert "<th>Seed</th><td>3</td><td>3</td><td>4</td><td>3</td>" in html_of(visit(PAGE, runs=link(*runs)))


@pytest.mark.parametrize(
    ("aspect", "stands"), [("curves", "open"), ("digits", "folded"), ("classes", "folded"), ("runs", "nowhere")]
)
def test_what_differs_is_folded_where_it_is_not_the_subject(two: tuple[Run, Run], aspect: str, stands: str) -> None:
    app = visit(PAGE, runs=link(*two), aspect=aspect)
    folds = [one for one in app.expander if "these runs differ" in one.label]
    assert is_whole(app) and (stands == "folded") == bool(folds)
    assert ("<th>Seed</th>" in html_of(app)) == (stands != "nowhere")


def test_a_run_that_was_gone_on_with_names_the_other_by_its_label_and_runs_from_nothing_no_checkpoint(
    store: Store,
) -> None:
    first = store.create(TrainConfig.from_preset("live").as_dict())
    child = store.create({**TrainConfig.from_preset("live").as_dict(), "parent": first.id, "from_step": 2})
    newest = store.create({**TrainConfig.from_preset("live").as_dict(), "parent": PRETRAINED, "from_step": NEWEST})
    said, labels = html_of(visit(PAGE, runs=link(first, child, newest))), frame.run_labels(board().summaries())
    assert "<th>Checkpoint to start from</th><td>–</td><td>2</td><td>its last</td>" in said
    learned = f"<td>–</td><td>{labels[first.id]}</td><td>{labels[PRETRAINED]}</td>"
    assert f"<th>What it had learned before</th>{learned}" in said


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (
            (0.9, 0.8, 0.9),
            "**A** and **C** read most test digits rightly, **90.00\u00a0%**, and **B** ",
        ),
        (
            (0.8, 0.8, 0.9),
            "**C** reads most test digits rightly, **90.00\u00a0%**, and **A** and **B** ",
        ),
    ],
)
def test_the_headline_names_all_runs_that_read_best_or_worst(store: Store, shares: list[float], said: str) -> None:
    runs = [store.create(TrainConfig.from_preset("live").as_dict()) for _share in shares]
    for run, share in zip(runs, shares, strict=True):
        look = {"step": 1, "epoch": 1.0, "loss": 1.0, "seconds": 1.0, "digits": 10_000}
        records.append(run, {"kind": "evaluation", "part": "test", "accuracy": share, **look})
        records.append(run, {"kind": "finished", "test_accuracy": share, "val_accuracy": share})
    assert said in text_of(visit(PAGE, runs=link(*runs)))


def test_words_of_settings_are_those_of_the_form_and_what_is_not_used_is_no_value(store: Store) -> None:
    runs = [store.create(TrainConfig.from_preset("live", **change).as_dict()) for change in ({}, {"optimiser": "sgd"})]
    said = html_of(visit(PAGE, runs=link(*runs)))
    assert "<th>Optimiser</th><td>Adam</td><td>SGD</td>" in said
    assert "<th>Momentum (of SGD)</th><td>–</td><td>0.9</td>" in said


def test_what_a_config_says_makes_no_markup(store: Store) -> None:
    run = store.create({**TrainConfig.from_preset("live").as_dict(), "schedule": "<img src=x>"})
    said = html_of(visit(PAGE, runs=link(run, PRETRAINED)))
    assert "&lt;img src=x&gt;" in said and "<img" not in said


def test_runs_alike_in_every_setting_differ_by_chance_alone(store: Store) -> None:
    runs = [store.create(TrainConfig.from_preset("live").as_dict()) for _run in range(2)]
    assert "what differs is chance" in text_of(visit(PAGE, runs=link(*runs)))


def right(run: Run | str) -> np.ndarray:
    """Which test digits a run reads rightly, from its logits and numpy alone."""
    kept = Store.default().run(run) if isinstance(run, str) else run
    read = logits.logits(kept, kept.steps[-1], "test").argmax(axis=1)
    return np.asarray(read == mnist.digits("test").labels)


def test_the_fourfold_table_and_its_verdict_are_those_of_numpy_and_scipy(two: tuple[Run, Run]) -> None:
    app = visit(PAGE, runs=link(*two), aspect="digits")
    first, second = (right(run) for run in two)
    only = int((first & ~second).sum()), int((second & ~first).sum())
    shown = json.loads(str(payload(app, "fourfold")["figure"]))["data"][0]
    assert cells(shown["customdata"]).tolist() == [
        [(first & second).sum(), only[0]],
        [only[1], (~first & ~second).sum()],
    ]
    p = binomtest(only[0], sum(only)).pvalue
    assert f"**{abs(only[1] - only[0]):,}** more test digits" in text_of(app)
    assert ("it means nothing" in text_of(app)) == (p >= 0.05)
    assert ("hardly by chance" in text_of(app)) == (p < 0.01)


def test_a_run_that_patience_ended_stands_with_its_best_checkpoint(two: tuple[Run, Run]) -> None:
    run, other = two
    config = TrainConfig.from_dict(run.config)
    checkpoints.save(run, 1, network(config))
    records.append(run, {"kind": "finished", "test_accuracy": 0.5, "val_accuracy": 0.5, "best_step": 1})
    app = visit(PAGE, runs=link(run, other), aspect="digits")
    best = logits.logits(run, 1, "test").argmax(axis=1) == mnist.digits("test").labels
    gained = int(right(other).sum() - best.sum())
    assert gained > 1000 and f"**B** reads **{gained:,}** more test digits" in text_of(app)


def test_a_much_better_network_is_hardly_better_by_chance(two: tuple[Run, Run]) -> None:
    app = visit(PAGE, runs=link(two[0], PRETRAINED), aspect="digits", among="second")
    assert "**B** reads" in text_of(app) and "in fewer than 1 of a million such comparisons: hardly" in text_of(app)
    tiles = cast("list[dict[str, str]]", grid(app)["items"])
    alone = np.flatnonzero(right(PRETRAINED) & ~right(two[0]))
    assert len(tiles) == 20 and {int(tile["id"].split("-")[1]) for tile in tiles} <= set(alone.tolist())


def grid(app: AppTest) -> dict[str, object]:
    return payload(app, app.session_state["_paged"])


def test_runs_of_other_data_and_without_a_checkpoint_are_left_out_with_a_sentence(two: tuple[Run, Run]) -> None:
    store = Store.default()
    other = store.create(TrainConfig.from_preset("live", data="optdigits").as_dict())
    empty = store.create(TrainConfig.from_preset("live").as_dict())
    app = visit(PAGE, runs=link(two[0], other, empty), aspect="digits")
    said = {one.value for one in app.caption}
    assert is_whole(app) and "Fewer than two of these runs" in text_of(app)
    assert any("learned from other data: B left out" in one for one in said)
    assert any("Without a checkpoint nothing can be read yet: C left out" in one for one in said)


def test_any_two_of_three_can_be_chosen(two: tuple[Run, Run]) -> None:
    app = visit(PAGE, runs=link(*two, PRETRAINED), aspect="digits", between="B-C")
    shown = json.loads(str(payload(app, "fourfold")["figure"]))["data"][0]
    assert cells(shown["customdata"])[0, 0] == (right(two[1]) & right(PRETRAINED)).sum()


def test_the_marks_of_the_classes_are_those_of_scikit_learn(two: tuple[Run, Run]) -> None:
    app = visit(PAGE, runs=link(*two), aspect="classes")
    shown = json.loads(str(payload(app, "compared_classes")["figure"]))["data"]
    labels, f1 = mnist.digits("test").labels, []
    for place, run in enumerate(two):
        read = logits.logits(run, run.steps[-1], "test").argmax(axis=1)
        expected = precision_recall_fscore_support(labels, read, zero_division=np.nan)[:3]
        for trace, score in zip(shown[place::2], expected, strict=True):
            assert np.allclose(cells(trace["x"]), 100 * score, equal_nan=True)
        f1.append(expected[2])
    assert f"differ most in the **{np.abs(f1[0] - f1[1]).argmax()}**" in text_of(app)


def test_together_the_runs_read_what_their_mean_probability_says(two: tuple[Run, Run]) -> None:
    app = visit(PAGE, runs=link(*two, PRETRAINED), aspect="together")
    labels, kept = mnist.digits("test").labels, [*two, Store.default().run(PRETRAINED)]
    shares = [softmax(logits.logits(run, run.steps[-1], "test").astype(float), axis=1) for run in kept]
    together = (np.mean(shares, axis=0).argmax(axis=1) == labels).mean()
    without = [(sum(shares[:out] + shares[out + 1 :]).argmax(axis=1) == labels).mean() for out in range(3)]
    assert f"Together the 3 runs read **{100 * together:.2f}\u00a0%**" in text_of(app)
    assert f"Most is added by **C**: {100 * (together - without[2]):+.2f} points".replace("-", "−") in text_of(app)
    shown = json.loads(str(payload(app, "compared_ensemble")["figure"]))["data"]
    assert np.allclose([cells(trace["x"])[0] for trace in shown[2::2]], 100 * np.array(without))
    assert any("below about 0.2 points" in one.value for one in app.caption)


@pytest.mark.parametrize("aspect", ["digits", "classes", "together"])
def test_every_aspect_of_a_run_alone_is_its_curve(store: Store, aspect: str) -> None:
    app = visit(PAGE, aspect=aspect)
    assert is_whole(app) and payload(app, "compare_curves")


def test_runs_that_differ_in_the_seed_alone_become_one_line_in_a_band(two: tuple[Run, Run]) -> None:
    app = visit(PAGE, runs=link(*two, PRETRAINED), seeds="true", measure="loss")
    around, mean, other = json.loads(str(payload(app, "compare_curves")["figure"]))["data"]
    assert (mean["name"], other["name"]) == ("AB", "C")
    losses = np.array(
        [[r["loss"] for r in records.read_all(run) if r.get("part") == "val"] for run in two], dtype=float
    )
    assert np.allclose(cells(mean["y"]), losses.mean(axis=0))
    assert np.allclose(cells(around["y"]), [*losses.min(axis=0), *losses.max(axis=0)[::-1]])


def test_where_no_runs_differ_in_the_seed_alone_there_is_nothing_to_put_together(two: tuple[Run, Run]) -> None:
    app = visit(PAGE, runs=link(two[0], PRETRAINED), seeds="true")
    shown = json.loads(str(payload(app, "compare_curves")["figure"]))["data"]
    assert [trace["name"] for trace in shown] == ["A", "B"]


def test_a_run_that_was_changed_on_the_way_differs_and_is_averaged_with_none_that_was_not(
    store: Store, one_thread: None
) -> None:
    def led(seed: int, **settings: float) -> Run:
        small: dict[str, Value] = {"architecture": "mlp", "digits": 400, "batch": 50, "device": "cpu"}
        run = launch.create(TrainConfig.from_preset("live", **small, seed=seed), store)

        def hand(told: records.Record) -> None:
            if settings and told["kind"] == "step" and told["step"] == 2:
                commands.change(run, settings)

        train(run, progress=hand)
        return run

    changed, untouched, other = led(1, rate=0.001, weight_decay=0.1), led(1), led(2)
    gone_on = store.create(dict(changed.config))
    for record in (taken := [one for one in records.read_all(changed) if one["kind"] == "command"]):
        records.append(gone_on, record)
    change = next(one for one in taken if one.get("command") == "change")
    app = visit(PAGE, runs=link(changed, untouched))
    assert is_whole(app) and "what differs is chance" not in text_of(app)
    said = f"rate 0.001, decay 0.1 from step {change['step']} on"
    assert "<th>Changed on the way</th><td>once</td><td>–</td>" in html_of(app)
    assert f"<li><b>A</b> {said}</li>" in html_of(app)
    assert html_of(visit(PAGE, runs=link(changed, untouched, gone_on))).count(f"<li><b>A C</b> {said}</li>") == 1
    assert f"{len(FIELDS)} other settings are the same." in {one.value for one in app.caption}
    assert "seeds" not in {one.key for one in app.toggle}
    app = visit(PAGE, runs=link(changed, untouched, other), seeds="true")
    shown = json.loads(str(payload(app, "compare_curves")["figure"]))["data"]
    assert {"A", "BC"} == {trace["name"] for trace in shown if trace.get("name")}
