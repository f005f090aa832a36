"""Every page, run as Streamlit runs it: with the shipped run alone, with a finished one, and with a live one."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix
from streamlit.testing.v1 import AppTest

import models
from mnist_viz.analysis import endurance
from mnist_viz.analysis.distortions import Distortion
from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints, commands, records
from mnist_viz.runs.files import write_whole
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import fit, network

ROOT = Path(__file__).parents[1]
PAGES = [
    "pages/home.py",
    "pages/data.py",
    "pages/prepare.py",
    "pages/convolution.py",
    "pages/train.py",
    "pages/compare.py",
    "pages/mistakes.py",
    "pages/features.py",
    "pages/saliency.py",
    "pages/draw.py",
    "pages/digit.py",
    "pages/embedding.py",
]


def visit(page: str, **link: str) -> AppTest:
    """A page as a visitor with this link sees it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for word, value in link.items():
        app.query_params[word] = value
    app.run()
    if page != PAGES[0]:
        app.switch_page(page).run()
    return app


def cells(value: Any) -> np.ndarray:
    """The numbers of a trace, which plotly packs as base64."""
    if isinstance(value, dict):
        flat = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        return flat.reshape([int(n) for n in str(value.get("shape", flat.size)).split(",")]).astype(float)
    return np.array(value, dtype=float)


def is_whole(app: AppTest) -> bool:
    """Whether the page has its question and neither a traceback nor the frame's sentence for a failure."""
    return len(app.title) == 1 and not app.exception and not app.error


def payload(app: AppTest, key: str) -> dict[str, object]:
    """What a figure or a grid of this key was given."""
    for element in app.get("bidi_component"):
        if f"-{key}" in element.proto.id or element.proto.id.endswith(key):
            found: dict[str, object] = json.loads(element.proto.json)
            return found
    raise AssertionError(f"nothing with the key {key} is on the page")


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


@pytest.fixture
def unfinished(store: Store) -> Iterator[Callable[[], Run]]:
    """Makes a run that has begun and whose pulse goes on beating, as a trainer's does."""
    stop, threads = threading.Event(), []

    def make() -> Run:
        config = TrainConfig.from_preset("live", digits=1024, batch=64)
        run, model = store.create(config.as_dict()), network(config)
        for record in fit(model, mnist.digits("train"), mnist.digits("val"), config):
            records.append(run, record)
            if record["kind"] == "checkpoint":
                checkpoints.save(run, record["step"], model)
                if record["step"] == 8:
                    break

        def beat() -> None:
            count = 0
            while not stop.wait(0.5):
                count += 1
                write_whole(run.folder / "pulse", str(count))

        threads.append(threading.Thread(target=beat))
        threads[-1].start()
        return run

    yield make
    stop.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_with_the_shipped_run_alone(store: Store, page: str) -> None:
    assert is_whole(visit(page))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_with_a_live_run(unfinished: Callable[[], Run], page: str) -> None:
    assert is_whole(visit(page, run=unfinished().id))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_with_a_run_that_has_no_checkpoint_yet(store: Store, page: str) -> None:
    run = store.create(TrainConfig.from_preset("live").as_dict())
    assert is_whole(visit(page, run=run.id))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_beside_a_damaged_run(store: Store, page: str) -> None:
    run = store.create(TrainConfig.from_preset("live").as_dict())
    (run.folder / "config.json").write_text("{")
    assert is_whole(visit(page))


@pytest.mark.parametrize("page", PAGES)
def test_a_link_to_a_damaged_run_shows_the_shipped_one(store: Store, page: str) -> None:
    run = store.create(TrainConfig.from_preset("live").as_dict())
    (run.folder / "config.json").write_text('{"architecture": 7}')
    app = visit(page, run=run.id)
    assert is_whole(app)
    assert any("is not here" in one.value for one in app.info) or page != PAGES[0]


def test_words_of_a_link_make_no_picture(store: Store) -> None:
    app = visit(PAGES[0], run="![](//example.org/b)")
    assert "\\!\\[\\]\\(" in app.info[0].value


@pytest.mark.parametrize("view", ["digits", "labels", "pixels", "typical"])
def test_every_view_of_the_digits_is_whole(store: Store, view: str) -> None:
    assert is_whole(visit("pages/data.py", view=view, part="val"))


