"""Pages with a network whose every ReLU has died: no method has a map of it, and each page says so."""

import base64
from pathlib import Path

import numpy as np
import pytest
import torch

import models
from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import Run, Store
from mnist_viz.ui.inside import drawn_pixels, pad
from tests.test_pages import is_whole, visit


@pytest.fixture
def dead(own_store: Path) -> Run:
    """A run as a learning rate that is far too large leaves it: whatever it sees, its head hears zeros."""
    run = Store.default().create({"architecture": "mlp"})
    torch.manual_seed(0)
    model = models.build("mlp")
    with torch.no_grad():
        model.get_parameter("hidden.bias").fill_(-1e4)
    checkpoints.save(run, 0, model)
    return run


@pytest.mark.parametrize("page", ["mistakes", "digit", "features", "saliency", "embedding", "draw"])
def test_every_page_is_whole(dead: Run, page: str) -> None:
    app = visit(f"pages/{page}.py", run=dead.id, map="pca")
    assert is_whole(app)
    if page in ("mistakes", "digit"):
        assert sum("no pixel" in caption.value for caption in app.caption) == 2


def test_a_drawing_is_read_without_a_map(dead: Run) -> None:
    pixels = base64.b64encode(mnist.digits("test").images[0].tobytes()).decode()
    why = drawn_pixels.reasons(dead.id, 0, pixels, "en")
    shares = checkpoints.load(dead, 0)(torch.zeros(1, 1, 28, 28))[0]
    assert not why.drawn and len(why.refusals) == 2
    assert f"reads a **{int(np.argmax(shares.detach().numpy()))}**" in pad.sentence(dead.id, 0, pixels)
