"""Other features: the pictures of a digit, the bars that ship, and the button for what nobody has computed."""

import json
from pathlib import Path

import numpy as np
import pytest

from mnist_viz.data import mnist
from mnist_viz.data.address import Address
from mnist_viz.jobs import probes
from mnist_viz.jobs.queue import jobs
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.training.config import TrainConfig
from mnist_viz.ui.link import Choice
from mnist_viz.ui.preparing import pictures
from tests.test_pages import cells, is_whole, payload, text_of, visit

PAGE = "pages/prepare.py"


@pytest.fixture
def run(own_store: Path) -> Run:
    return Store.default().run(PRETRAINED)


def test_the_first_look_shows_the_bars_that_ship_with_their_intervals(run: Run) -> None:
    app = visit(PAGE, stage="pictures")
    found = probes.known(run, run.steps[-1])
    assert is_whole(app) and found is not None
    bars = [trace for trace in json.loads(str(payload(app, "reached")["figure"]))["data"] if trace["type"] == "bar"]
    assert [cells(bar["x"])[0] for bar in bars] == pytest.approx([one.test / 100 for one in found.values()])
    assert "fitted to 5,000 digits" in text_of(
        app
    ) and "fast_cnn (trained on 55,000 digits) had learned by step 215" in text_of(app)
    for one in found.values():
        assert f"{one.test / 100:.2f}\u00a0%" in text_of(app)
    share, z = found["pixels"].test / 1e4, 1.959964
    low = (share + z * z / 2e4 - z * np.sqrt(share * (1 - share) / 1e4 + z * z / 4e8)) / (1 + z * z / 1e4)
    assert cells(bars[0]["error_x"]["arrayminus"])[0] == pytest.approx(100 * (share - low), abs=1e-4)
    assert not [button for button in app.button if button.label == "Fit the regressions"]


def test_of_a_run_that_prepares_its_digits_it_is_said_that_the_pixels_are_prepared(run: Run) -> None:
    config = TrainConfig.from_preset("live", preparation="deskew", digits=1000).as_dict()
    other = Store.default().create(config)
    found = probes.known(run, run.steps[-1])
    said = pictures._sentence(Choice(other, 7, Address("test", 0)), found)
    assert "from their pixels (prepared: Deskew)" in said and "(trained on 1,000 digits) had learned by step 7" in said
    unknown = Store.default().create({"architecture": "mlp"})
    assert "from what mlp had learned" in pictures._sentence(Choice(unknown, 7, Address("test", 0)), found)


def test_the_numbers_of_a_digit_are_its_own(run: Run) -> None:
    app = visit(PAGE, stage="pictures", digit="test-17")
    image = mnist.digits("test").images[17] / 255
    mirrored = 1 - np.abs(image - image[:, ::-1]).sum() / (2 * image.sum())
    said = " ".join(caption.value for caption in app.caption)
    assert f"{image.sum():.1f} full pixels" in said and f"covers {100 * mirrored:.0f}\u00a0% of the ink" in said
    rows = json.loads(str(payload(app, "projections")["figure"]))["data"][1]["customdata"]
    np.testing.assert_allclose(cells(rows).ravel(), image.sum(axis=1), rtol=1e-5)


def test_of_another_checkpoint_they_are_asked_for_and_can_be_given_up(run: Run) -> None:
    app = visit(PAGE, stage="pictures", step=str(run.steps[2]))
    assert is_whole(app) and payload(app, "reached")["live"] is None
    try:
        next(button for button in app.button if button.label == "Fit the regressions").click().run()
        assert is_whole(app)
        live = payload(app, "reached")["live"]
        assert isinstance(live, dict) and live["phase"] == "busy" and f"/{run.steps[2]}?" in live["route"]
        next(button for button in app.button if button.label == "Cancel").click().run()
        assert is_whole(app) and [button for button in app.button if button.label == "Fit the regressions"]
    finally:
        jobs().close()
