"""Exercises and other features in a real browser: an answer on a click, and bars that come when they are computed."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ready
from tests.servers import Server


def test_an_answer_is_folded_away_until_it_is_asked_for(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/data")
    ready(page)
    expect(page.get_by_text("How many digits are there to train on?")).not_to_be_visible()
    page.get_by_test_id("stExpander").filter(has_text="Spot the error").locator("summary").click()
    expect(page.get_by_text("How many digits are there to train on?")).to_be_visible()
    expect(page.get_by_text("Counted in the files")).to_have_count(0)
    page.locator(".st-key-exercise_counts").get_by_text("Show the answer").click()
    expect(page.get_by_text("Counted in the files: 60,000 training digits")).to_be_visible()
    expect(page.get_by_text("How many digits are there to train on?")).to_be_visible()


@pytest.mark.timeout(400)
def test_regressions_are_fitted_while_the_page_waits_and_then_are_there(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/prepare?stage=pictures&step=64")
    ready(page)
    bars = page.locator(".st-key-reached")
    expect(bars.locator(".annotation", has_text="pixels (… numbers): not fitted yet")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Fit the regressions").click()
    expect(bars.get_by_text("Regressions")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(bars.locator(".bars .point")).to_have_count(4, timeout=280_000)
    expect(page.get_by_role("button", name="Fit the regressions")).to_have_count(0)
    expect(page.get_by_text("A simple reader, fitted to")).to_be_visible()
