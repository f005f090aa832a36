"""The shell in a real browser: links that are the first request ever, one digit on all pages, nothing from outside."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests import servers
from tests.browser.conftest import ready, still, until
from tests.servers import Server

PAGES = (
    "",
    "data",
    "prepare",
    "convolution",
    "train",
    "compare",
    "mistakes",
    "features",
    "saliency",
    "embedding",
    "draw",
    "draw?hand=change",
    "digit",
)
INK = "node => getComputedStyle(node).fill"


def frame_says(page: Page, *, step: str, digit: str) -> None:
    expect(page.locator(".st-key-step input")).to_have_attribute("aria-valuetext", step)
    expect(page.locator(".st-key-digit input")).to_have_value(digit)


@pytest.mark.parametrize("name", ["mistakes", "digit"])
def test_a_link_that_is_the_first_request_ever_shows_the_same_picture(
    browser: Browser, tmp_path: Path, name: str
) -> None:
    with servers.running(tmp_path) as fresh:
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        page = context.new_page()
        page.goto(f"{fresh.url}/{name}?run=pretrained&step=16&digit=val-12&cell=4-9")
        ready(page)
        expect(page.locator(".st-key-panel_maps .main-svg").first).to_be_visible(timeout=60_000)
        expect(page.locator(".st-key-run_shown input")).to_have_value(re.compile("shipped"))
        frame_says(page, step="16", digit="val-12")
        page.wait_for_url(lambda url: "step=16" in url and "digit=val-12" in url)
        expect(page.get_by_text("val-12 ·")).to_be_visible()
        context.close()


def test_one_step_back_from_another_page_shows_what_was_seen_before(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/data?digit=test-18")
    ready(page)
    page.get_by_role("radio", name="Typical and odd").click()
    page.wait_for_url("**view=typical*")
    ready(page)
    page.get_by_role("link", name="Prepare", exact=True).click()
    page.wait_for_url("**/prepare*")
    ready(page)
    page.get_by_role("button", name="Add this step").click()
    page.wait_for_url("**/prepare?*pipeline=deskew*")
    ready(page)
    page.get_by_text("Train with this preparation").click()
    page.wait_for_url("**/train*")
    ready(page)
    page.go_back()
    expect(page.get_by_text("Train with this preparation")).to_be_visible()
    page.wait_for_url(lambda url: "/prepare?" in url and "pipeline=deskew" in url and "digit=test-18" in url)
    page.go_back()
    page.wait_for_url(lambda address: "pipeline" not in address)
    ready(page)
    page.go_back()
    page.wait_for_url("**/data?*view=typical*")
    ready(page)
    expect(page.get_by_role("radio", name="Typical and odd")).to_be_checked()
    page.go_forward()
    page.wait_for_url("**/prepare*")


def test_a_choice_that_changes_two_words_of_the_link_is_one_step_back(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/data")
    ready(page)
    page.locator(".st-key-page").get_by_text("3", exact=True).click()
    page.wait_for_url("**page=3*")
    first = page.locator(".mv-grid button").first
    expect(first).to_have_attribute("data-id", "train-72")
    before = page.evaluate("history.length")
    page.get_by_role("radio", name="Validation").click()
    page.wait_for_url(lambda url: "part=val" in url and "page=" not in url)
    expect(first).to_have_attribute("data-id", "val-0")
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    expect(first).to_have_attribute("data-id", "train-72")
    page.wait_for_url(lambda url: "page=3" in url and "part=" not in url)
    page.go_forward()
    expect(first).to_have_attribute("data-id", "val-0")


def test_the_chosen_digit_goes_along_to_every_page(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/data?digit=test-18&step=8")
    ready(page)
    ways = {"Mistakes": "mistakes", "One digit": "digit", "Train": "train", "Start": "", "The digits": "data"}
    for name, path in ways.items():
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(re.compile(rf"/{path}\?"))
        ready(page)
        page.wait_for_url(lambda url: "digit=test-18" in url and "step=8" in url)
        frame_says(page, step="8", digit="test-18")


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("digit=test-99999", "There is no digit test-99999"),
        ("digit=", "write a part and a number"),
        ("digit=../../etc/passwd", "is no digit's address"),
        ("run=../../etc", "which is not here"),
        ("step=77", "has no checkpoint"),
    ],
)
def test_a_wrong_link_is_answered_with_a_sentence(server: Server, page: Page, link: str, sentence: str) -> None:
    page.goto(f"{server.url}/digit?{link}")
    ready(page)
    expect(page.get_by_text(sentence)).to_be_visible()
    assert page.locator('[data-testid="stException"]').count() == 0


def test_one_button_fills_the_screen_with_the_picture(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/mistakes")
    ready(page)
    matrix = page.locator(".st-key-confusion")
    expect(matrix.locator(".main-svg").first).to_be_visible(timeout=60_000)
    before = still(matrix.locator(".mv-plot"))
    matrix.get_by_role("button", name="Fill the screen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    assert still(matrix.locator(".mv-plot"))["width"] > before["width"] * 1.3
    page.keyboard.press("Escape")


def test_the_presenters_view_has_larger_letters_on_page_and_picture(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/digit")
    ready(page)
    letters = page.locator(".st-key-panel_probabilities .ytick text").first
    expect(letters).to_be_visible(timeout=60_000)
    sizes = "node => [node, document.body.querySelector('p')].map((one) => parseFloat(getComputedStyle(one).fontSize))"
    before = letters.evaluate(sizes)
    page.get_by_text("Projector: larger type").click()
    page.wait_for_url(lambda url: "projector=true" in url)
    until(lambda: all(now > 1.15 * then for now, then in zip(letters.evaluate(sizes), before, strict=True)), 30)


def test_a_colour_follows_the_theme(server: Server, browser: Browser) -> None:
    inks: list[str] = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{server.url}/digit")
        ready(page)
        text = page.locator(".st-key-panel_probabilities .ytick text")
        expect(text.first).to_be_visible(timeout=60_000)
        until(lambda text=text: text.first.evaluate(INK) not in inks, 30)  # type: ignore[misc]
        inks.append(text.first.evaluate(INK))
        context.close()


def test_pages_stay_within_a_phone(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    for name in PAGES:
        page.goto(f"{server.url}/{name}")
        ready(page)
        page.wait_for_timeout(500)
        try:
            page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollWidth <= 390", timeout=10_000)
        except PlaywrightTimeout:
            wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
            raise AssertionError(f"{name or 'home'} is {wide} pixels wide") from None
    context.close()
