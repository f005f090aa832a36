"""Inside the network by clicks and keys: a block opens its layer, the checkpoint moves the maps and plays."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Run, Store
from models import build
from tests.browser.conftest import ready, still, until
from tests.servers import Server

STEPS = Store.default().run(PRETRAINED).steps
WATCH = """() => {
  const figure = document.querySelector('.st-key-opened .mv-figure');
  window.seen = [];  // every picture, in order: a slow machine may leave one out
  new MutationObserver(() => window.seen.push(figure.dataset.shows)).observe(
    figure, { attributes: true, attributeFilter: ['data-shows'] });
}"""
SHOWN = "key => document.querySelector(`.st-key-${key} .mv-plot`).data[0].z.bdata ?? ''"


def open_page(server: Server, page: Page, words: str = "") -> None:
    page.goto(f"{server.url}/features?{words}")
    ready(page)
    for key in ("network", "opened"):
        expect(page.locator(f".st-key-{key} .main-svg").first).to_be_visible(timeout=60_000)


def shows(page: Page, words: str, key: str = "opened") -> None:
    """Wait until the picture of this key is that of "step digit place"."""
    page.wait_for_selector(f'.st-key-{key} .mv-figure[data-shows="{words}"]', timeout=30_000)


def click_block(page: Page, column: int, row: int, right: float) -> None:
    """Click into the block, `right` of its left edge as a share of its width."""
    plot = page.locator(".st-key-network .mv-plot")
    still(plot)
    x, y = plot.evaluate(
        """(node, [column, row, right]) => {
          const { xaxis, yaxis } = node._fullLayout, edges = [...node._fullData[0].x];
          const box = node.getBoundingClientRect(), left = edges[2 * column], width = edges[2 * column + 1] - left;
          return [box.x + xaxis._offset + xaxis.l2p(left + right * width), box.y + yaxis._offset + yaxis.l2p(row)];
        }""",
        [column, row, right],
    )
    page.mouse.click(x, y)


@pytest.mark.parametrize("right", [0.1, 0.6])  # on its picture, and on its words
def test_a_click_on_a_block_opens_its_layer(server: Server, page: Page, right: float) -> None:
    open_page(server, page, "digit=test-18")
    click_block(page, 1, 3, right)
    shows(page, f"{STEPS[-1]} test-18 7")
    page.wait_for_url(lambda url: "layer=activation2" in url)
    expect(page.get_by_text("activation2 (ReLU): 32 maps of 7 × 7")).to_be_visible()
    expect(page.locator(".st-key-filters")).to_have_count(0)
    page.go_back()
    shows(page, f"{STEPS[-1]} test-18 1")
    expect(page.locator(".st-key-filters .main-svg").first).to_be_visible()


def test_the_arrow_keys_walk_from_layer_to_layer(server: Server, page: Page) -> None:
    open_page(server, page, "digit=test-18&layer=activation2")
    page.locator(".st-key-network .mv-figure").focus()
    page.keyboard.press("ArrowRight")
    shows(page, f"{STEPS[-1]} test-18 11")
    page.keyboard.press("ArrowRight")  # the last column is shorter
    shows(page, f"{STEPS[-1]} test-18 13")
    page.wait_for_url(lambda url: "layer=probabilities" in url)


def test_an_arrow_key_on_the_slider_changes_filters_and_maps(server: Server, page: Page) -> None:
    open_page(server, page, "digit=test-18")
    shows(page, str(STEPS[-1]), "filters")
    before = {key: page.evaluate(SHOWN, key) for key in ("filters", "opened")}
    page.locator(".st-key-step input").focus()
    page.keyboard.press("ArrowLeft")
    shows(page, f"{STEPS[-2]} test-18 1")
    shows(page, str(STEPS[-2]), "filters")
    page.wait_for_url(lambda url: f"step={STEPS[-2]}" in url)
    for key, words in before.items():
        assert words and page.evaluate(SHOWN, key) != words
    expect(page.get_by_text(f"At step {STEPS[-2]},")).to_be_visible()


def test_play_moves_from_the_first_checkpoint_and_stops(server: Server, page: Page) -> None:
    open_page(server, page, "digit=test-18")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("window.seen.length > 2", timeout=60_000)
    page.get_by_role("button", name="Pause", exact=True).click()
    seen = [int(words.split()[0]) for words in page.evaluate("window.seen")]
    assert seen == sorted(seen) and seen[0] in STEPS[:3], "it stood at the last one and begins at the first"
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    ready(page)
    slider = page.locator(".st-key-step input")
    until(lambda: f"step={slider.get_attribute('aria-valuetext')}" in re.split("[?&]", page.url), 30)
    stopped = page.url
    page.wait_for_timeout(1500)
    assert page.url == stopped
    assert f"step={STEPS[-1]}" not in stopped

    page.get_by_role("button", name="Play", exact=True).click()  # goes on from there to the end, and stops by itself
    shows(page, f"{STEPS[-1]} test-18 1")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=30_000)


def test_playing_begins_where_one_is_and_ends_with_the_page(server: Server, page: Page) -> None:
    open_page(server, page, f"digit=test-18&step={STEPS[2]}")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_url(lambda url: f"step={STEPS[3]}" in url)
    page.get_by_role("link", name="The digits", exact=True).click()
    page.wait_for_url("**/data?*")
    ready(page)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    stopped = page.locator(".st-key-step input").input_value()
    page.wait_for_timeout(1500)
    expect(page.locator(".st-key-step input")).to_have_value(stopped)


def test_the_frame_fits_beside_all_pages_on_a_small_screen(server: Server, page: Page) -> None:
    open_page(server, page)
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(12)
    still(page.locator(".st-key-projector"))  # the lowest of the frame's fields
    high, room = page.get_by_test_id("stSidebarContent").evaluate("one => [one.scrollHeight, one.clientHeight]")
    assert high <= room


@pytest.fixture
def transformer(server: Server) -> Iterator[Run]:
    """A run that is there for one test only."""
    run = Store(server.runs).create({"architecture": "vit"})
    checkpoints.save(run, 0, build("vit"))
    yield run
    shutil.rmtree(run.folder)


def test_a_click_in_a_block_of_a_transformer_opens_its_part(server: Server, page: Page, transformer: Run) -> None:
    open_page(server, page, f"run={transformer.id}&digit=test-18")
    still(page.locator(".st-key-network .mv-plot"))
    words = page.locator(".st-key-network .mv-plot").evaluate(
        """(node) => {
          const plot = node.getBoundingClientRect(), edges = node._fullData[0].x, { xaxis } = node._fullLayout;
          const ends = [...edges].map((edge) => plot.x + xaxis._offset + xaxis.l2p(edge));
          return [...node.querySelectorAll('.textpoint text')].map((one) => {
            const { left, right } = one.getBoundingClientRect();
            return [one.textContent, right <= ends.find((edge) => edge > left), right <= plot.right];
          });
        }"""
    )
    assert len(words) == 24 + 3 and all(inside and seen for _text, inside, seen in words), words
    click_block(page, 2, 1, 0.6)
    shows(page, "0 test-18 10")
    page.wait_for_url(lambda url: "layer=blocks.1.attention" in url)
    expect(page.get_by_text("block 2: attention (Attention): 64 numbers for the class token (0)")).to_be_visible()
    expect(page.locator(".st-key-attention .main-svg").first).to_be_visible(timeout=60_000)
    left, right = (still(page.locator(f".st-key-{key}")) for key in ("attention", "opened"))
    assert left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 40
