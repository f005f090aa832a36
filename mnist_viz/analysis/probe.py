"""How far a logistic regression gets: tables (N, D) of numbers and labels in, digits read rightly out.

A linear probe: Alain and Bengio 2016, arXiv 1610.01644.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

STRENGTHS = (0.001, 0.01, 0.1, 1.0)  # scikit-learn's C, of which the validation digits choose one
ROUNDS = 500  # of L-BFGS at most; the digits of a page need fewer than 100


class Table(NamedTuple):
    """Numbers (N, D) that describe digits, and their labels (N,)."""

    numbers: NDArray[np.float32]
    labels: NDArray[np.uint8]


class Reached(NamedTuple):
    """How many test and validation digits are read rightly, from how many numbers each, with which C."""

    test: int
    val: int
    width: int
    strength: float


def stratified(labels: NDArray[np.uint8], each: int) -> NDArray[np.intp]:
    """The indices of the first `each` digits of every label, ascending."""
    firsts = [np.flatnonzero(labels == label)[:each] for label in np.unique(labels)]
    return np.sort(np.concatenate(firsts))


def reach(tables: Mapping[str, Table]) -> Reached:
    """Fit on the table `train` with each of `STRENGTHS`, let `val` choose one, and count on `test`.

    Every number is standardised by the mean and the deviation of the training table. Of equal ones the smaller C wins.
    """
    train = tables["train"]
    mean, deviation = train.numbers.mean(axis=0), train.numbers.std(axis=0)
    deviation[deviation < 1e-6] = 1  # a pixel that no training digit inks says nothing

    def right(model: Any, part: str) -> int:
        read = model.predict((tables[part].numbers - mean) / deviation)
        return int((read == tables[part].labels).sum())

    models = {strength: _fitted((train.numbers - mean) / deviation, train.labels, strength) for strength in STRENGTHS}
    val = {strength: right(model, "val") for strength, model in models.items()}
    best = max(STRENGTHS, key=lambda strength: (val[strength], -strength))
    return Reached(right(models[best], "test"), val[best], train.numbers.shape[1], best)


def _fitted(numbers: NDArray[np.float32], labels: NDArray[np.uint8], strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  heavy
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  comes with scikit-learn

    with threadpool_limits(1):  # tables this small are slower with more: 12 s in all instead of 90 on two busy cores
        return LogisticRegression(C=strength, max_iter=ROUNDS).fit(numbers, labels)
