"""Two runs are chosen, their curves stand on one chart, one stands out under the pointer, and a digit is clicked."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints, logits, records
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import fit, network
from tests import servers
from tests.browser.conftest import ready, still
from tests.servers import Server


def trained(store: Store) -> Run:
    """A finished run that learned from 300 digits."""
    config = TrainConfig.from_preset(architecture="mlp", digits=300, batch=50, device="cpu")
    run, model = launch.create(config, store), network(config)
    for record in fit(model, mnist.digits("train"), mnist.digits("val").chosen(np.arange(200)), config):
        if record["kind"] != "checkpoint" or record["step"] == config.steps:
            records.append(run, record)
    checkpoints.save(run, config.steps, model)
    records.append(run, {"kind": "finished", "test_accuracy": 0.5, "val_accuracy": 0.5})
    return run


@pytest.fixture
def own_server(own_store: Path, browser: Browser) -> Iterator[Server]:
    """An app whose runs no other test sees."""
    with servers.running(own_store) as one:
        yield one


def test_two_runs_are_chosen_their_curves_seen_and_a_digit_of_both_clicked(own_server: Server, page: Page) -> None:
    store = Store.default()
    run = trained(store)
    page.goto(f"{own_server.url}/compare?runs={PRETRAINED}")
    ready(page)
    page.locator(".st-key-runs_shown input").click()
    page.get_by_role("option", name="mlp").click()
    page.keyboard.press("Escape")
    plot = page.locator(".st-key-compare_curves .mv-plot")
    lines = plot.locator(".scatterlayer .trace")
    expect(lines).to_have_count(2, timeout=60_000)
    page.wait_for_url(lambda url: f"runs={PRETRAINED},{run.id}" in unquote(url))
    still(plot)
    lines.nth(1).locator(".point").last.hover(force=True)
    expect(lines.nth(0)).to_have_css("opacity", "0.15")
    expect(lines.nth(1)).to_have_css("opacity", "1")
    page.mouse.move(5, 5)
    expect(lines.nth(0)).to_have_css("opacity", "1")

    page.get_by_role("radio", name="Digits").click()
    tiles = page.locator(".mv-grid button")
    expect(tiles).to_have_count(20, timeout=60_000)
    chosen = tiles.nth(3).get_attribute("data-id")
    tiles.nth(3).click()
    expect(page.locator(".st-key-digit input")).to_have_value(str(chosen))
    labels = mnist.digits("test").labels
    read = [logits.logits(one, one.steps[-1], "test").argmax(axis=1) for one in (store.run(PRETRAINED), run)]
    at = int(str(chosen).split("-")[1])
    assert (read[0][at] == labels[at]) != (read[1][at] == labels[at])
    said = page.get_by_text(f"Digit {chosen}, labelled {labels[at]}: A reads {read[0][at]}").first
    expect(said).to_be_visible()
