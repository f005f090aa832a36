"""What sets networks apart: against scipy, scikit-learn and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import binomtest
from sklearn.ensemble import VotingClassifier
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from mnist_viz.analysis.comparison import Fourfold, chance, class_scores, disagreements, ensemble, fourfold


def test_four_digits_fall_into_four_cells() -> None:
    first, second = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert fourfold(first, second) == Fourfold(1, 1, 1, 1)
    assert fourfold(first, first) == Fourfold(2, 0, 0, 2)


def test_readings_of_different_digits_are_no_pairs() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        fourfold(np.ones(3, bool), np.ones(4, bool))


@given(st.integers(0, 200), st.integers(0, 200))
def test_chance_is_the_exact_binomial_test_of_scipy(first: int, second: int) -> None:
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert chance(Fourfold(9000, first, second, 5)) == pytest.approx(expected, rel=1e-9)


def test_chance_is_exact_by_hand_and_for_very_many_digits() -> None:
    assert chance(Fourfold(0, 0, 5, 0)) == 2 / 32
    assert chance(Fourfold(0, 3, 3, 0)) == 1
    assert chance(Fourfold(0, 4900, 5100, 0)) == pytest.approx(binomtest(4900, 10_000).pvalue)
    assert chance(Fourfold(0, 0, 10_000, 0)) == 0


@pytest.fixture(scope="module")
def three() -> tuple[list[np.ndarray], np.ndarray]:
    """The logits of three made-up networks, each right about two times in three, and the labels."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 500)
    return [random.normal(size=(500, 10)) + 2.5 * np.eye(10)[labels] for _network in range(3)], labels


def test_digits_on_which_two_disagree_come_surest_first(three: tuple[list[np.ndarray], np.ndarray]) -> None:
    (first, second, _third), labels = three
    right = [one.argmax(axis=1) == labels for one in (first, second)]
    cells = {
        "first": right[0] & ~right[1],
        "second": right[1] & ~right[0],
        "neither": ~(right[0] | right[1]),
        "one": right[0] != right[1],
    }
    sure = np.minimum(softmax(first, axis=1).max(axis=1), softmax(second, axis=1).max(axis=1))
    for among, cell in cells.items():
        found = disagreements(first, second, labels, among)
        assert sorted(found) == np.flatnonzero(cell).tolist()
        assert (np.diff(sure[found]) <= 0).all()
    assert disagreements(first, first, labels, "one").size == 0


def test_scores_of_the_classes_are_those_of_scikit_learn(three: tuple[list[np.ndarray], np.ndarray]) -> None:
    (first, *_others), labels = three
    read = first.argmax(axis=1)
    expected = precision_recall_fscore_support(labels, read)[:3]
    assert np.allclose(class_scores(confusion_matrix(labels, read)), expected)


def test_a_class_that_is_never_read_has_no_precision_and_one_that_is_not_there_no_score() -> None:
    scores = class_scores(np.array([[0, 3, 0], [0, 5, 0], [0, 0, 0]]))
    assert np.isnan(scores[0, 0]) and scores[1, 0] == 0 and scores[2, 0] == 0
    assert np.isnan(scores[:, 2]).all()


class Known:
    """A classifier of scikit-learn's that knows its probabilities by the digit's number."""

    classes_ = np.arange(10)

    def __init__(self, logits: np.ndarray) -> None:
        self.logits = logits

    def predict_proba(self, numbers: np.ndarray) -> np.ndarray:
        return np.asarray(softmax(self.logits[numbers.ravel()], axis=1))


def test_an_ensemble_is_the_soft_vote_of_scikit_learn(three: tuple[list[np.ndarray], np.ndarray]) -> None:
    logits, labels = three

    def voted(members: list[np.ndarray]) -> float:
        vote = VotingClassifier([(str(place), None) for place in range(len(members))], voting="soft")
        vote.estimators_, vote.classes_ = [Known(one) for one in members], np.arange(10)
        vote.le_ = type("Same", (), {"inverse_transform": staticmethod(lambda read: read)})
        return float(accuracy_score(labels, vote.predict(np.arange(len(labels))[:, np.newaxis])))

    found = ensemble(logits, labels)
    assert found.together == voted(logits) > found.members.max()
    assert found.members.tolist() == [accuracy_score(labels, one.argmax(axis=1)) for one in logits]
    assert found.without.tolist() == [voted(logits[1:]), voted([logits[0], logits[2]]), voted(logits[:2])]
