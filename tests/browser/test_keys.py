"""The keys of every page: digits by arrows, checkpoints by space, the list by `?`; a field keeps its own."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import ready
from tests.servers import Server


def test_keys_choose_digits_play_checkpoints_and_list_themselves(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/digit?run=pretrained&digit=test-7&step=215")
    ready(page)
    play, pause = (page.get_by_role("button", name=name, exact=True) for name in ("Play", "Pause"))
    expect(play).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("digit=test-8"))
    expect(page.get_by_text(re.compile("test-8 ·")).first).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("digit=test-7"))

    page.keyboard.press(" ")
    expect(pause).to_be_visible()
    page.keyboard.press(" ")
    expect(play).to_be_visible()
    page.keyboard.press(" ")
    expect(pause).to_be_visible()

    page.keyboard.press("?")  # it pauses what plays, whose next step would close the list
    expect(play).to_be_visible()
    listed = page.get_by_role("dialog")
    expect(listed.get_by_role("row")).to_have_count(8)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    expect(page).to_have_url(re.compile("digit=test-7"))


def test_a_field_keeps_its_keys(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/digit?digit=test-7")
    ready(page)
    field = page.locator(".st-key-digit input")
    field.press("End")
    for key in ("ArrowLeft", "?"):
        page.keyboard.press(key)
    expect(field).to_have_value("test-?7")
    expect(page.get_by_role("dialog")).to_have_count(0)
    slider = page.locator(".st-key-step").get_by_role("slider")
    slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile("step=(?!215)"))
    expect(field).to_have_value("test-?7")


def test_the_first_of_a_row_of_filters_keeps_the_key_that_leads_nowhere(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/convolution?digit=test-7&filter=0")
    ready(page)
    page.locator(".mv-win-kernels button").first.press("ArrowLeft")
    page.wait_for_timeout(1000)
    expect(page.locator(".st-key-digit input")).to_have_value("test-7")
