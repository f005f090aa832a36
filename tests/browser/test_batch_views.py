"""A click on a row of the labels chooses its digit; a click on a row of the batch shows how its tensor was made."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import ready, until
from tests.servers import Server


def click_on_row(page: Page, key: str, row: int) -> None:
    """Point at the middle of a row of a figure, by its own axes."""
    plot = page.locator(f".st-key-{key} .js-plotly-plot")
    expect(plot.locator(".main-svg").first).to_be_visible(timeout=60_000)
    place = plot.evaluate(
        "(element, row) => { const { xaxis, yaxis } = element._fullLayout;"
        " return { x: xaxis._offset + xaxis._length * 0.3, y: yaxis._offset + yaxis.l2p(row) }; }",
        row,
    )
    plot.scroll_into_view_if_needed()
    plot.click(position=place)


def test_a_click_chooses_a_digit_of_the_batch_and_a_tensor_of_the_way(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/prepare?stage=labels&digit=test-3520")
    ready(page)
    click_on_row(page, "one_hot_matrix", 4)
    page.wait_for_url("**digit=test-3524*")
    expect(page.get_by_text("Digit test-3524 is labelled 6")).to_be_visible()

    page.goto(f"{server.url}/prepare?stage=batch&digit=test-3524&batch_of=16")
    ready(page)
    click_on_row(page, "batch_journey", 5)
    page.wait_for_url("**tensor=conv1*")
    expect(page.get_by_text("seen = model.conv1(seen)")).to_be_visible()


def test_pairs_of_digits_keep_their_size_on_a_phone_and_are_moved_sideways(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/prepare?stage=splits&check=twins")
    ready(page)
    pairs = page.locator(".st-key-twin_pairs")
    expect(pairs.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=60_000)
    until(lambda: pairs.evaluate("(element) => element.scrollWidth > 1.5 * element.clientWidth"), 10)
    until(lambda: page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390, 10)
