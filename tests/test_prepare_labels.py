"""Labels as vectors: the matrix is scikit-learn's, and every way to the cross-entropy gives torch's number."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.preprocessing import OneHotEncoder
from torch.nn import functional

from mnist_viz.analysis import labelling
from mnist_viz.data import mnist
from mnist_viz.figures import one_hot
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store
from tests.test_pages import cells, is_whole, payload, visit

PAGE = "pages/prepare.py"


@pytest.fixture(autouse=True)
def store(own_store: Path) -> Store:
    return Store.default()


def answers(store: Store, start: int, stop: int) -> torch.Tensor:
    """What the shipped network answers to test digits, asked without the app."""
    run = store.run(PRETRAINED)
    pixels = torch.tensor(mnist.digits("test").images[start:stop]).float().unsqueeze(1) / 255
    with torch.inference_mode():
        logits: torch.Tensor = checkpoints.load(run, run.steps[-1])(pixels)
    return logits


def test_vectors_are_those_of_scikit_learn_and_torch() -> None:
    labels = mnist.digits("test").labels[:200]
    ours = labelling.one_hot(labels)
    assert np.array_equal(ours, OneHotEncoder(sparse_output=False).fit_transform(labels[:, None]))
    assert np.array_equal(ours, functional.one_hot(torch.tensor(labels).long(), 10).numpy())


def test_both_ways_give_torchs_cross_entropy_for_every_label() -> None:
    logits = np.array([3.0, -1.5, 0.2, 7.1, -20.0, 0.0, 2.2, 1.1, -0.3, 4.0])
    for label in range(10):
        ways = labelling.both_ways(logits, label)
        wanted = float(functional.cross_entropy(torch.tensor(logits)[None], torch.tensor([label])))
        assert ways.by_vector == pytest.approx(wanted, abs=1e-12) and ways.by_index == pytest.approx(wanted, abs=1e-12)
        assert np.count_nonzero(ways.terms) == 1 and ways.terms[label] == ways.by_index
        found = labelling.by_torch(logits.astype(np.float32), label).values()
        assert len(found) == 4 and all(one == pytest.approx(wanted, rel=1e-5) for one in found)


def test_no_probability_is_too_small_for_its_logarithm() -> None:
    assert labelling.surprises(np.array([0.0, 2000.0])).tolist() == [2000, 0]
    assert labelling.both_ways(np.array([0.0, 2000.0]), 0).by_vector == 2000


def test_a_tiny_probability_is_written_with_a_power_of_ten() -> None:
    figure = one_hot.both_ways(labelling.both_ways(np.array([12.0, 0.0, -3.0]), 0), "two ways")
    assert [row[1] for row in figure.data[0].text] == ["1.000", "6.1\u00a0×\u00a010⁻⁶", "3.1\u00a0×\u00a010⁻⁷"]


def test_the_page_shows_the_batch_of_the_digit_and_its_losses(store: Store) -> None:
    app = visit(PAGE, stage="labels", digit="test-3526")
    assert is_whole(app)
    figure = json.loads(str(payload(app, "one_hot_matrix")["figure"]))
    labels = torch.tensor(mnist.digits("test").labels[3520:3530]).long()
    zeros, ones, tiles = (cells(trace["z"]) for trace in figure["data"])
    vectors = functional.one_hot(labels, 10).numpy()
    assert np.array_equal(np.isnan(zeros), vectors == 1) and np.array_equal(ones == 1, vectors == 1)
    assert np.array_equal(tiles[6 * 30 + 1 : 6 * 30 + 29, 1:29], mnist.digits("test").images[3526])
    losses = functional.cross_entropy(answers(store, 3520, 3530), labels, reduction="none")
    said = [one["text"] for one in figure["layout"]["annotations"]]
    for loss in losses.tolist():
        assert (f"{loss:.4f}" if loss >= 5e-5 else "< 0.0001") in said
    assert f"<b>{losses.mean():.4f}</b>" in said
    numbers = [one["text"] for one in figure["layout"]["annotations"] if one["x"] == 1]
    assert numbers == [f"<b>{label}</b>" for label in labels.tolist()]
    assert payload(app, "one_hot_matrix")["chosen"] == {"row": 6, "column": 0}


def test_the_loss_of_a_digit_that_is_read_without_doubt_is_the_logarithm_of_what_is_said(store: Store) -> None:
    said = visit(PAGE, stage="labels", digit="test-0").markdown[0].value
    found = re.search(r"p = 1\xa0−\xa0([\d.]+)\xa0×\xa010⁻⁶ and −ln p = ([\d.]+)\xa0×\xa010⁻⁶, ", said)
    assert found is not None and float(found[1]) == pytest.approx(float(found[2]), rel=1e-3)


def test_the_page_shows_the_ten_products_of_the_digit_and_torchs_four_answers(store: Store) -> None:
    app = visit(PAGE, stage="labels", digit="test-3520")
    logits, label = answers(store, 3520, 3521), int(mnist.digits("test").labels[3520])
    loss = float(functional.cross_entropy(logits, torch.tensor([label])))
    figure = json.loads(str(payload(app, "both_ways")["figure"]))
    shown = np.array(figure["data"][0]["text"])
    surprises = (-logits.double().log_softmax(1)[0]).tolist()
    others = [one for one in range(10) if one != label]
    assert [float(shown[one][2]) for one in others] == pytest.approx([surprises[one] for one in others], abs=1e-4)
    assert [shown[one][3] for one in others] == ["0"] * 9
    assert np.array(figure["data"][1]["text"])[label][3] == f"{loss:.4f}"
    assert app.code[0].value.count(f"# {loss:.4f}") == 4
    names: dict[str, Any] = {}
    exec(app.code[0].value, names)
    assert torch.equal(names["logits"], logits) or torch.allclose(names["logits"], logits, atol=1e-4)
    asked = [line.split("#") for line in app.code[0].value.splitlines() if "#" in line]
    assert [f"{float(eval(line, names)):.4f}" for line, _said in asked] == [said.strip() for _line, said in asked]
    assert f"= {loss:.4f}" in app.markdown[0].value
