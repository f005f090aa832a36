"""The finer settings on the train page: shown where they have a meaning, refused in a sentence, named by the curve."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from mnist_viz.data import preparation
from mnist_viz.data.mnist import digits
from mnist_viz.runs import checkpoints
from mnist_viz.runs.logits import predict
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.server.board import board
from mnist_viz.training import augmentation, launch
from mnist_viz.training.config import FIELDS, PRESETS, TrainConfig, Value
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.training.worker import train
from mnist_viz.ui.comparing import differences
from mnist_viz.ui.training import augmenting, state, steps_field
from mnist_viz.ui.training.form import FINER, FOLDED
from mnist_viz.ui.training.setting_words import names
from tests.test_pages import headline, is_whole, visit

pytestmark = pytest.mark.usefixtures("one_thread")
SMALL: dict[str, Value] = {"architecture": "mlp", "digits": 100, "batch": 10, "schedule": "constant", "device": "cpu"}


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def unpacked(packed: dict[str, str]) -> NDArray[np.float64]:
    """An array as plotly sends it to the browser."""
    flat = np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])
    return flat.reshape([int(side) for side in packed["shape"].split(",")]).astype(float)


def shown(app: AppTest) -> set[str]:
    """The settings of the fold that are on the page."""
    fields = (*app.number_input, *app.selectbox, *app.slider, *app.button_group)
    keys = {one.key.removesuffix("_shown") for one in fields if one.key}
    return keys & set(FOLDED)


def test_every_setting_of_the_fold_has_its_name_and_its_bounds() -> None:
    assert set(FOLDED) <= set(names()) and set(FOLDED) <= set(FIELDS)


def test_what_has_no_meaning_now_is_not_shown_and_says_nothing(store: Store) -> None:
    app = visit("pages/train.py", nesterov="yes")
    assert is_whole(app) and shown(app) == {*FOLDED} - {"momentum", "nesterov"}
    assert not app.warning, "Nesterov's momentum is not Adam's"
    app.selectbox(key="optimiser_shown").select("sgd").run()
    assert {"momentum", "nesterov"} <= shown(app)
    app.number_input(key="momentum").set_value(0).run()
    assert "nesterov" not in shown(app) and not app.warning
    app.button_group(key="start_from_shown").set_value("run").run()
    assert not {"digits", "initialisation", "patience"} & shown(app) and not app.warning


def test_a_link_says_all_finer_settings(store: Store) -> None:
    said = {"optimiser": "sgd", "nesterov": "yes", "weight_decay": "0.001", "smoothing": "0.1", "averaging": "0.99"}
    app = visit("pages/train.py", **said, initialisation="he", patience="2", epochs="5")
    assert is_whole(app) and not app.warning and set(FINER) <= shown(app)
    assert app.number_input(key="weight_decay").value == 0.001
    assert app.selectbox(key="initialisation_shown").value == "he"
    app.selectbox(key="preset_shown").select("longer").run()
    assert [app.number_input(key=name).value for name in ("weight_decay", "smoothing", "averaging", "patience")] == [
        0
    ] * 4
    assert app.selectbox(key="initialisation_shown").value == "default"


def test_patience_that_is_never_spent_is_refused_on_the_page(store: Store) -> None:
    app = visit("pages/train.py", patience="1")
    assert [one.value for one in app.warning] == [
        "patience=1 needs more looks at all validation digits than 1: choose patience=0, or more epochs."
    ]
    app.number_input(key="epochs").set_value(2).run()
    assert not app.warning


def test_a_curve_names_the_finer_settings_that_are_not_as_usual(store: Store) -> None:
    usual = launch.create(TrainConfig.from_preset("live", **SMALL), store)
    assert state.heading(board().snapshot(usual.id)) == "mlp · 1 epoch · 100 digits · Adam 0.01 · seed 0"
    finer: dict[str, Value] = {"weight_decay": 0.01, "smoothing": 0.1, "averaging": 0.99, "initialisation": "he"}
    run = launch.create(TrainConfig.from_preset("live", **SMALL, **finer), store)
    assert state.heading(board().snapshot(run.id)).endswith(
        "seed 0 · weight decay 0.01 · smoothing 0.1 · averaging 0.99 · first weights he"
    )
    assert state.heading(board().snapshot(PRETRAINED)) == "fast_cnn, the run that ships with the app"


@pytest.mark.parametrize("preset", ["live", "standard", "accurate"])
def test_a_link_to_a_recipe_changes_digits_as_the_recipe_says(own_store: Path, preset: str) -> None:
    app = visit("pages/train.py", preset=preset)
    said = {slider.key: slider.value for slider in app.slider if slider.key in AUGMENTATION}
    assert said == {name: float(PRESETS[preset].settings[name]) for name in AUGMENTATION}


def test_who_stopped_early_is_looked_at_where_it_was_best(store: Store) -> None:
    run = launch.create(TrainConfig.from_preset("live", **SMALL, epochs=60, patience=3), store)
    ending = train(run)
    best, last = ending["best_step"], run.steps[-1]
    assert best < last < 600
    app = visit("pages/train.py", run=run.id)
    assert is_whole(app)
    assert f"{best} steps it reads" in headline(app)
    assert f"It went on to step {last}; by the loss on the validation digits this was its best." in headline(app)
    assert app.session_state["step"] == best
    test = digits("test")
    wrong = (predict(checkpoints.load(run, best), test.images).argmax(1) != test.labels).sum()
    assert f"{wrong:,}" in headline(visit("pages/mistakes.py", run=run.id))


def test_augmentation_and_dropout_are_said_by_the_link_and_reset_by_a_recipe(store: Store) -> None:
    app = visit("pages/train.py", rotation="15", grain="0.2", dropout="0.3")
    assert is_whole(app) and not app.warning and set(AUGMENTATION) <= shown(app)
    assert (app.slider(key="rotation").value, app.slider(key="grain").value) == (15, 0.2)
    assert [app.slider(key=name).proto.format for name in ("rotation", "grain", "zoom")] == ["%g", "percent", "percent"]
    assert app.selectbox(key="dropout_shown").value == "0.3"
    app.selectbox(key="dropout_shown").select("0").run()
    assert app.session_state["dropout"] == "0" and not app.warning
    app.selectbox(key="preset_shown").select("plain_sgd").run()
    assert not any(app.slider(key=name).value for name in AUGMENTATION)
    assert app.selectbox(key="dropout_shown").value == "-1" and not app.warning


def test_a_number_of_the_link_that_cannot_be_is_the_recipes_and_a_sentence_says_so(store: Store) -> None:
    wrong = {"rate": "77.0", "epochs": "2.5", "dropout": "0.95", "rotation": "<many>", "zoom": "0.6"}
    app = visit("pages/train.py", **wrong, momentum="7", optimiser="adam")
    assert is_whole(app) and not app.warning and app.button(key="start")
    (info,) = app.info
    assert info.value.split("\n\n") == [
        "The link says 2.5 for “Epochs (passes over all digits)”, which can be a whole number from 1 to 200: it "
        "is now 2.",
        "The link says 77 for “Learning rate”, which can be a number from 0.000001 to 10: it is now 0.01.",
        "The link says 0.95 for “Dropout”, which can be a number from 0 to 0.9: it is now as the network has it.",
        "The link says “\\<many\\>” for “Turned (±\u00a0°)”, which can be a number from 0 to 180: it is now 0.",
        "The link says 60 for “Scaled (±\u00a0%)”, which can be a number from 0 to 50: it is now 0.",
    ]


def test_what_the_form_says_of_augmentation_and_dropout_is_trained(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[TrainConfig] = []

    def start(config: TrainConfig, where: Store) -> Run:
        started.append(config)
        return launch.create(config, where)

    monkeypatch.setattr("mnist_viz.ui.training.form.launch.start", start)
    app = visit("pages/train.py", dropout="0.3")
    app.slider(key="elastic").set_value(1.2).run()
    app.button(key="start").click().run()
    assert started[0].elastic == 1.2 and started[0].dropout == 0.3 and started[0].rotation == 0
    assert state.heading(board().snapshot(board().summaries()[0].run.id)).endswith(
        "seed 0 · dropout 0.3 · bent by 1.2\u00a0px"
    )


def test_the_preview_shows_the_digit_of_the_frame_as_the_trainer_would_see_it() -> None:
    amounts = {**dict.fromkeys(AUGMENTATION, 0.0), "rotation": 30.0, "grain": 0.1}
    drawn = augmenting.drawn("test-7", tuple(amounts.values()), "en")
    assert drawn.title == "Digit test-7 as it would be learned from"
    trace = json.loads(drawn.json)["data"][0]
    values, number = unpacked(trace["z"]), unpacked(trace["customdata"])
    image = torch.tensor(digits("test").images[7]).float() / 255
    expected = augmentation.samples(image, amounts, augmenting.SAMPLES, augmenting.SEED)
    for place, one in enumerate(expected, 1):
        seen = values[(number == place) & ~np.isnan(values)].reshape(28, 28)
        assert np.array_equal(seen, np.round(255 * one.numpy()))


def test_preparation_and_scaling_are_said_by_the_link_and_chosen_by_pills(store: Store) -> None:
    app = visit("pages/train.py", preparation="median5-binarise40", scaling="half")
    assert is_whole(app) and not app.warning
    pills = app.button_group(key="preparation_shown")
    assert pills.value == ["median", "binarise"] and app.selectbox(key="scaling_shown").value == "half"
    order = "In this order: Median 5 × 5, Binarise at 40 %."
    assert order in [one.value for one in app.caption]
    pills.set_value(["median", "binarise", "deskew"]).run()
    assert app.session_state["preparation"] == "median5-deskew-binarise40", "in its sensible place"
    app.selectbox(key="preset_shown").select("longer").run()
    assert not app.button_group(key="preparation_shown").value
    assert app.selectbox(key="scaling_shown").value == "own" and not app.warning
    app = visit("pages/train.py", preparation="sharpen")
    assert is_whole(app) and "'sharpen' is no step of preparation" in app.warning[0].value


def test_pills_keep_numbers_and_order_and_are_never_too_many() -> None:
    steps = preparation.parse("binarise40-deskew")
    assert steps_field.chosen(steps, ["binarise", "deskew"]) == steps
    assert preparation.write(steps_field.chosen(steps, ["deskew"])) == "deskew"
    assert preparation.write(steps_field.chosen(steps, ["binarise", "deskew", "noise"])) == "noise20-binarise40-deskew"
    six = preparation.parse("noise20-median3-gaussian10-bilateral20-deskew-centre")
    assert steps_field.chosen(six, [*(one.name for one in six), "binarise"]) == six
    assert set(steps_field.SENSIBLE) == set(preparation.STEPS)


def test_what_the_form_says_of_preparation_is_trained_and_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[TrainConfig] = []

    def start(config: TrainConfig, where: Store) -> Run:
        started.append(config)
        return launch.create(config, where)

    monkeypatch.setattr("mnist_viz.ui.training.form.launch.start", start)
    app = visit("pages/train.py", preparation="deskew", scaling="mean_image")
    assert "Digits prepared: Deskew · pixels: mean image subtracted" in [one.value for one in app.caption]
    app.button(key="start").click().run()
    assert (started[0].preparation, started[0].scaling) == ("deskew", "mean_image")
    heading = state.heading(board().snapshot(board().summaries()[0].run.id))
    assert heading.endswith("seed 0 · prepared: Deskew · pixels: mean image subtracted")
    app = visit("pages/train.py", start_from="run", parent=PRETRAINED, preparation="deskew", scaling="half")
    assert is_whole(app) and not app.warning and "scaling" not in shown(app) and "preparation" in shown(app)


def test_the_preview_changes_the_prepared_digit() -> None:
    amounts = {**dict.fromkeys(AUGMENTATION, 0.0), "grain": 0.1}
    drawn = augmenting.drawn("test-7", tuple(amounts.values()), "en", "deskew-binarise50")
    values = unpacked(json.loads(drawn.json)["data"][0]["z"])
    number = unpacked(json.loads(drawn.json)["data"][0]["customdata"])
    image = preparation.prepare(digits("test").images[7:8], "deskew-binarise50")[0]
    expected = augmentation.samples(torch.tensor(image).float() / 255, amounts, 1, augmenting.SEED)[0]
    seen = values[(number == 1) & ~np.isnan(values)].reshape(28, 28)
    assert np.array_equal(seen > 128, np.round(255 * expected.numpy()) > 128)


def test_differences_say_steps_and_scaling_in_words() -> None:
    assert differences._words("preparation", "deskew-noise30", {}) == "Deskew, Noise 30\N{NO-BREAK SPACE}%"
    assert (
        differences._words("preparation", "by hand", {}) == "by hand"
        and differences._words("preparation", "", {}) == "–"
    )
    assert differences._words("scaling", "standard", {}) == "standardised"
    assert differences._words("preset", "standard", {}) == "Standard"
