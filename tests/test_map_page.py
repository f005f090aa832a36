"""The page of the map, run as Streamlit runs it, and its numbers compared with scikit-learn's."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from mnist_viz.data import mnist
from mnist_viz.jobs import maps
from mnist_viz.jobs.queue import jobs
from mnist_viz.runs.features import features
from mnist_viz.runs.store import PRETRAINED, Run, Store
from tests.test_pages import cells, is_whole, payload, text_of, visit

PAGE = "pages/embedding.py"


@pytest.fixture
def run(own_store: Path) -> Run:
    return Store.default().run(PRETRAINED)


def test_the_first_look_shows_the_umap_that_ships(run: Run) -> None:
    app = visit(PAGE)
    assert is_whole(app) and not any(button.label == "Compute UMAP" for button in app.button)
    shown = json.loads(str(payload(app, "map_figure")["figure"]))["data"][0]
    places = np.load(run.folder / "derived" / f"{run.steps[-1]:08d}" / "umap-1.npy")
    assert (np.stack([cells(shown["x"]), cells(shown["y"])], axis=1) == places).all()


def test_pca_and_the_nearest_are_those_of_scikit_learn(run: Run) -> None:
    seen = features(run, run.steps[-1], "test")
    share = PCA(2, svd_solver="covariance_eigh").fit(seen).explained_variance_ratio_.sum()
    app = visit(PAGE, map="pca", digit="test-17", colour="right")
    assert f"{100 * share:.1f}\u00a0%" in text_of(app)
    found = NearestNeighbors(n_neighbors=11, algorithm="brute").fit(seen).kneighbors(seen[17:18])[1][0]
    wanted = [f"test-{index}" for index in found if index != 17]
    grid = payload(app, f"nearest_{run.id}_{run.steps[-1]}_test-17")
    assert [item["id"] for item in grid["items"]] == wanted  # type: ignore[attr-defined]
    labels = mnist.digits("test").labels
    near, own = labels[[int(name.split("-")[1]) for name in wanted]], labels[17]
    assert (near == own).all(), "this digit's sentence is the one below"
    assert f"All ten digits nearest to **test-17** by the network's 576 numbers have its label, **{own}**." in text_of(
        app
    )


def test_the_nearest_that_ship_are_those_of_the_features(run: Run) -> None:
    seen, table = features(run, run.steps[-1], "test"), maps.nearest(run, run.steps[-1])
    assert table is not None and table.dtype == np.uint16
    for index in range(0, 10_000, 2499):
        squares = np.square(seen.astype(float) - seen[index]).sum(axis=1)
        squares[index] = np.inf
        assert table[index].tolist() == np.argsort(squares, kind="stable")[:10].tolist()


def test_without_a_umap_there_is_pca_and_the_button_for_it(run: Run) -> None:
    app = visit(PAGE, step=str(run.steps[-2]), digit="val-3")
    assert is_whole(app)
    assert [button.label for button in app.button if button.label == "Compute UMAP"]
    assert json.loads(str(payload(app, "map_figure")["figure"]))["layout"]["meta"]["title"].startswith("PCA")
    assert payload(app, "map_figure")["live"] is None
    assert any("PCA is shown until UMAP is there" in caption.value for caption in app.caption)


def test_the_features_go_to_the_disk_where_umap_can_be_asked_for_and_nowhere_else(run: Run) -> None:
    def tables() -> int:
        return len(list(run.cache.glob("*/features_*")))

    step = str(run.steps[-3])
    assert is_whole(visit(PAGE, step=step, map="pca")) and maps.pca(run, run.steps[-3]) is not None and tables() == 0
    app = visit(PAGE, step=step)
    assert is_whole(app) and tables() == 1
    try:
        next(button for button in app.button if button.label == "Compute UMAP").click().run()
        assert is_whole(app) and tables() == 1
    finally:
        jobs().close()
