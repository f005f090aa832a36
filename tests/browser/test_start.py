"""The start page: every way from it leads on with the run, the checkpoint and the digit that are chosen."""

import re

from playwright.sync_api import Page, expect

from mnist_viz.runs import records
from mnist_viz.runs.store import Store
from mnist_viz.training import launch
from mnist_viz.training.config import TrainConfig
from tests.browser.conftest import ready
from tests.servers import Server


def test_the_ways_from_the_start_take_the_frame_along(server: Server, page: Page) -> None:
    for name, path in (("See the 70,000 digits", "data"), ("Train a network", "train"), ("All mistakes", "mistakes")):
        page.goto(f"{server.url}/?step=16&digit=val-7")
        ready(page)
        page.get_by_role("link", name=name).click()
        page.wait_for_url(re.compile(rf"/{path}\?"))
        ready(page)
        page.wait_for_url(lambda url: "step=16" in url and "digit=val-7" in url)


def test_a_mistake_on_the_start_page_leads_to_its_reasons(server: Server, page: Page) -> None:
    page.goto(server.url)
    ready(page)
    tile = page.locator('.mv-grid[aria-label*="surest"] button').nth(4)
    address = tile.get_attribute("data-id")
    tile.click()
    page.get_by_role("link", name=f"See why {address}").click()
    page.wait_for_url(re.compile(rf"/digit\?digit={address}"))
    expect(page.locator(".st-key-digit_panel").get_by_text(f"{address} ·")).to_be_visible(timeout=30_000)


def test_the_newest_training_is_named_and_shown_on_a_click(server: Server, page: Page) -> None:
    store = Store(server.runs, cache=server.home / "cache")
    run = launch.create(TrainConfig.from_preset("live", architecture="mlp"), store)
    shares = {"test_accuracy": 0.5, "val_accuracy": 0.5, "seconds": 1.0, "images_per_second": 1.0}
    look = {"step": 1, "epoch": 1.0, "digits": 10_000, "loss": 1.0, "accuracy": 0.5, "seconds": 1.0}
    records.append(run, {"kind": "evaluation", "part": "test", **look})
    records.append(run, {"kind": "finished", **shares})
    page.goto(server.url)
    ready(page)
    expect(page.get_by_text("The newest training: 50.00 %")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Show it here").click()
    expect(page.get_by_text("reads 50.00 % of 10,000 digits")).to_be_visible(timeout=30_000)
    page.wait_for_url(f"**run={run.id}*")
