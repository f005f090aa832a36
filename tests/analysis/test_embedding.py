"""Maps and nearest digits, each against another way to compute it."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from mnist_viz.analysis import embedding
from mnist_viz.runs.features import features
from mnist_viz.runs.store import PRETRAINED, Store


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """What the shipped network makes of the first 700 test digits."""
    run = Store.default().run(PRETRAINED)
    own = type(run)(run.id, run.folder, tmp_path_factory.mktemp("cache"))
    return features(own, run.steps[-1], "test")[:700]


def test_pca_is_the_singular_value_decomposition(some: np.ndarray) -> None:
    places, shares = embedding.pca(some)
    centred = some.astype(float) - some.astype(float).mean(axis=0)
    left, sizes, right = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(right[[0, 1], np.abs(right[:2]).argmax(axis=1)])
    np.testing.assert_allclose(places, left[:, :2] * sizes[:2] * signs, atol=1e-3)
    np.testing.assert_allclose(shares, sizes[:2] ** 2 / (sizes**2).sum(), rtol=1e-6)
    np.testing.assert_allclose(shares, PCA(2).fit(some).explained_variance_ratio_, rtol=1e-3)


def test_pca_of_points_on_a_line_by_hand() -> None:
    places, shares = embedding.pca(np.array([[0, 0], [3, 4], [6, 8]], dtype=np.float32))
    np.testing.assert_allclose(places[:, 0], [-5, 0, 5], atol=1e-5)
    np.testing.assert_allclose(shares, [1, 0], atol=1e-9)


def test_pca_of_wide_features_finds_two_directions_among_many_without_finding_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = np.random.default_rng(1)
    wide = (random.normal(size=(500, 30)) @ random.normal(size=(30, 800))).astype(np.float32)
    values, vectors = np.linalg.eigh(np.cov(wide.T.astype(float)))
    two = vectors[:, [-1, -2]]
    two *= np.sign(two[np.abs(two).argmax(axis=0), [0, 1]])
    monkeypatch.setattr(np.linalg, "eigh", None)
    places, shares = embedding.pca(wide)
    np.testing.assert_allclose(places, (wide - wide.mean(axis=0, dtype=float)) @ two, atol=1e-4)
    np.testing.assert_allclose(shares, values[[-1, -2]] / values.sum(), rtol=1e-9)
    assert (embedding.pca(wide)[0] == places).all(), "the same again"


@pytest.mark.parametrize("width", [3, 300])
def test_pca_of_features_that_never_change_is_one_place(width: int) -> None:
    places, shares = embedding.pca(np.ones((4, width), np.float32))
    assert (places == 0).all() and (shares == 0).all()


def test_the_nearest_are_those_of_brute_force(some: np.ndarray) -> None:
    distances = np.stack([np.linalg.norm(some.astype(float) - one, axis=1) for one in some])
    np.fill_diagonal(distances, np.inf)
    wanted = np.argsort(distances, axis=1, kind="stable")[:, :10]
    assert (embedding.all_nearest(some) == wanted).all()
    for row in (0, 17, 699):
        assert (embedding.nearest(some, some[row], but=row) == wanted[row]).all()
    assert embedding.nearest(some, some[5])[0] == 5


def test_equals_come_in_their_order() -> None:
    same = np.zeros((5, 2), np.float32)
    assert embedding.nearest(same, same[0], 3, but=1).tolist() == [0, 2, 3]


def test_what_single_precision_cannot_tell_apart_is_told_apart() -> None:
    far_off = (1000 + np.random.default_rng(0).normal(scale=0.01, size=(300, 8))).astype(np.float32)
    squares = np.square(far_off.astype(float) - far_off[7]).sum(axis=1)
    assert embedding.nearest(far_off, far_off[7]).tolist() == np.argsort(squares, kind="stable")[:10].tolist()


def test_of_equally_near_rows_the_first_are_taken_and_numbers_that_are_none_leave_ten() -> None:
    same = np.ones((40, 3), np.float32)
    assert embedding.nearest(same, same[0], but=2).tolist() == [0, 1, 3, 4, 5, 6, 7, 8, 9, 10]
    assert len(embedding.nearest(same * np.float32(np.nan), same[0])) == 10
