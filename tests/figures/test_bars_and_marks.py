"""Precision and recall of classes, probabilities of one digit."""

import numpy as np

from mnist_viz.figures import classes, probabilities


def test_precision_and_recall_stand_at_their_percent_with_their_intervals() -> None:
    precision, recall = np.array([0.98, 1.0]), np.array([0.97, 0.99])
    interval = np.array([[0.965, 0.99], [0.98, 1.0]])
    figure = classes.precision_recall(precision, recall, interval, interval)
    found, right = figure.data
    assert np.allclose(found.x, [97, 99])
    assert np.allclose(right.x, [98, 100])
    assert np.allclose(right.x - right.error_x.arrayminus, [96.5, 98])
    assert np.allclose(right.x + right.error_x.array, [99, 100])
    assert found.marker.symbol != right.marker.symbol


def test_a_zoomed_axis_says_where_it_begins() -> None:
    shares, interval = np.array([0.98]), np.array([[0.965, 0.99]])
    figure = classes.precision_recall(shares, shares, interval, interval)
    assert figure.layout.xaxis.range == (96, 100)
    assert "begins at 96 %" in figure.layout.xaxis.title.text


def test_a_class_that_is_never_read_leaves_a_gap() -> None:
    precision, recall = np.array([0.5, np.nan]), np.array([1.0, 0.0])
    missing = np.array([[0.4, 0.6], [np.nan, np.nan]])
    figure = classes.precision_recall(precision, recall, missing, np.array([[0.9, 1.0], [0.0, 0.1]]))
    assert figure.layout.xaxis.range == (0, 100)


def test_ten_bars_carry_their_percent_and_words_for_reading_and_label() -> None:
    shares = np.array([0, 0.0001, 0, 0, 0.9919, 0, 0.008, 0, 0, 0])
    figure = probabilities.probabilities(shares, label=6)
    assert len(figure.layout.yaxis.ticktext) == 10
    assert figure.layout.yaxis.ticktext[4] == "read as <b>4</b> "
    assert figure.layout.yaxis.ticktext[6] == "labelled <b>6</b> "
    assert figure.layout.yaxis.ticktext[0] == "0 "
    assert figure.data[0].text[:2] == ("<\u00a00.1\u00a0%", "<\u00a00.1\u00a0%")
    assert figure.data[0].text[4] == "99.2\u00a0%"
    assert figure.data[0].customdata[:2] == ("<\u00a00.001\u00a0%", "0.010\u00a0%")


def test_a_digit_that_is_read_rightly_has_one_mark() -> None:
    shares = np.array([0.0001, 0.9999])
    figure = probabilities.probabilities(shares, label=1)
    assert figure.layout.yaxis.ticktext == ("0 ", "read and labelled <b>1</b> ")
    assert figure.data[0].text[1] == ">\u00a099.9\u00a0%"


def test_a_drawn_digit_has_no_label() -> None:
    figure = probabilities.probabilities(np.array([0.3, 0.7]))
    assert figure.layout.yaxis.ticktext == ("0 ", "read as <b>1</b> ")
