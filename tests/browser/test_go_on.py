"""A training is stopped in the browser and gone on with, in one curve."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mnist_viz.runs.records import last, read_all
from mnist_viz.runs.store import Store
from tests.browser.conftest import ready, until
from tests.browser.test_training import newest, own_server, start, steps
from tests.servers import Server

__all__ = ["own_server"]
FIGURE = "document.querySelector('.st-key-curve .mv-plot')"


@pytest.fixture
def stopped_page(own_server: Server, page: Page) -> Iterator[Page]:
    """The train page, on a training that was just stopped."""
    start(page, own_server, "digits=4096&batch=8&epochs=4")
    until(lambda: steps(own_server) > 20)
    page.get_by_role("button", name="Stop and keep").click()
    expect(page.get_by_role("button", name="Go on", exact=True)).to_be_visible(timeout=60_000)
    yield page


def test_a_training_that_was_stopped_goes_on_in_one_curve(own_server: Server, stopped_page: Page) -> None:
    page, before = stopped_page, newest(own_server)
    left = before.steps[-1]
    expect(page.get_by_text(f"from step {left:,} of 2,048 along the planned schedule")).to_be_visible()
    page.wait_for_function(f"{FIGURE}?.data?.[0].x.length")
    drawn = page.evaluate(f"[...{FIGURE}.data[0].x]")
    page.get_by_role("button", name="Go on", exact=True).click()
    until(lambda: newest(own_server).id != before.id)
    child = newest(own_server)
    expect(page.get_by_role("button", name="Stop and keep")).to_be_visible(timeout=60_000)
    page.wait_for_function(f"{FIGURE}?.layout?.annotations?.some(one => one.text === 'went on here')")
    until(lambda: steps(own_server) > left + 20)
    page.wait_for_function(f"{FIGURE}.data[0].x.length > {len(drawn) + 10}")
    seen = page.evaluate(f"[...{FIGURE}.data[0].x]")
    assert seen == list(range(1, len(seen) + 1)), "one curve without a gap, and no step twice"
    page.get_by_role("button", name="Stop and keep").click()
    expect(page.get_by_text(f"It went on from step {left:,} of another run")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Go on", exact=True)).to_be_visible()
    assert child.config["parent"] == before.id and child.config["from_step"] == left
    assert last(child)["kind"] == "stopped"
    page.wait_for_url(lambda url: child.id in url)
    page.reload()
    ready(page)
    page.wait_for_function(f"{FIGURE}?.layout?.shapes?.length === 2")
    assert Store(own_server.runs).run(before.id).steps[-1] == left, "what has a name never changes"
    assert len(read_all(before)) > 20
