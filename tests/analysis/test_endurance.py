"""How many digits a network still reads, and where one flips: against counting one by one."""

from pathlib import Path

import numpy as np
import pytest
import torch

from mnist_viz.analysis import endurance
from mnist_viz.analysis.distortions import RANGES, Distortion, distort
from mnist_viz.analysis.endurance import Span
from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store


def test_the_curve_counts_what_torch_reads_and_is_counted_once(
    own_store: Path, one_thread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Store.default().run(PRETRAINED)
    model = checkpoints.load(run, 215)
    counts = endurance.right_counts(run, 215, "turn", model)
    amounts = endurance.grid("turn")
    place = amounts.index(24)
    images, labels = mnist.digits("test").images[:1000], torch.tensor(mnist.digits("test").labels[:1000])
    turned = torch.tensor(distort(images, Distortion(turn=24)))[:, None] / 255
    assert counts[place] == int((model(turned).argmax(dim=1) == labels).sum())
    assert counts[amounts.index(0)] == counts.max() > 980
    monkeypatch.setattr(endurance, "predict", None)
    assert (endurance.right_counts(run, 215, "turn", model) == counts).all()


@pytest.mark.parametrize("kind", RANGES)
def test_a_curve_has_few_points_and_one_of_them_changes_nothing(kind: str) -> None:
    amounts = endurance.grid(kind)
    assert 10 <= len(amounts) <= endurance.POINTS + 1
    assert RANGES[kind].neutral in amounts
    assert set(amounts) <= set(RANGES[kind].values)


def test_neighbours_with_the_same_reading_are_one_span() -> None:
    found = endurance.spans([-2, -1, 0, 1, 2], [7, 6, 6, 6, 8])
    assert found == [Span(-2, -2, 7), Span(-1, 1, 6), Span(2, 2, 8)]
    assert endurance.flips(found, 0) == (found[0], found[1], found[2])
    assert endurance.flips(found, 2) == (found[1], found[2], None)
    assert endurance.flips(endurance.spans([0, 1], [3, 3]), 1) == (None, Span(0, 1, 3), None)


def test_a_digit_is_read_along_a_slider_as_one_by_one(one_thread: None) -> None:
    run = Store.default().run(PRETRAINED)
    model = checkpoints.load(run, 215)
    image, amount = mnist.digits("test").images[3520], Distortion(turn=10, light=20)
    found = endurance.readings(run, model, image, amount, "down")
    for value in RANGES["down"].values:
        moved = torch.tensor(distort(image[np.newaxis], Distortion(turn=10, light=20, down=value)))[:, None] / 255
        span = next(one for one in found if one.low <= value <= one.high)
        assert span.read == int(model(moved).argmax())


def test_what_a_network_stands_reaches_to_the_last_good_value_on_either_side() -> None:
    amounts, shares = [-2.0, -1, 0, 1, 2], np.array([0.99, 0.5, 0.99, 0.96, 0.95])
    assert endurance.stands(amounts, shares, 0.95, 0) == (0, 2)
    low, high = endurance.stands(amounts, shares, 0.995, 0)
    assert low > high
