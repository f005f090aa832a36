"""With or without? What ships is there at once; what nobody has compared can be asked for and given up."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from streamlit.testing.v1 import AppTest

from mnist_viz.jobs import contests
from mnist_viz.jobs.queue import jobs
from mnist_viz.runs import derived
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.server import access
from mnist_viz.training.contest import Contest
from mnist_viz.ui.preparing import contest_words
from tests.test_pages import cells, is_whole, payload, text_of, visit

PAGE = "pages/prepare.py"
MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def run(own_store: Path) -> Run:
    return Store.default().run(PRETRAINED)


def keep(run: Run, contest: Contest, table: np.ndarray) -> None:
    derived.put(run, contests.NO_STEP, f"contest_{contest.name}", contests.VERSION, table)


def buttons(app: AppTest) -> list[str]:
    return [one.label for one in app.button if one.label in ("Compare", "Cancel")]


def ways(app: AppTest) -> list[str]:
    return [one.proto.label for one in app.get("page_link")]


def test_the_first_look_shows_the_contest_that_ships_with_its_interval(run: Run) -> None:
    app, table = visit(PAGE, stage="consequences"), contests.known(run, Contest())
    assert is_whole(app) and table is not None and buttons(app) == []
    without, with_it = table[:, :, -1]
    interval = stats.ttest_rel(with_it, without).confidence_interval(0.95)
    for said in (
        f"**{100 * with_it.mean():.2f}\u00a0%** of the validation digits are read right with deskewing",
        f"**{100 * without.mean():.2f}\u00a0%** without (means of 5 pairs)",
        f"{100 * interval.low:+.2f} to {100 * interval.high:+.2f}. It helps here: more than",
    ):
        assert said in text_of(app)
    drawn = json.loads(str(payload(app, "contest_curves")["figure"]))["data"]
    axes = json.loads(str(payload(app, "contest_curves")["figure"]))["layout"]
    assert axes["yaxis"]["type"] == "log" and "log scale" in axes["yaxis"]["title"]["text"]
    lines = [one for one in drawn if one.get("name") in ("with", "without")]
    np.testing.assert_allclose(cells(lines[0]["y"]), 100 * (1 - table[0].mean(axis=0)))
    np.testing.assert_allclose(cells(lines[1]["y"]), 100 * (1 - table[1].mean(axis=0)))
    pairs = json.loads(str(payload(app, "contest_differences")["figure"]))["data"]
    np.testing.assert_allclose([cells(one["x"])[1] for one in pairs[:5]], 100 * (with_it - without), atol=1e-9)
    assert "Train with this preparation" in ways(app)


@pytest.mark.parametrize(
    ("gain", "verdict"), [(0.0, "holds 0: chance may explain it."), (-0.05, "It hurts here: more than")]
)
def test_the_sentence_says_what_the_interval_says(run: Run, gain: float, verdict: str) -> None:
    contest = Contest("gaussian", 20, 30, 300, "mlp", 3)
    chance = np.random.RandomState(0).normal(0, 0.002, (2, 3, 8))
    table = 0.9 + chance + np.array([0, gain])[:, None, None]
    keep(run, contest, table)
    words = {"test_step": "gaussian", "test_setting": "20", "test_noise": "30", "test_digits": "300"}
    app = visit(PAGE, stage="consequences", test_network="mlp", test_seeds="3", **words)
    assert is_whole(app) and verdict in text_of(app)
    assert "a Gaussian blur of 2.0 px" in text_of(app) and "noisy validation digits (30\u00a0%)" in text_of(app)
    assert f"{100 * (table[1] - table[0])[:, -1].mean():+.2f}".replace("-", MINUS) in text_of(app)


def test_what_nobody_has_compared_is_asked_for_and_can_be_given_up(run: Run) -> None:
    app = visit(PAGE, stage="consequences", test_step="rotation", test_digits="300", test_network="mlp", test_seeds="3")
    assert is_whole(app) and payload(app, "contest_curves")["live"] is None
    assert "Does mlp read more validation digits with digits turned by up to ±15°" in text_of(app)
    assert buttons(app) == ["Compare"] and "Train with this preparation" not in ways(app)
    try:
        next(one for one in app.button if one.label == "Compare").click().run()
        live = payload(app, "contest_curves")["live"]
        assert is_whole(app) and isinstance(live, dict) and live["phase"] == "busy"
        assert "step=rotation&setting=15&noise=0&digits=300&architecture=mlp&seeds=3" in live["route"]
        assert buttons(app) == ["Cancel"]
        next(one for one in app.button if one.label == "Cancel").click().run()
        assert is_whole(app) and buttons(app) == ["Compare"]
    finally:
        jobs().close()


def test_whoever_may_not_act_is_told_why_there_is_no_button(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "is_shared", lambda: True)
    app = visit(PAGE, stage="consequences", test_step="centre")
    assert is_whole(app) and buttons(app) == []
    assert any("the presenter can start it" in one.value for one in app.caption)


def test_a_link_with_nonsense_shows_what_ships(run: Run) -> None:
    app = visit(PAGE, stage="consequences", test_step="mirror", test_setting="x", test_digits="-1", test_seeds="1e9")
    assert is_whole(app) and "right with deskewing" in text_of(app)


def test_the_way_to_training_says_the_side_with_the_step_as_the_form_reads_it() -> None:
    assert contest_words.to_train(Contest("median", 5, 30)) == {"preparation": "noise30-median5"}
    assert contest_words.to_train(Contest("mean_image")) == {"scaling": "mean_image"}
    assert contest_words.to_train(Contest("shift", 2)) == {"shift": "2"}
    assert contest_words.to_train(Contest("zoom", 0.1, 15)) == {"preparation": "noise15", "zoom": "0.1"}
