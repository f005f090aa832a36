"""The window of the convolution page as the browser gets it: its numbers are torch's, its words are true."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch.nn import functional

from mnist_viz.data.address import Address, digit
from mnist_viz.data.preparation import prepare
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import network
from mnist_viz.ui.components.window import PART

ROOT = Path(__file__).parents[1]


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def visit(**link: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for word, value in link.items():
        app.query_params[word] = value
    app.run()
    app.switch_page("pages/convolution.py").run()
    assert not app.exception and not app.error
    return app


def payload(app: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    for element in app.get("bidi_component"):
        if element.proto.id.endswith("window"):
            found: dict[str, Any] = json.loads(element.proto.json)
            return found
    raise AssertionError("no stage is on the page")


def floats(coded: str) -> np.ndarray:
    numbers = np.frombuffer(base64.b64decode(coded), "<f4")
    side = round(len(numbers) ** 0.5)
    return numbers.reshape(side, side)


def shown(app: AppTest) -> np.ndarray:
    """What comes out in the end."""
    data = payload(app)
    return floats(data["chain"][-1]["values"] if data["chain"] else data["sums"])


def said(app: AppTest) -> str:
    return " ".join(one.value for kind in (app.markdown, app.caption, app.info, app.warning) for one in kind)


def pixels(address: str = "test-3520") -> torch.Tensor:
    return torch.tensor(digit(Address.parse(address))[0]).float().div(255)[None, None]


def test_at_first_it_is_the_first_filter_of_the_shipped_network_and_the_size_formula(store: Store) -> None:
    app = visit()
    run = store.run(PRETRAINED)
    model = checkpoints.load(run, run.steps[-1])
    expected = functional.conv2d(model.scale(pixels()), model.conv1.weight[:1], stride=2, padding=2)  # type: ignore[union-attr, index]
    assert np.allclose(shown(app), expected[0, 0].detach().numpy(), atol=1e-5)
    assert r"\frac{28+2\cdot2-1\cdot(5-1)-1}{2}" in said(app) and "27 / 2 = 13.5 is rounded down to 13" in said(app)
    assert said(app).count("cross-correlation") == 1


def test_another_filter_normalised_and_passed_through_a_relu_is_what_the_network_gives(store: Store) -> None:
    app = visit(filter="7", then="norm-relu", digit="test-2462")
    run = store.run(PRETRAINED)
    model = checkpoints.load(run, run.steps[-1]).eval()
    with torch.inference_mode():
        expected = model.activation1(model.norm1(model.conv1(model.scale(pixels("test-2462")))))[0, 7].numpy()  # type: ignore[operator]
    assert np.allclose(shown(app), expected, atol=1e-5)


def test_a_kernel_of_numbers_in_the_link_is_applied_as_it_stands(store: Store) -> None:
    app = visit(operate="own", weights="1_0_0_0_2_0_0_0_-3", padding="2", stride="3", dilation="2", then="tanh")
    kernel = torch.diag(torch.tensor([1.0, 2, -3]))[None, None]
    expected = functional.conv2d(pixels(), kernel, stride=3, padding=2, dilation=2).tanh()
    assert np.array_equal(shown(app), expected[0, 0].numpy())
    assert payload(app)["editable"] and payload(app)["chosen"] == -1


def test_a_drawing_comes_back_as_it_was_drawn_and_is_shown_as_the_run_prepares_and_scales_it(store: Store) -> None:
    config = TrainConfig.from_preset("live", preparation="noise20", scaling="mean_image")
    run, model = store.create(config.as_dict()), network(config)
    model.mean.copy_(torch.rand(28, 28))
    checkpoints.save(run, 0, model)
    drawn = np.zeros((28, 28), np.uint8)
    drawn[10:20, 13:15] = 255
    app = visit(run=run.id)
    app.session_state["window_paper"], app.session_state["window_drawing"] = True, drawn
    data = payload(app.run())
    assert base64.b64decode(data["sheet"]["drawn"]) == drawn.tobytes()
    scaled = model.scale(torch.tensor(prepare(drawn[None], "noise20")).float().div(255))[0].numpy()
    assert np.allclose(floats(data["values"]), scaled, atol=1e-6)
    assert np.array_equal(floats(data["sheet"]["paper"]), -model.mean.numpy())
    assert np.array_equal(floats(data["sheet"]["ink"]), 1 - model.mean.numpy())


def test_what_a_pooling_makes_of_a_drawing_is_not_drawn_on(store: Store) -> None:
    config = TrainConfig.from_preset("live", architecture="built", layers="m2-c4k3s1p0-r")
    run = store.create(config.as_dict())
    checkpoints.save(run, 0, network(config))
    app = visit(run=run.id)
    app.session_state["window_paper"] = True
    data = payload(app.run())
    assert data["n"] == 14 and data["drawing"] and data["sheet"] is None and not data["drawable"]


@pytest.mark.parametrize("operate", ["max", "mean"])
def test_a_pooling_is_torch_s(store: Store, operate: str) -> None:
    app = visit(operate=operate, pool_window="3", padding="1", stride="2")
    pool = functional.max_pool2d if operate == "max" else functional.avg_pool2d
    assert np.array_equal(shown(app), pool(pixels(), 3, 2, 1)[0, 0].numpy())
    assert (payload(app)["winners"] is not None) == (operate == "max")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"operate": "own", "weights": "blur5", "dilation": "14", "padding": "0"}, "14·(5 − 1) + 1 = 57 pixels"),
        ({"padding": "0", "dilation": "14", "then": "norm-relu"}, "14·(5 − 1) + 1 = 57 pixels"),
        ({"operate": "max", "padding": "2"}, "A padding of 2 is more than half"),
        ({"operate": "own", "weights": "![](//x.example/y)"}, "neither a preset with its size"),
    ],
)
def test_what_is_impossible_is_explained_and_is_no_error(store: Store, link: dict[str, str], words: str) -> None:
    assert words in said(visit(**link))


@pytest.mark.parametrize("word", ["operate", "filter", "pool_window", "padding", "stride", "dilation", "then"])
def test_nonsense_in_the_link_is_passed_over(store: Store, word: str) -> None:
    assert payload(visit(**{word: "nonsense"}))["out"] == 14


def test_only_a_cell_that_is_there_is_taken_from_the_link(store: Store) -> None:
    assert [payload(visit(cell_at=one))["lit"] for one in ("13-0", "14-0", "1", "-1-2", "")] == ["13-0", "", "", "", ""]


def test_where_nothing_comes_out_the_headline_says_why(store: Store) -> None:
    assert "it spans **57** pixels, and with padding only 28 exist" in said(visit(padding="0", dilation="14"))
    assert "padding of **2** is more than half of the window's 2 pixels" in said(visit(operate="max", padding="2"))


def test_an_empty_drawing_has_no_strongest_cell(store: Store) -> None:
    app = visit()
    app.session_state["window_paper"] = True
    assert "Nothing is drawn yet" in said(app.run()) and "strongest" not in said(app)


def test_a_kernel_of_zeros_finds_nothing(store: Store) -> None:
    words = said(visit(operate="own", weights="_".join("0" * 9)))
    assert "Nothing but 0 comes out of test-3520" in words and "strongest" not in words


def test_whoever_has_drawn_is_told_on_the_other_views_what_they_show(store: Store) -> None:
    app = visit()
    assert "Your drawing stays" not in said(app)
    app.session_state["window_paper"] = True
    app.query_params["walk"] = "way"
    app.session_state["walk"] = "way"
    app.run()
    assert "Your drawing stays on “One window”" in said(app)


def test_a_setting_of_one_operation_does_not_outlive_it(store: Store) -> None:
    app = visit(padding="5", stride="3")
    assert (payload(app)["p"], payload(app)["s"]) == (5, 3)
    app.selectbox(key="operate_shown").set_value("own").run()
    assert (payload(app)["p"], payload(app)["s"], payload(app)["k"]) == (1, 1, 3)
    app.selectbox(key="own_side").set_value(5).run()
    assert (payload(app)["p"], payload(app)["k"], app.session_state["weights"]) == (2, 5, "vertical5")


def test_from_one_pooling_to_the_other_the_window_slides_as_before(store: Store) -> None:
    app = visit(operate="max", pool_window="3", stride="1", padding="1", dilation="2")
    for operate in ("mean", "max"):
        app.selectbox(key="operate_shown").set_value(operate).run()
        assert [payload(app)[one] for one in ("way", "k", "s", "p", "d")] == [operate, 3, 1, 1, 1]


@pytest.mark.parametrize(
    ("architecture", "words"),
    [("mlp", "weighs all 784 pixels"), ("lstm_rows", "row by row"), ("vit", "patches"), ("fast_cnn", "")],
)
def test_a_network_without_a_first_convolution_offers_a_kernel_of_one_s_own(
    store: Store, architecture: str, words: str
) -> None:
    config = TrainConfig.from_preset("live", architecture=architecture)
    run = store.create(config.as_dict())
    checkpoints.save(run, 0, network(config))
    app = visit(run=run.id)
    assert payload(app)["editable"] == bool(words) and words in said(app)
    assert ("Here is a kernel of your own" in said(app)) == bool(words)


def test_a_kernel_as_large_as_the_digit_sees_it_in_a_single_window(store: Store) -> None:
    config = TrainConfig.from_preset("live", architecture="built", layers="c4k28s1p0-r")
    run = store.create(config.as_dict())
    checkpoints.save(run, 0, network(config))
    app = visit(run=run.id)
    assert shown(app).shape == (1, 1) and "in a single window of 784 pixels" in said(app)


def test_a_run_without_a_checkpoint_offers_a_kernel_of_one_s_own(store: Store) -> None:
    app = visit(run=store.create(TrainConfig.from_preset("live").as_dict()).id)
    assert payload(app)["editable"] and "no checkpoint yet" in said(app)


@pytest.mark.parametrize("operate", ["filter", "own", "max"])
def test_every_menu_above_the_window_grows_with_a_projector_s_type(store: Store, operate: str) -> None:
    rules = [line for line in (PART / "window.css").read_text(encoding="utf-8").splitlines() if "min-width" in line]
    for menu in visit(operate=operate).main.selectbox:
        assert any(f".st-key-{menu.key}" in rule for rule in rules), menu.key
