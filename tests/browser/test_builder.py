"""Building a network in the browser: by keyboard and mouse, and whoever opens the link has the same one."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import ready
from tests.servers import Server


def test_a_network_is_built_by_keyboard_and_travels_in_the_link(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/train?architecture=built&layers=c4k5-m2-r")
    ready(page)
    filters = page.get_by_role("combobox", name="filters of layer 1")
    expect(filters).to_have_value("4 filters")
    filters.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("layers=c20k5-m2-r"))
    page.get_by_role("button", name="Move layer 2 down").press("Enter")
    expect(page).to_have_url(re.compile("layers=c20k5-r-m2"))
    start = page.get_by_role("button", name="Start training")
    expect(start).to_be_enabled()
    kernel = page.get_by_role("combobox", name="kernel of layer 1")
    kernel.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("99")
    offered = page.get_by_role("option", name="Add: 99")
    expect(offered).to_be_visible()
    assert offered.evaluate("option => option.firstChild.scrollWidth <= option.firstChild.clientWidth"), "nothing cut"
    page.keyboard.press("Enter")
    expect(page.get_by_text("A kernel is 1 to 28 pixels wide: 99 is not taken.")).to_be_visible()
    kernel.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("28")
    page.keyboard.press("Enter")
    expect(page.get_by_text("the window of 2 of layer 3 does not fit into 1 pixels")).to_be_visible()
    expect(start).to_be_disabled()
    expect(page).to_have_url(re.compile("layers=c20k28-r-m2"))
    page.goto(page.url)
    ready(page)
    expect(page.get_by_role("combobox", name="kernel of layer 1")).to_have_value("28 × 28")
    expect(start).to_be_disabled()
