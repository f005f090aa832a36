"""A method is chosen by a click: its maps appear, and the link carries it to the next visitor."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import ready
from tests.servers import Server


def test_a_click_on_a_method_shows_its_maps_and_the_link_carries_it(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/saliency?digit=test-7&methods=saliency-grad_cam")
    ready(page)
    maps = page.locator(".st-key-saliency_maps_0")
    expect(maps.locator(".main-svg").first).to_be_visible(timeout=60_000)
    expect(maps.locator(".annotation", has_text="DeepLift")).to_have_count(0)
    page.get_by_role("button", name="DeepLift").click()
    expect(maps.locator(".annotation", has_text="DeepLift")).to_be_visible(timeout=60_000)
    page.wait_for_url("**methods=saliency-grad_cam-deep_lift*")

    page.goto(page.url)
    ready(page)
    expect(maps.locator(".annotation", has_text="DeepLift")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="DeepLift")).to_have_attribute("aria-pressed", "true")
