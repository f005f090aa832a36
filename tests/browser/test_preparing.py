"""The steps of preparation in the browser: two are added, the noise is turned up, and the train page gets them."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import ready, still
from tests.servers import Server

LONG = 30_000  # milliseconds: on a busy machine 5,000 digits are prepared for seconds


def test_two_steps_are_added_noise_is_turned_up_and_the_way_leads_to_train(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/prepare?stage=steps&digit=test-7")
    ready(page)
    expect(page.locator(".st-key-prep_digit .heatmaplayer .hm")).to_have_count(2)
    page.get_by_role("button", name="Add this step").click()
    expect(page).to_have_url(re.compile("pipeline=deskew(&|$)"))
    kinds = page.locator(".st-key-prep_group")
    place = still(kinds)
    page.get_by_role("radio", name="Denoise").click()
    expect(page).to_have_url(re.compile("prep=median"))
    expect(page.get_by_text(re.compile(r"^Noise puts test-7"))).to_be_visible(timeout=LONG)
    assert still(kinds) == place, "an answer of two lines moves no button"
    before = page.get_by_text(re.compile(r"^Noise puts test-7")).inner_text()
    slider = page.get_by_role("slider", name="Noise put in first")
    slider.focus()
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("noised=45"))
    expect(page.get_by_text(re.compile(r"^Noise puts test-7"))).not_to_have_text(before, timeout=LONG)
    expect(page.locator(".st-key-prep_digit .heatmaplayer .hm")).to_have_count(3)
    page.get_by_role("button", name="Add this step").click()
    expect(page).to_have_url(re.compile("pipeline=deskew-median3"))
    expect(page.locator(".st-key-pipeline_strip canvas")).to_have_count(3)
    way = page.get_by_role("link", name="Train with this preparation")
    expect(way).to_have_attribute("href", re.compile(r"train\?preparation=deskew-median3$"))
    way.click()
    expect(page.get_by_role("heading", name="How does it learn?")).to_be_visible(timeout=LONG)
    expect(page).to_have_url(re.compile("digit=test-7.*preparation=deskew-median3"))
