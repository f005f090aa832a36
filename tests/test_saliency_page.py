"""The page of the maps, run as Streamlit runs it: its pictures are the maps, its numbers those of the network."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from mnist_viz.analysis.saliency import METHODS
from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.ui import as_seen
from models import build
from tests.test_pages import cells, is_whole, payload, visit

PAGE = "pages/saliency.py"


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def tiles(app: AppTest, key: str, rows: int, columns: int) -> np.ndarray:
    """The maps as they are drawn: (rows, columns, 28, 28)."""
    heatmap = json.loads(str(payload(app, key)["figure"]))["data"][0]
    values, inside = cells(heatmap["z"]), cells(heatmap["customdata"])
    found = [values[(inside[..., 2] == n) & ~np.isnan(values)] for n in range(rows * columns)]
    return np.array(found).reshape(rows, columns, 28, 28)


def test_the_maps_are_the_methods_own_each_by_its_strongest_pixel(store: Store) -> None:
    app = visit(PAGE, digit="test-7", methods="deep_lift-absolute_saliency", classes="9-4-3", baseline="mean")
    assert is_whole(app)
    shown = tiles(app, "saliency_maps_0", 3, 2)
    run = store.run(PRETRAINED)
    model = checkpoints.load(run, run.steps[-1])
    image = torch.tensor(mnist.digits("test").images[7] / 255).float().expand(3, 1, 28, 28)
    mean = torch.tensor(mnist.digits("train").images.mean(axis=0) / 255).float()
    for column, name in enumerate(("absolute_saliency", "deep_lift")):
        maps = METHODS[name](model, image, torch.tensor([9, 4, 3]), baseline=mean)
        assert np.allclose(shown[:, column], maps / abs(maps).max(), atol=1e-3)


def test_the_sums_stand_beside_the_change_of_the_score(store: Store) -> None:
    app = visit(PAGE, digit="test-7", methods="deep_lift", classes="9-4", baseline="blurred")
    table = app.dataframe[0].value.to_numpy()
    run = store.run(PRETRAINED)
    start = as_seen.baseline(PRETRAINED, "test-7", "blurred")
    both = np.stack([mnist.digits("test").images[7] / 255, start]).astype(np.float32)
    scores = checkpoints.load(run, run.steps[-1])(torch.from_numpy(both)[:, None]).detach().numpy()
    change = (scores[0] - scores[1])[[9, 4]]
    assert np.allclose(table[:, 1].astype(float), change, atol=1e-3)
    assert np.allclose(table[:, 2].astype(float), change, rtol=0.01, atol=2e-3)


def test_the_baselines_are_what_they_are_called(store: Store) -> None:
    assert not as_seen.baseline(PRETRAINED, "test-7", "black").any()
    mean = mnist.digits("train").images.mean(axis=0, dtype=np.float64) / 255
    assert np.allclose(as_seen.baseline(PRETRAINED, "test-7", "mean"), mean)
    assert 0 < as_seen.baseline(PRETRAINED, "test-7", "blurred").max() < 1


def test_more_than_four_methods_stand_below_each_other(store: Store) -> None:
    app = visit(PAGE, digit="test-7", methods="saliency-absolute_saliency-input_x_gradient-grad_cam-deep_lift")
    assert tiles(app, "saliency_maps_0", 2, 3).shape[1] == 3
    assert tiles(app, "saliency_maps_1", 2, 2).shape[1] == 2


def test_the_baseline_is_asked_for_only_where_it_matters_and_one_method_is_enough(store: Store) -> None:
    app = visit(PAGE, digit="test-7", methods="saliency")
    assert is_whole(app)
    said = [element.value for element in app.markdown]
    assert "Baseline" not in said
    assert not any("these methods agree" in one for one in said)
    assert "Baseline" in [element.value for element in visit(PAGE, digit="test-7", methods="occlusion").markdown]


def test_a_click_chooses_a_method_and_the_link_says_it_in_words(store: Store) -> None:
    app = visit(PAGE, digit="test-7", methods="saliency")
    app.button_group(key="methods_shown").set_value(["saliency", "grad_cam"]).run()
    assert app.session_state["methods"] == "saliency-grad_cam"
    assert tiles(app, "saliency_maps_0", 2, 2).min() < 0


@pytest.mark.parametrize(("architecture", "shown"), [("vit", 3), ("conv16_32", 4)])
def test_no_method_is_chosen_beforehand_that_can_never_fit_the_network(
    store: Store, architecture: str, shown: int
) -> None:
    run = store.create({"architecture": architecture})
    checkpoints.save(run, 0, build(architecture))
    app = visit(PAGE, run=run.id, digit="test-7")
    assert is_whole(app)
    chosen = app.button_group(key="methods_shown").value or []
    assert len(chosen) == shown
    assert ("grad_cam" in chosen) == (architecture != "vit")
    assert not app.info
    refused = visit(PAGE, run=run.id, digit="test-7", methods="saliency-grad_cam").info
    assert [one.value.endswith("has none.") for one in refused] == [True] * (architecture == "vit")
