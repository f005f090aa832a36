"""The map in a real browser: the digit under the pointer, the digits inside a line, and one digit after the other."""

import itertools

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_viz.data import mnist
from mnist_viz.figures import style
from mnist_viz.jobs import maps
from mnist_viz.runs import derived
from mnist_viz.runs.store import PRETRAINED, Store
from tests.browser.conftest import ready, still
from tests.servers import Server

SPOTS = """node => {
  const { xaxis, yaxis } = node._fullLayout, box = node.getBoundingClientRect();
  return [...node._fullData[0].x].map((x, n) =>
    [box.x + xaxis._offset + xaxis.l2p(x), box.y + yaxis._offset + yaxis.l2p(node._fullData[0].y[n])]);
}"""
INK = """node => [...node.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, n) => n % 4 === 3)"""

FIRST_SHOWN = """() => {
  const frame = document.querySelector('.st-key-map_figure .mv-figure'), plot = frame.querySelector('.mv-plot');
  new MutationObserver(() => {
    window.shown ??= [frame.dataset.shows, plot.layout.annotations.length,
      plot.data.map(({ ids, x, y }) => [[...ids], [...x], [...y]])];
  }).observe(frame, { attributes: true, attributeFilter: ['data-shows'] });
}"""


@pytest.fixture
def spots(server: Server, page: Page) -> np.ndarray:
    """Where each digit's point is on the screen, on a map by PCA that is open."""
    page.goto(f"{server.url}/embedding?map=pca")
    ready(page)
    page.wait_for_selector('.st-key-map_figure .mv-figure[data-shows^="pca"]', timeout=60_000)
    plot = page.locator(".st-key-map_figure .mv-plot")
    still(plot)
    return np.array(plot.evaluate(SPOTS))


def alone(spots: np.ndarray, count: int) -> list[int]:
    """Digits whose points lie farther than others from all others, within the window."""
    inside = np.flatnonzero((spots[:, 1] < 690) & (spots[:, 1] > 240))
    near = [np.sort(np.abs(spots - spots[index]).max(axis=1))[1] for index in inside]
    return [int(index) for index in inside[np.argsort(near)[::-1][:count]]]


