"""How far a regression gets, beside a pipeline of scikit-learn's own."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mnist_viz.analysis import handmade, probe
from mnist_viz.data import mnist


def table(part: str, count: int) -> probe.Table:
    digits = mnist.digits(part)
    return probe.Table(handmade.numbers(digits.images[:count]), digits.labels[:count])


def test_the_strength_is_chosen_on_validation_and_counted_on_test() -> None:
    tables = {"train": table("train", 600), "val": table("val", 500), "test": table("test", 500)}
    counts = {}
    for strength in probe.STRENGTHS:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=500))
        model.fit(tables["train"].numbers.astype(float), tables["train"].labels)
        counts[strength] = [
            int((model.predict(tables[part].numbers) == tables[part].labels).sum()) for part in ("val", "test")
        ]
    found = probe.reach(tables)
    assert abs(found.val - max(val for val, _test in counts.values())) <= 1, "rounding may turn a digit"
    assert abs(found.val - counts[found.strength][0]) <= 1
    assert abs(found.test - counts[found.strength][1]) <= 1
    assert found.width == 60


def test_a_number_that_never_changes_says_nothing() -> None:
    tables = {part: table(part, 300) for part in ("train", "val", "test")}
    wider = {
        part: probe.Table(np.column_stack([one.numbers, np.full(300, 7, np.float32)]), one.labels)
        for part, one in tables.items()
    }
    assert probe.reach(wider)[:2] == probe.reach(tables)[:2]


def test_equally_many_digits_of_each_label_are_chosen() -> None:
    labels = mnist.digits("train").labels
    chosen = probe.stratified(labels, 500)
    assert len(set(chosen.tolist())) == 5000 and (np.diff(chosen) > 0).all()
    assert np.bincount(labels[chosen]).tolist() == [500] * 10
    assert probe.stratified(np.array([1, 0, 1, 1, 0], np.uint8), 2).tolist() == [0, 1, 2, 4]
