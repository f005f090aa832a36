"""A row of the table is ticked, named and deleted by clicks; another visitor of the deleted run reads one sentence."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_viz.runs import notes, records
from mnist_viz.runs.notes import Notes
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.training.config import TrainConfig
from tests import servers
from tests.browser.conftest import ready, still
from tests.servers import Server

TICK, MENU = 16, 54  # pixels from the left
HEAD, ROW = 40, 39


@pytest.fixture
def own_server(own_store: Path, browser: Browser) -> Iterator[Server]:
    """An app whose runs no other test sees."""
    with servers.running(own_store) as one:
        yield one


def made(store: Store) -> Run:
    run = store.create({**TrainConfig.from_preset("live", architecture="mlp").as_dict(), "classes": 10})
    records.append(run, {"kind": "failed", "reason": "It was never trained."})
    return run


def click(page: Page, row: int, across: int) -> None:
    """Click into a row of the table, which is painted and has no elements of its own."""
    place = still(page.get_by_test_id("stDataFrame"))
    page.mouse.click(place["x"] + across, place["y"] + HEAD + ROW * row + ROW / 2)
    page.wait_for_timeout(600)
    ready(page)


def test_a_run_is_ticked_named_and_deleted(own_server: Server, page: Page, browser: Browser) -> None:
    store = Store.default()
    older, newer = made(store), made(store)
    first = store.runs()[0]
    second = older if first == newer else newer
    page.goto(f"{own_server.url}/compare?aspect=runs&runs={PRETRAINED}&run={second.id}")
    ready(page)
    expect(page.get_by_test_id("stDataFrame").locator("canvas").first).to_be_visible()
    page.get_by_test_id("stDataFrame").hover()
    search = still(page.locator(".st-key-find [data-testid='stTextInputRootElement']"))
    buttons = still(page.get_by_test_id("stElementToolbar").last)
    assert search["x"] + search["width"] <= buttons["x"], "the table's buttons cover no search"
    click(page, 0, TICK)
    page.wait_for_url(lambda url: f"runs={PRETRAINED},{first.id}" in unquote(url))
    click(page, 2, TICK)
    page.wait_for_url(lambda url: f"runs={first.id}" in unquote(url) and PRETRAINED not in url.split("runs=")[-1])

    click(page, 0, MENU)
    page.get_by_role("menuitem", name="Name and tags").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("<i>my</i> first")
    dialog.get_by_label("Tags, separated by commas").fill("lecture 4, mlp")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert notes.read(first) == Notes("<i>my</i> first", ("lecture 4", "mlp"))
    expect(page.locator(".st-key-runs_shown")).to_contain_text("<i>my</i> first")

    other = browser.new_page()
    other.goto(f"{own_server.url}/compare?run={second.id}")
    ready(other)
    click(page, 1, MENU)
    page.get_by_role("menuitem", name="Delete …").click()
    expect(dialog).to_contain_text(second.id)
    assert second.folder.exists()
    dialog.get_by_role("button", name="Delete it for good").click()
    expect(dialog).to_have_count(0)
    assert not second.folder.exists()
    page.wait_for_url(lambda url: second.id not in unquote(url))
    other.locator(".st-key-digit_1 button").first.click()
    expect(other.get_by_text("which is not here; you see the run that ships with the app")).to_be_visible()
    expect(other.locator('[data-testid="stException"]')).to_have_count(0)
    expect(other.get_by_test_id("stMain").locator("h1")).to_be_visible()
    other.close()
