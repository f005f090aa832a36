"""The features of 10,000 digits: held in memory, on the disk only where another process will read them."""

import gc

import numpy as np
import pytest
import torch

import models
from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints
from mnist_viz.runs.features import features, keep
from mnist_viz.runs.store import Run


def tables(run: Run) -> list[str]:
    return sorted(path.parent.name for path in run.cache.glob("*/features_*"))


@pytest.fixture
def learned(run: Run) -> Run:
    torch.manual_seed(0)
    for step in range(3):
        checkpoints.save(run, step, models.build("mlp"))
    return run


def test_features_are_those_of_the_network_and_leave_no_table(learned: Run) -> None:
    seen = features(learned, 0, "test")
    with torch.inference_mode():
        pixels = torch.tensor(mnist.digits("test").images[4000:4050])[:, None].float() / 255
        wanted = checkpoints.load(learned, 0).features(pixels).numpy()
    np.testing.assert_allclose(seen[4000:4050], wanted, atol=1e-5)
    assert len(seen) == 10_000 and not seen.flags.writeable
    assert features(learned, 0, "test") is seen and tables(learned) == []


def test_what_is_kept_is_read_again_and_the_oldest_tables_make_room(
    learned: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnist_viz.runs.features.KEPT", 2)
    for step in range(3):
        seen = features(learned, step, "test")
        keep(learned, step, "test")
    assert tables(learned) == [f"{step:08d}" for step in (1, 2)]
    known = seen.copy()
    del seen
    gc.collect()
    learned.checkpoint(2).unlink()
    assert (features(learned, 2, "test") == known).all()


def test_what_nobody_holds_is_not_computed_to_be_kept(learned: Run) -> None:
    keep(learned, 0, "test")
    assert tables(learned) == []
