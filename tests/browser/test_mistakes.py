"""From the matrix to the reason by clicks alone, and every number on the way compared with numpy."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from mnist_viz.data import mnist
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.ui.link import FIRST_DIGIT
from tests.browser.conftest import ready, still
from tests.servers import Server


@pytest.fixture(scope="module")
def read() -> np.ndarray:
    """What the shipped run reads each test digit as, from its file and numpy alone."""
    run = Store.default().run(PRETRAINED)
    logits: np.ndarray = np.load(run.folder / "derived" / f"{run.steps[-1]:08d}" / "logits_test-1.npy")
    read: np.ndarray = logits.argmax(axis=1)
    return read


def test_a_click_on_a_cell_shows_its_digits_and_a_click_on_one_its_maps(
    server: Server, page: Page, read: np.ndarray
) -> None:
    labels = mnist.digits("test").labels
    page.goto(f"{server.url}/mistakes")
    ready(page)
    plot = page.locator(".st-key-confusion .mv-plot")
    expect(plot.locator(".main-svg").first).to_be_visible(timeout=60_000)
    still(plot)
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, read), 1)
    np.fill_diagonal(counts, 0)
    true, predicted = np.unravel_index(counts.argmax(), counts.shape)
    x, y = plot.evaluate(
        """(node, [column, row]) => {
          const { xaxis, yaxis, _size } = node._fullLayout;
          const box = node.getBoundingClientRect();
          return [box.x + xaxis._offset + xaxis.l2p(column), box.y + yaxis._offset + yaxis.l2p(row)];
        }""",
        [int(predicted), int(true)],
    )
    page.mouse.click(x, y)
    expect(page.get_by_text(f"Labelled {true}, read as {predicted}, surest first")).to_be_visible()
    page.wait_for_url(f"**cell={true}-{predicted}*")

    tiles = page.locator(".mv-grid button")
    expect(tiles).to_have_count(int(counts.max()))
    addresses = [tile.get_attribute("data-id") for tile in tiles.all()]
    assert {int(a.split("-")[1]) for a in addresses if a} == set(
        np.flatnonzero((labels == true) & (read == predicted)).tolist()
    )
    chosen = addresses[-1]
    tiles.last.click()
    page.wait_for_selector(f'.st-key-panel_maps .mv-figure[data-shows="{chosen}"]')
    page.wait_for_url(f"**digit={chosen}*")
    expect(page.locator(".st-key-digit_panel").get_by_text(f"Read as {predicted}").first).to_be_visible()


def test_the_sentence_says_how_many_are_wrong(server: Server, page: Page, read: np.ndarray) -> None:
    wrong = int((read != mnist.digits("test").labels).sum())
    page.goto(f"{server.url}/mistakes")
    ready(page)
    expect(page.get_by_text(f"{wrong} of 10,000").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text(f"{100 - wrong / 100:.2f} % are right")).to_be_visible()


def test_the_pixels_in_the_grid_are_the_digits_pixels(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/data?part=val&label=7")
    ready(page)
    tile = page.locator(".mv-grid button").nth(5)
    expect(tile).to_be_visible()
    index = int((tile.get_attribute("data-id") or "").split("-")[1])
    drawn = tile.evaluate(
        "node => [...node.querySelector('canvas').getContext('2d').getImageData(0, 0, 28, 28).data]"
        ".filter((_, n) => n % 4 === 3)"
    )
    image = mnist.digits("val").images[index]
    assert mnist.digits("val").labels[index] == 7
    assert drawn == image.ravel().tolist()


def test_the_keyboard_walks_the_matrix_and_the_grid(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/mistakes?cell=4-9")
    ready(page)
    frame = page.locator(".st-key-confusion .mv-figure")
    expect(frame.locator(".main-svg").first).to_be_visible(timeout=60_000)
    frame.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Labelled 5, read as 9")).to_be_visible()

    page.goto(f"{server.url}/mistakes")
    ready(page)
    first = page.locator(".mv-grid button").first
    first.focus()
    page.keyboard.press("ArrowRight")
    second = page.locator(".mv-grid button").nth(1)
    expect(second).to_have_attribute("aria-pressed", "true")
    page.wait_for_selector(f'.st-key-panel_maps .mv-figure[data-shows="{second.get_attribute("data-id")}"]')


def test_one_click_on_a_cell_is_one_step_back(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/mistakes?cell=6-5")
    ready(page)
    frame = page.locator(".st-key-confusion .mv-figure")
    expect(frame.locator(".main-svg").first).to_be_visible(timeout=60_000)
    before = page.evaluate("history.length")
    frame.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_url("**cell=5-5*")
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    expect(page.get_by_text("Labelled 6, read as 5")).to_be_visible()


def test_back_and_forward_take_the_digit_along(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/mistakes?digit=test-1")
    ready(page)
    tile = page.locator(f'.mv-grid button:not([data-id="{FIRST_DIGIT}"])').first
    expect(tile).to_be_visible(timeout=60_000)
    name = tile.get_attribute("data-id")
    tile.click()
    page.wait_for_url(f"**digit={name}*")
    page.go_back()
    page.wait_for_selector('.st-key-panel_maps .mv-figure[data-shows="test-1"]')
    page.go_forward()
    page.wait_for_selector(f'.st-key-panel_maps .mv-figure[data-shows="{name}"]')