@pytest.mark.parametrize(("part", "called"), [("train", "training"), ("test", "test")])
def test_of_one_label_it_is_said_how_many_digits_have_it(store: Store, part: str, called: str) -> None:
    labels = mnist.digits(part).labels
    said = visit("pages/data.py", part=part, label="7").markdown[0].value
    assert said.startswith(f"{np.sum(labels == 7):,} of the {len(labels):,} {called} digits are labelled 7;")


def test_a_distance_is_called_euclidean_where_it_stands(store: Store) -> None:
    assert "its Euclidean distance over all 784 pixels" in visit("pages/data.py", view="typical").markdown[0].value


def text_of(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_the_sentence_about_the_pixels_is_what_numpy_counts(store: Store) -> None:
    images = mnist.digits("test").images
    said = text_of(visit("pages/data.py", view="pixels", part="test"))
    assert f"Only {100 * np.count_nonzero(images) / images.size:.1f}\u00a0%" in said
    assert f"mean grey value is {images.mean(dtype=np.float64):.2f} of 255" in said
    assert f"and {int((images.reshape(-1, 784).max(axis=0) == 0).sum())} of the 784" in said


def test_the_sentence_about_the_labels_is_what_numpy_counts(store: Store) -> None:
    counts = np.array([(mnist.digits("train").labels == label).sum() for label in range(10)])
    said = text_of(visit("pages/data.py", view="labels"))
    assert f"{counts.max():,} are a {counts.argmax()} and {counts.min():,} a {counts.argmin()}" in said


@pytest.mark.parametrize("part", ["test", "val"])
def test_the_matrix_and_the_sentence_are_those_of_scikit_learn(store: Store, part: str) -> None:
    run = store.run(PRETRAINED)
    logits = np.load(run.folder / "derived" / f"{run.steps[-1]:08d}" / f"logits_{part}-1.npy")
    labels, read = mnist.digits(part).labels, logits.argmax(axis=1)
    app = visit("pages/mistakes.py", part=part)
    assert f"{int((labels != read).sum())} of {len(labels):,}" in text_of(app)
    interval = binomtest(int((labels == read).sum()), len(labels)).proportion_ci(method="wilson")
    assert f"{100 * interval.low:.2f}\u00a0% to {100 * interval.high:.2f}\u00a0%" in text_of(app)
    shown = json.loads(str(payload(app, "confusion")["figure"]))
    for trace in shown["data"][:3]:
        assert (cells(trace["customdata"]) == confusion_matrix(labels, read)).all()


def test_the_bars_are_the_softmax_of_the_logits(store: Store) -> None:
    run = store.run(PRETRAINED)
    logits = np.load(run.folder / "derived" / f"{run.steps[-1]:08d}" / "logits_test-1.npy")[2462]
    app = visit("pages/digit.py", digit="test-2462")
    shown = json.loads(str(payload(app, "panel_probabilities")["figure"]))["data"][0]
    assert np.allclose(cells(shown["x"]), 100 * softmax(logits.astype(float)), atol=0.01)


@pytest.mark.parametrize("layer", ["pixels", "conv1", "activation2", "head", "probabilities", "nonsense"])
def test_every_layer_of_the_network_can_be_opened(store: Store, layer: str) -> None:
    app = visit("pages/features.py", layer=layer, digit="test-2462", step="16")
    assert is_whole(app)
    shown = json.loads(str(payload(app, "opened")["figure"]))
    assert (layer if layer != "nonsense" else "conv1") in text_of(app) or layer in ("pixels", "probabilities")
    assert shown["data"]


def test_the_sentence_about_a_layer_is_what_torch_and_numpy_count(store: Store) -> None:
    import torch

    model: Any = checkpoints.load(store.run(PRETRAINED), 8)
    images = torch.tensor(mnist.digits("test").images[18:19])[:, None] / 255
    seen = model.activation1(model.norm1(model.conv1(model.scale(images))))
    seen = model.activation2(model.norm2(model.pool2(model.conv2(seen))))[0].numpy().reshape(32, -1)
    app = visit("pages/features.py", layer="activation2", digit="test-18", step="8")
    silent = int((seen.max(axis=1) == 0).sum())
    assert f"{silent or 'none'} of the 32 channels of **activation2**" in text_of(app)
    assert f"channel {seen.max(axis=1).argmax()} is strongest, with {seen.max():.2f}" in text_of(app)


@pytest.mark.parametrize("architecture", ["conv16_32", "mlp"])
def test_every_network_shows_its_filters_beside_its_first_layer(store: Store, architecture: str) -> None:
    config = TrainConfig.from_preset("live", architecture=architecture)
    run = store.create(config.as_dict())
    checkpoints.save(run, 0, network(config))
    app = visit("pages/features.py", run=run.id)
    assert is_whole(app)
    assert json.loads(str(payload(app, "filters")["figure"]))["data"]


def test_a_recipe_sets_what_it_says_and_the_settings_stay_its_own(store: Store) -> None:
    app = visit("pages/train.py", preset="longer")
    assert app.number_input(key="epochs").value == 5
    app.selectbox(key="preset_shown").select("plain_sgd").run()
    assert app.number_input(key="epochs").value == 1
    assert app.number_input(key="batch").value == 64
    assert app.selectbox(key="optimiser_shown").value == "sgd"
    assert app.number_input(key="momentum").value == 0.9


def test_the_table_of_the_network_is_that_of_torch(store: Store) -> None:
    import models

    app = visit("pages/train.py", architecture="conv16_32")
    shown = app.dataframe[0].value
    total = sum(weights.numel() for weights in models.build("conv16_32").parameters())
    assert shown["Parameters"].sum() == total == 108_618
    assert any("108,618 parameters in 4 of its 9 modules" in fold.label for fold in app.expander)


def test_a_choice_stands_in_the_link_by_its_code_and_on_the_page_by_its_name(store: Store) -> None:
    app = visit("pages/train.py", optimiser="sgd", schedule="no such thing")
    menu = app.selectbox(key="optimiser_shown")
    assert (menu.value, menu.options) == ("sgd", ["Adam", "AdamW", "SGD"])
    assert app.number_input(key="momentum").value == 0.9
    assert app.selectbox(key="schedule_shown").value == "one_cycle"
    assert app.button(key="start") and not app.warning
    menu.select("adam").run()
    assert app.text_input(key="optimiser").value == "adam"


def headline(app: AppTest) -> str:
    return str(app.main.markdown[0].value)


def test_where_another_training_goes_on_there_is_the_way_to_it(unfinished: Callable[[], Run]) -> None:
    run = unfinished()
    app = visit("pages/train.py")
    assert "Another training is going on: fast_cnn." in text_of(app)
    assert not [button for button in app.button if button.label == "Start training"]
    app.button(key="watch_it").click().run()
    assert app.session_state["run"] == run.id
    assert headline(app).startswith("It is learning now")
    records.append(run, {"kind": "stopped", "test_accuracy": 0.5})
    assert visit("pages/train.py").button(key="start")


def test_the_headline_says_what_was_asked_for_until_it_is_done(unfinished: Callable[[], Run]) -> None:
    run = unfinished()

    def said() -> str:
        time.sleep(0.15)  # what was read answers everybody for a tenth of a second
        return headline(visit("pages/train.py", run=run.id))

    def obeyed(word: str, file: str) -> None:
        records.append(run, {"kind": "command", "command": word, "value": None, "file": file})

    slow = commands.give(run, "pace", 3.0)
    assert said() == "It is learning in slow motion, about 3 steps a second."
    obeyed("pace", slow)
    slower = commands.give(run, "pace", 0.2)
    assert said() == "It is learning in slow motion, one step in about 5 seconds."
    obeyed("pace", slower)
    pause = commands.give(run, "pause")
    assert said() == "Pause: it is obeyed after the step that is being taken."
    obeyed("pause", pause)
    assert said() == "It is paused; slow motion is on: go on to see it."


def test_slow_motion_is_slowed_down_to_a_pace_at_which_one_can_speak_of_each_part(
    unfinished: Callable[[], Run],
) -> None:
    run = unfinished()
    app = visit("pages/train.py", run=run.id)

    def press(label: str) -> set[str]:
        next(one for one in app.button if one.label == label).click().run()
        return {"Slow motion", "Slower", "Less slow", "Full speed"} & {one.label for one in app.button}

    assert press("Slow motion") == {"Slower", "Full speed"}
    quick = payload(app, "step_parts")["turn"]
    assert press("Slower") == {"Less slow", "Full speed"} and headline(app).endswith("about 5 seconds.")
    assert quick == 0.15 and payload(app, "step_parts")["turn"] == pytest.approx(0.9), "each part its time"
    assert press("Less slow") == {"Slower", "Full speed"} and press("Full speed") == {"Slow motion"}


def test_another_run_is_looked_at_from_its_last_checkpoint_and_a_refused_one_says_nothing_of_steps(
    store: Store,
) -> None:
    other = store.create({"architecture": "mlp"})
    for step in (0, 8):
        checkpoints.save(other, step, models.build("mlp"))
    last = store.run(PRETRAINED).steps[-1]
    app = visit(PAGES[0], run=other.id, step="8")
    app.sidebar.selectbox(key="run_shown").select(PRETRAINED).run()
    assert app.session_state["step"] == last != 8 and 8 in store.run(PRETRAINED).steps
    app = visit(PAGES[0], run="20200101-000000-mlp-0000", step="8")
    assert app.session_state["step"] == last
    app.session_state["step"] = 8
    app.run()
    assert app.session_state["step"] == 8


def test_a_link_between_two_stops_of_a_slider_means_the_nearest(store: Store) -> None:
    between, stop = (visit("pages/draw.py", hand="change", turn=turn, digit="test-3520") for turn in ("-66.8", "-66"))
    assert is_whole(between)
    assert payload(between, "changed_digit")["figure"] == payload(stop, "changed_digit")["figure"]


def test_a_link_with_sliders_shows_the_changed_digit_and_says_where_it_flips(store: Store) -> None:
    app = visit("pages/draw.py", hand="change", right="4.0", digit="test-18")
    assert is_whole(app)
    expected = np.zeros((28, 28))
    expected[:, 4:] = mnist.digits("test").images[18][:, :-4]
    shown = json.loads(str(payload(app, "changed_digit")["figure"]))["data"][0]
    assert (cells(shown["z"]) == expected).all()
    assert "Moved right: it" in text_of(app)
    app.button[-1].click().run()
    shown = json.loads(str(payload(app, "changed_digit")["figure"]))["data"][0]
    assert (cells(shown["z"]) == mnist.digits("test").images[18]).all()


def test_the_stops_of_the_moved_slider_ask_for_what_is_known(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    computed, compute = list[str](), endurance.readings

    def counted(run: Run, model: Any, image: np.ndarray, amount: Distortion, kind: str) -> list[endurance.Span]:
        computed.append(kind)
        return compute(run, model, image, amount, kind)

    monkeypatch.setattr(endurance, "readings", counted)
    app = visit("pages/draw.py", hand="change", right="4.0", light="20.0", digit="test-19")
    for right in (5.0, -2.5):
        assert is_whole(app.slider(key="right").set_value(right).run())
    assert computed == ["right"] and "Moved right: it" in text_of(app)
    assert is_whole(app.slider(key="light").set_value(30.0).run())
    assert computed == ["right", "light"]


def test_sliders_stand_in_their_order_with_their_units(store: Store) -> None:
    app = visit("pages/draw.py", hand="change")
    labels = [slider.label for slider in app.main.slider]
    assert labels[:4] == ["Moved right (px)", "Moved down (px)", "Turned (°)", "Size (×)"]
    assert labels[4:7] == ["Thickness (px)", "Noise (grey values)", "Grey added (grey values)"]


def test_a_link_with_several_changes_runs_along_the_largest_and_says_what_is_alone(store: Store) -> None:
    app = visit("pages/draw.py", hand="change", digit="test-0", right="1.0", turn="-20", light="40")
    assert "Turned: it" in text_of(app)
    drawn = json.loads(str(payload(app, "endurance")["figure"]))
    words = [note["text"] for note in drawn["layout"]["annotations"]]
    assert words == ["% right of 1,000 test digits, this change alone", "test-0 with all your changes is read as"]
    assert "or more are right from −" in str(payload(app, "endurance")["title"])
    app = visit("pages/draw.py", hand="change", digit="test-0", turn="-20")
    drawn = json.loads(str(payload(app, "endurance")["figure"]))
    assert drawn["layout"]["annotations"][1]["text"] == "test-0 is read as"


@pytest.mark.parametrize("drawn", [None, "junk", "AAAA", 7, "A" * 5000])
def test_what_the_pad_did_not_draw_is_no_drawing(store: Store, drawn: object) -> None:
    app = visit("pages/draw.py")
    app.session_state["pad"] = {"drawn": drawn}
    assert is_whole(app.run())
    assert "Draw a digit" in text_of(app)


def test_a_drawing_is_explained_with_the_class_it_is_read_as(store: Store) -> None:
    app = visit("pages/draw.py")
    app.session_state["pad"] = {"drawn": base64.b64encode(mnist.digits("test").images[0].tobytes()).decode()}
    assert is_whole(app.run())
    assert "reads a **7** in your drawing" in text_of(app)
    assert "Which pixels speak for **7** and for" in text_of(app)
    assert payload(app, "pad_integrated_gradients")["title"] == "Integrated gradients"
