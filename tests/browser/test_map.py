"""The map in a real browser: the digit under the pointer, the digits inside a line, and one digit after the other."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from mnist_viz.data import mnist
from mnist_viz.jobs import maps
from mnist_viz.runs.store import PRETRAINED, Store
from tests.browser.conftest import ready
from tests.servers import Server

SPOTS = """node => {
  const { xaxis, yaxis } = node._fullLayout, box = node.getBoundingClientRect();
  return [...node._fullData[0].x].map((x, n) =>
    [box.x + xaxis._offset + xaxis.l2p(x), box.y + yaxis._offset + yaxis.l2p(node._fullData[0].y[n])]);
}"""
INK = """node => [...node.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, n) => n % 4 === 3)"""


@pytest.fixture
def spots(server: Server, page: Page) -> np.ndarray:
    """Where each digit's point is on the screen, on a map by PCA that is open."""
    page.goto(f"{server.url}/embedding?map=pca")
    ready(page)
    page.wait_for_selector('.st-key-map_figure .mv-figure[data-shows^="pca"]', timeout=60_000)
    page.wait_for_timeout(500)
    return np.array(page.locator(".st-key-map_figure .mv-plot").evaluate(SPOTS))


def alone(spots: np.ndarray, count: int) -> list[int]:
    """Digits whose points lie farther than others from all others, within the window."""
    inside = np.flatnonzero((spots[:, 1] < 690) & (spots[:, 1] > 240))
    near = [np.sort(np.abs(spots - spots[index]).max(axis=1))[1] for index in inside]
    return [int(index) for index in inside[np.argsort(near)[::-1][:count]]]


def test_every_point_is_its_digits_place_and_hover_shows_its_pixels(page: Page, spots: np.ndarray) -> None:
    run = Store.default().run(PRETRAINED)
    plot = page.locator(".st-key-map_figure .mv-plot")
    drawn = plot.evaluate("node => [...node._fullData[0].x].map((x, n) => [x, node._fullData[0].y[n]])")
    np.testing.assert_allclose(drawn, maps.pca(run, run.steps[-1]).places, rtol=1e-6)
    assert plot.evaluate("node => node._fullData[0].ids") == [f"test-{index}" for index in range(10_000)]
    canvas = page.locator(".st-key-map_figure .mv-thumbnail")
    for index in alone(spots, 4):
        page.mouse.move(5, 5)
        expect(canvas).to_be_hidden()
        page.mouse.move(*spots[index])
        expect(canvas).to_be_visible()
        assert canvas.evaluate(INK) == mnist.digits("test").images[index].ravel().tolist()
        label = mnist.digits("test").labels[index]
        expect(page.locator(".st-key-map_figure .hovertext")).to_contain_text(f"labelled {label}")


def test_a_line_around_points_shows_their_digits(page: Page, spots: np.ndarray) -> None:
    middle = np.median(spots, axis=0)
    corners = middle + np.array([[-40, -60], [70, -30], [20, 50]])
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in [*corners[1:], corners[0]]:
        page.mouse.move(*corner, steps=8)
    page.mouse.up()
    inside = np.ones(len(spots), bool)
    for begin, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        across, along = spots - begin, end - begin
        inside &= along[0] * across[:, 1] - along[1] * across[:, 0] >= 0
    labels = mnist.digits("test").labels
    count = int(inside.sum())
    assert count > 50
    said = page.get_by_text("digits inside the line")
    expect(said).to_be_visible()
    text = said.inner_text()
    assert abs(int(text.split(" ")[0].replace(",", "")) - count) <= 2, "a point on the line may fall to either side"
    for label in range(10):
        here = int((inside & (labels == label)).sum())
        assert any(f"{label} ({here + off})" in text for off in (-1, 0, 1)) or here <= 1
    plot = page.locator(".st-key-map_figure .mv-plot")
    marked = np.array(plot.evaluate("node => [...node.data[0].selectedpoints]"))
    assert len(set(marked) ^ set(np.flatnonzero(inside))) <= 2

    tile = page.locator(".mv-grid button").last
    name = tile.get_attribute("data-id") or ""
    tile.click()
    page.wait_for_url(f"**digit={name}*")
    expect(page.get_by_text(f"nearest to {name}")).to_be_visible()
    expect(page.get_by_text("digits inside the line")).to_be_visible()


def test_a_click_chooses_the_digit_and_the_arrow_keys_walk_on(server: Server, page: Page, spots: np.ndarray) -> None:
    index = alone(spots, 1)[0]
    page.mouse.click(*spots[index])
    page.wait_for_url(f"**digit=test-{index}*")
    expect(page.get_by_text(f"nearest to test-{index}")).to_be_visible()
    page.locator(".st-key-map_figure .mv-figure").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**digit=test-{index + 1}*")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**digit=test-{index}&*" if f"test-{index}&" in page.url else f"**digit=test-{index}")
    page.get_by_role("link", name="One digit", exact=True).click()
    page.wait_for_selector(f'.st-key-panel_maps .mv-figure[data-shows="test-{index}"]', timeout=60_000)
