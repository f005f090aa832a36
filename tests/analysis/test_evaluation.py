"""Counts, shares and intervals, against answers worked out by hand and against others' code."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest, ttest_rel
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from mnist_viz.analysis import evaluation

# Rows as labelled, columns as read.
BY_HAND = np.array([[4, 1, 0], [2, 3, 0], [0, 0, 5]])


def logits_of(read: NDArray[np.integer], classes: int) -> NDArray[np.float64]:
    logits: NDArray[np.float64] = np.eye(classes)[read]
    return logits


def test_probabilities_add_up_to_one_and_survive_large_scores() -> None:
    shares = evaluation.softmax(np.array([[0.0, np.log(3)], [1000.0, 1000.0]], dtype=np.float32))
    assert shares == pytest.approx(np.array([[0.25, 0.75], [0.5, 0.5]]))


def test_of_equal_scores_the_smaller_class_is_read() -> None:
    assert evaluation.predictions(np.zeros((2, 3))).tolist() == [0, 0]


def test_the_matrix_counts_labels_in_rows_and_readings_in_columns() -> None:
    labels = np.repeat([0, 0, 1, 1, 2], [4, 1, 2, 3, 5]).astype(np.uint8)
    read = np.repeat([0, 1, 0, 1, 2], [4, 1, 2, 3, 5])
    assert np.array_equal(evaluation.confusion(logits_of(read, 3), labels), BY_HAND)


def test_precision_and_recall_of_three_classes_worked_out_by_hand() -> None:
    precision, recall = evaluation.precision_recall(BY_HAND)
    assert precision == pytest.approx([4 / 6, 3 / 4, 1])
    assert recall == pytest.approx([4 / 5, 3 / 5, 1])


def test_a_class_that_is_never_read_has_no_precision() -> None:
    precision, recall = evaluation.precision_recall(np.array([[3, 0], [2, 0]]))
    assert precision == pytest.approx([0.6, np.nan], nan_ok=True)
    assert recall == pytest.approx([1, 0])
    read, labelled = evaluation.precision_recall_intervals(np.array([[3, 0], [2, 0]]))
    assert np.isnan(read[1]).all()
    assert labelled[1, 0] == 0


@given(st.integers(0, 2**32 - 1))
def test_counts_and_shares_agree_with_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels, logits = random.integers(10, size=200), random.normal(size=(200, 10))
    counts = evaluation.confusion(logits, labels)
    read = evaluation.predictions(logits)
    assert np.array_equal(counts, confusion_matrix(labels, read, labels=range(10)))
    precision, recall = evaluation.precision_recall(counts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        words = {"labels": range(10), "average": None, "zero_division": np.nan}
        assert precision == pytest.approx(precision_score(labels, read, **words), nan_ok=True)
        assert recall == pytest.approx(recall_score(labels, read, **words), nan_ok=True)


def test_the_interval_of_nine_of_ten_worked_out_by_hand() -> None:
    # z = 1.96: centre (0.9 + 3.8415 / 20) / 1.38415, half 1.96 * sqrt(0.009 + 3.8415 / 400) / 1.38415
    low, high = evaluation.accuracy_interval(9, 10)
    assert (low, high) == pytest.approx((0.5958, 0.9821), abs=1e-4)


@pytest.mark.parametrize(("correct", "total"), [(0, 5), (5, 5), (1, 3), (9926, 10_000), (10_000, 10_000)])
def test_the_interval_is_the_one_of_scipy(correct: int, total: int) -> None:
    theirs = binomtest(correct, total).proportion_ci(method="wilson")
    assert evaluation.accuracy_interval(correct, total) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_the_share_of_no_digits_is_unknown_and_more_right_than_all_is_refused() -> None:
    assert np.isnan(evaluation.accuracy_interval(0, 0)).all()
    with pytest.raises(ValueError, match=r"correct=6 is outside 0\.\.5: count"):
        evaluation.accuracy_interval(6, 5)


def test_mistakes_come_surest_first_and_only_those_asked_for() -> None:
    labels = np.array([0, 1, 1, 2, 2])
    logits = np.array([[9, 0, 0], [3, 0, 0], [5, 0, 0], [0, 4, 0], [0, 0, 8]], dtype=np.float32)
    assert evaluation.mistakes(logits, labels).tolist() == [2, 3, 1]
    assert evaluation.mistakes(logits, labels, true=1).tolist() == [2, 1]
    assert evaluation.mistakes(logits, labels, true=2, predicted=1).tolist() == [3]
    assert evaluation.mistakes(logits, labels, predicted=2).tolist() == []


def test_equally_sure_mistakes_keep_their_order() -> None:
    labels = np.zeros(50, dtype=int)
    assert evaluation.mistakes(logits_of(labels + 1, 3), labels).tolist() == list(range(50))


def test_the_most_frequent_confusion_names_every_pair_that_has_it() -> None:
    assert evaluation.most_frequent_confusion(BY_HAND) == (2, ((1, 0),))
    assert evaluation.most_frequent_confusion(np.array([[5, 2], [2, 5]])) == (2, ((0, 1), (1, 0)))
    assert evaluation.most_frequent_confusion(np.diag([3, 4])) == (0, ())


def test_digits_read_rightly_come_least_sure_first() -> None:
    logits = np.array([[3.0, 0.0], [1.0, 0.0], [0.0, 2.0], [2.0, 0.0]])
    labels = np.array([0, 0, 0, 0])
    assert evaluation.rightly_read(logits, labels, 0).tolist() == [1, 3, 0]


def test_a_gain_is_the_mean_of_paired_differences_with_its_interval() -> None:
    first = np.array([True, False, False, True, False, True, True, False, False, True] * 50)
    second = np.array([True, True, False, True, True, False, True, True, False, True] * 50)
    gain, low, high = evaluation.gain_interval(first, second)
    assert gain == pytest.approx(0.2)  # 3 of 10 won, 1 of 10 lost
    paired = ttest_rel(second.astype(float), first.astype(float)).confidence_interval()
    assert (low, high) == pytest.approx((paired.low, paired.high), abs=5e-4)
    with pytest.raises(ValueError, match="are no pairs"):
        evaluation.gain_interval(first, second[:3])
