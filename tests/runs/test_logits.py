"""The answers of a checkpoint to a whole part: right, and computed once."""

import numpy as np
import pytest
import torch

import models
from mnist_viz.data.mnist import digits
from mnist_viz.runs import checkpoints, derived
from mnist_viz.runs.logits import VERSION, logits, predict
from mnist_viz.runs.store import Run, Store


@pytest.fixture
def trained(store: Store) -> Run:
    torch.manual_seed(0)
    run = store.create({"architecture": "mlp"})
    checkpoints.save(run, 0, models.build("mlp"))
    return run


def test_they_are_the_models_answers_in_order(trained: Run) -> None:
    answers = logits(trained, 0, "val")
    images = torch.tensor(digits("val").images).unsqueeze(1).float() / 255
    assert answers.shape == (5000, 10) and answers.dtype == np.float32
    expected = checkpoints.load(trained, 0)(images)
    assert np.allclose(answers, expected.numpy(), atol=1e-5)


def test_they_are_computed_once(trained: Run) -> None:
    first = logits(trained, 0, "val")
    trained.checkpoint(0).unlink()
    second = logits(trained, 0, "val")
    assert np.array_equal(first, second)
    assert not first.flags.writeable and not second.flags.writeable


def test_an_array_of_another_shape_is_not_believed(trained: Run) -> None:
    derived.put(trained, 0, "logits_val", VERSION, np.zeros((3, 10), dtype=np.float32))
    assert logits(trained, 0, "val").shape == (5000, 10)


def test_one_digit_alone_is_answered_as_among_many() -> None:
    model = models.build("fast_cnn").eval()
    images = digits("test").images[:1200]
    among = predict(model, images)
    assert np.allclose(predict(model, images[1100:1101]), among[1100:1101], atol=1e-5)
