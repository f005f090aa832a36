"""What the tests of figures share: real digits, a made-up training, and one figure of every kind."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from numpy.typing import NDArray

from mnist_viz.data.mnist import Digits
from mnist_viz.data.mnist import digits as part
from mnist_viz.figures import (
    attribution,
    channels,
    classes,
    confusion,
    curves,
    digits,
    distributions,
    network,
    probabilities,
)


@pytest.fixture(scope="session")
def test_part() -> Digits:
    return part("test")


@pytest.fixture(scope="session")
def records() -> list[dict[str, Any]]:
    """A training of 20 steps with its evaluations, one of them of the test digits, and a batch without a loss."""
    made: list[dict[str, Any]] = [{"kind": "start", "steps": 20}]
    for step in range(21):
        moment = {"step": step, "epoch": step / 20, "seconds": 0.25 * step}
        loss = 2.3 * 0.8**step
        if step:
            value = None if step == 7 else 1.1 * loss
            made.append({"kind": "step", **moment, "loss": value, "accuracy": 1 - loss / 3, "rate": 0.01})
        if step in {0, 1, 2, 4, 8, 16, 20}:
            made.append({"kind": "evaluation", "part": "val", **moment, "loss": loss, "accuracy": 1 - loss / 2.6})
    made.append({"kind": "evaluation", "part": "test", **moment, "loss": 9.0, "accuracy": 0.5})
    return [*made, {"kind": "finished", "test_accuracy": 0.5}]


@pytest.fixture(scope="session")
def counts() -> NDArray[np.int64]:
    """A confusion matrix: 100 right of each label, five 5s read as 3, a 9 read as 4."""
    made = np.diag(np.full(10, 100))
    made[5, 3], made[9, 4] = 5, 1
    return made


@pytest.fixture(scope="session")
def every_figure(test_part: Digits, records: list[dict[str, Any]], counts: NDArray[np.int64]) -> dict[str, go.Figure]:
    images, labels = test_part.images, test_part.labels
    means = np.stack([images[labels == label].mean(axis=0) for label in range(10)])
    shares = counts.diagonal() / counts.sum(axis=1)
    interval = np.stack([shares - 0.02, np.minimum(shares + 0.01, 1)], axis=1)
    maps = np.random.default_rng(0).normal(size=(2, 3, 28, 28))
    per_label = np.bincount(labels, minlength=10)
    return {
        "digit": digits.digit(images[0], "test-0, labelled 7"),
        "values": digits.digit(images[0], "test-0, labelled 7", values=True),
        "panels": digits.panels(means, list("0123456789"), title="Mean", unit="grey value", columns=5),
        "never used": digits.never_used((images == 0).all(axis=0)),
        "labels": distributions.labels({"train": per_label, "val": per_label, "test": per_label}),
        "grey values": distributions.grey_values(np.bincount(images[:500].ravel(), minlength=256)),
        "curve": curves.curve(records, "step", steps=20, seconds=5.0),
        "curve of nothing": curves.curve([], "seconds", steps=20, seconds=5.0),
        "confusion": confusion.confusion(counts, chosen=(5, 3)),
        "confusion by row": confusion.confusion(counts, by_row=True),
        "classes": classes.precision_recall(shares, shares, interval, interval),
        "probabilities": probabilities.probabilities(np.full(10, 0.1), label=3),
        "feature maps": channels.maps(maps[0], "Three maps"),
        "filters": channels.filters(maps[0, :, :5, :5], "Three filters"),
        "neurons": channels.numbers(shares, "Ten neurons", names="neuron"),
        "table": channels.table(maps[0, 0], "A table", names="row"),
        "network": network.network([[network.Block(("maps",), "three maps", maps[0])] * 4], chosen=(0, 0), title="Net"),
        "attribution": attribution.attribution(maps, images[0], classes=["7", "9"], methods=["A", "B", "C"]),
        "attribution beside": attribution.beside(maps[:, 0], images[0], classes=["7", "9"], title="A"),
    }
