"""Augmentation in a real browser: a slider moves, and the pictures below it follow, in the same open fold."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import ready
from tests.servers import Server


def test_a_slider_of_augmentation_draws_its_pictures_anew(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train")
    ready(page)
    page.get_by_test_id("stPopoverButton").filter(has_text="Settings").click()
    page.get_by_role("tab", name="Augmentation").click()
    expect(page.get_by_text("All are off")).to_be_visible()
    turned = page.get_by_role("slider", name="Turned (±\u00a0°)")
    turned.focus()
    for _press in range(15):
        turned.press("ArrowRight")
    preview = page.locator(".st-key-augmented .mv-plot")
    expect(preview).to_be_visible()
    expect(page.get_by_text("Digit test-3520 as it would be learned from")).to_be_visible()
    expect(page).to_have_url(re.compile("rotation=15"))
    expect(page.get_by_role("tab", name="Augmentation")).to_have_attribute("aria-selected", "true")