def within(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Whether each point (N, 2) lies inside a closed line (K, 2): a ray from it to the right crosses it oddly often."""
    odd = np.zeros(len(points), bool)
    for (x0, y0), (x1, y1) in zip(line, np.roll(line, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        level = (y0 > points[:, 1]) != (y1 > points[:, 1])
        odd ^= level & (points[:, 0] < x0 + (points[:, 1] - y0) * (x1 - x0) / (y1 - y0))
    return odd


def test_every_point_is_its_digits_place_and_hover_shows_its_pixels(page: Page, spots: np.ndarray) -> None:
    run = Store.default().run(PRETRAINED)
    plot = page.locator(".st-key-map_figure .mv-plot")
    drawn = plot.evaluate("node => [...node._fullData[0].x].map((x, n) => [x, node._fullData[0].y[n]])")
    known = maps.pca(run, run.steps[-1])
    assert known is not None
    np.testing.assert_allclose(drawn, known.places, rtol=1e-6)
    assert plot.evaluate("node => node._fullData[0].ids") == [f"test-{index}" for index in range(10_000)]
    colours = plot.evaluate("node => node._fullData[0].marker.color")
    assert colours == [style.DIGITS[label] for label in mnist.digits("test").labels]
    canvas = page.locator(".st-key-map_figure .mv-thumbnail")
    for index in alone(spots, 4):
        page.mouse.move(5, 5)
        expect(canvas).to_be_hidden()
        page.mouse.move(*spots[index])
        expect(canvas).to_be_visible()
        assert canvas.evaluate(INK) == mnist.digits("test").images[index].ravel().tolist()
        label = mnist.digits("test").labels[index]
        expect(page.locator(".st-key-map_figure .hovertext")).to_contain_text(f"labelled {label}")


def test_digit_words_and_title_do_not_cover_each_other_at_any_edge(page: Page, spots: np.ndarray) -> None:
    seen = spots[spots[:, 1] < 690]
    figure = page.locator(".st-key-map_figure")
    for edge in (-seen[:, 0], seen[:, 0], -seen[:, 1], seen[:, 1]):  # left, right, top, bottom
        page.mouse.move(5, 5)
        expect(figure.locator(".mv-thumbnail")).to_be_hidden()
        page.mouse.move(*seen[edge.argmax()])
        expect(figure.locator(".mv-thumbnail")).to_be_visible()
        boxes = [still(figure.locator(name).first) for name in (".mv-thumbnail", ".hovertext", ".mv-title")]
        for one, other in itertools.combinations(boxes, 2):
            across = one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
            down = one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]
            assert not (across and down), (one, other)


def test_a_line_around_points_shows_their_digits(page: Page, spots: np.ndarray) -> None:
    middle = np.median(spots, axis=0)
    corners = middle + np.array([[-40, -60], [70, -30], [20, 50]])
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in [*corners[1:], corners[0]]:
        page.mouse.move(*corner, steps=8)
    page.mouse.up()
    said = page.locator("p", has_text="digits inside the line")
    expect(said).to_be_visible(timeout=30_000)
    plot = page.locator(".st-key-map_figure .mv-plot")
    drawn = plot.evaluate("node => [node.layout.selections[0].path, [...node.data[0].selectedpoints]]")
    line = np.array([pair.split(",") for pair in drawn[0].strip("MZ").split("L")], dtype=float)
    run = Store.default().run(PRETRAINED)
    known = maps.pca(run, run.steps[-1])
    assert known is not None
    wanted = np.flatnonzero(within(known.places.astype(float), line))
    inside = np.array(drawn[1])
    assert len(wanted) > 50 and len(set(wanted) ^ set(inside)) <= 3, "plotly counts by whole pixels on the line itself"
    labels, count = mnist.digits("test").labels, len(inside)
    text = said.inner_text()
    assert text.startswith(f"{count:,} digits inside the line")
    for label, here in enumerate(np.bincount(labels[inside], minlength=10)):
        assert (f"{label} ({here:,})" in text) == (here > 0)

    tile = page.locator(".mv-grid button").last
    name = tile.get_attribute("data-id") or ""
    tile.click()
    page.wait_for_url(f"**digit={name}*")
    expect(page.get_by_text(f"nearest to {name}")).to_be_visible()
    expect(said).to_be_visible()

    page.locator("h1").scroll_into_view_if_needed()
    still(plot)
    spots = np.array(plot.evaluate(SPOTS))
    index = next(one for one in alone(spots, 400) if one not in inside)
    page.mouse.click(*spots[index])
    page.wait_for_url(f"**digit=test-{index}*")
    expect(page.get_by_text(f"nearest to test-{index}")).to_be_visible()
    expect(said).to_have_text(text, use_inner_text=True)
    page.locator("h1").scroll_into_view_if_needed()
    still(plot)
    page.mouse.dblclick(*spots[index] + [0, 3])
    expect(said).to_be_hidden()


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
    expect(page.get_by_text(f"nearest to test-{index}")).to_be_visible()
    ready(page)
    page.get_by_role("link", name="One digit", exact=True).click()
    page.wait_for_selector(f'.st-key-panel_maps .mv-figure[data-shows="test-{index}"]', timeout=60_000)


def test_umap_is_asked_for_and_given_up(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/embedding?step=8")
    ready(page)
    ask, give_up = page.get_by_role("button", name="Compute UMAP"), page.get_by_role("button", name="Cancel")
    for _ in range(2):
        ask.click()
        expect(page.locator(".st-key-map_figure .mv-status")).to_contain_text("gets ready")
        give_up.click()
        expect(ask).to_be_visible()
        expect(page.locator(".st-key-map_figure .mv-status")).to_be_empty()
    expect(page.locator('.mv-figure[data-shows^="pca"]')).to_have_count(1)


def test_the_points_go_to_their_places_as_soon_as_these_are_known(server: Server, browser: Browser) -> None:
    """Two visitors ask; while the first one's map is computed the second's places are found, and the first gives up."""
    pages = [browser.new_context(viewport={"width": 1280, "height": 720}).new_page() for _ in range(2)]
    for page, step in zip(pages, (4, 2), strict=True):
        page.goto(f"{server.url}/embedding?step={step}&colour=right")
        ready(page)
        page.wait_for_selector('.st-key-map_figure .mv-figure[data-shows^="pca"]', timeout=60_000)
        page.get_by_role("button", name="Compute UMAP").click()
        expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    first, second = pages
    expect(second.locator(".st-key-map_figure .mv-status")).to_contain_text("before it: 1")
    second.evaluate(FIRST_SHOWN)

    store = Store(server.runs, cache=server.home / "cache")
    places = np.random.default_rng(0).normal(size=(10_000, 2)).astype(np.float32)
    derived.put(store.run(PRETRAINED), 2, "umap", maps.VERSION, places)
    first.get_by_role("button", name="Cancel").click()
    second.wait_for_function("window.shown", timeout=60_000)
    version, words, traces = second.evaluate("window.shown")
    assert version == maps.version("umap", store.run(PRETRAINED), 2, places) and words == 0, "the page came first"
    assert len(traces) == 2 and len(traces[0][0]) == 10_000 > len(traces[1][0]) > 100, "all, and those read wrongly"
    for ids, across, up in traces:
        indices = [int(address.removeprefix("test-")) for address in ids]
        np.testing.assert_array_equal(np.stack([across, up], axis=1).astype(np.float32), places[indices])

    expect(second.get_by_role("button", name="Cancel")).to_have_count(0)
    second.wait_for_function("document.querySelector('.st-key-map_figure .mv-plot').layout.annotations.length === 10")
    for page in pages:
        page.context.close()


def test_from_a_digit_that_is_not_on_the_map_an_arrow_goes_to_its_nearer_end(server: Server, page: Page) -> None:
    for key, chosen in (("ArrowLeft", "test-9999"), ("ArrowRight", "test-0")):
        page.goto(f"{server.url}/embedding?map=pca&digit=val-3")
        ready(page)
        page.wait_for_selector('.st-key-map_figure .mv-figure[data-shows^="pca"]', timeout=60_000)
        page.locator(".st-key-map_figure .mv-figure").focus()
        page.keyboard.press(key)
        page.wait_for_url(lambda url, digit=chosen: f"digit={digit}" in url)  # type: ignore[misc]


def test_a_finger_on_the_map_scrolls_the_page_and_chooses_by_a_tap(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server.url}/embedding?map=pca")
    ready(page)
    page.wait_for_selector('.st-key-map_figure .mv-figure[data-shows^="pca"]', timeout=60_000)
    plot, main = page.locator(".st-key-map_figure .mv-plot"), page.get_by_test_id("stMain")
    box = still(plot)
    finger = {"x": box["x"] + box["width"] / 2, "y": min(box["y"] + box["height"] / 2, 700)}
    touch = context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    for moved in range(15, 301, 15):
        point = {**finger, "y": finger["y"] - moved}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 100")
    assert plot.locator(".select-outline").count() == 0
    main.evaluate("node => node.scrollTo(0, 0)")
    still(plot)
    page.touchscreen.tap(*np.array(plot.evaluate(SPOTS))[0])
    page.wait_for_url("**digit=test-*")  # which of the points that lie under a finger is not for sure
    context.close()
