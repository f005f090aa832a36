"""The pad in a real browser: it answers while one draws, without the page; and all of it can be had by keys."""

import base64

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, Request, expect

from mnist_viz.data import drawing
from tests.benchmarks.drawing import ANSWERED, draw
from tests.benchmarks.handwriting import strokes
from tests.browser.conftest import quiet, ready, still
from tests.servers import Server

READ = "[...document.querySelectorAll('.mv-pad-bars li')].findIndex((row) => 'read' in row.dataset)"
INK = """() => {
  const pad = document.querySelector('.mv-pad-ink');
  const pixels = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data;
  let ink = '';
  for (let at = 3; at < pixels.length; at += 4) ink += String.fromCharCode(pixels[at]);
  return btoa(ink);
}"""


def answered(page: Page) -> int:
    """As what the pad reads what is on it now."""
    page.wait_for_function(ANSWERED)
    return int(page.evaluate(READ))


def at_the_pad(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/draw")
    ready(page)
    page.wait_for_selector(".mv-pad-bars [data-read]", timeout=60_000)
    still(page.locator(".mv-pad-ink"))


def test_a_drawing_is_read_while_it_is_drawn_and_the_page_does_not_run(server: Server, page: Page) -> None:
    frames: list[object] = []
    asked: list[Request] = []

    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))  # noqa: PLW0108  it sets attributes on it
    page.on("request", lambda sent: asked.append(sent) if sent.url.endswith("/predict") else None)
    at_the_pad(page, server)
    quiet(page, frames)
    frames.clear()
    asked.clear()
    (line,) = strokes(1, 3)
    box = page.locator(".mv-pad-ink").bounding_box()
    assert box
    page.mouse.move(box["x"] + line[0, 0] * box["width"], box["y"] + line[0, 1] * box["height"])
    page.mouse.down()
    for half in np.array_split(line[1:], 2):
        asked.clear()
        for x, y in half.tolist():
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        assert answered(page) == 1
        assert asked
    assert all(len(one.post_data_buffer or b"") == 784 for one in asked)
    assert not frames, "the page was asked while the pen was down"
    page.mouse.up()
    expect(page.get_by_text("in your drawing")).to_contain_text("reads a 1", timeout=60_000)
    expect(page.locator(".st-key-pad_saliency .main-svg").first).to_be_visible(timeout=60_000)


def test_the_network_gets_what_python_makes_of_the_same_ink(server: Server, page: Page) -> None:
    sent: list[bytes] = []
    page.on("request", lambda one: sent.append(one.post_data_buffer or b"") if one.url.endswith("/predict") else None)
    at_the_pad(page, server)
    for digit, seed in ((4, 1), (8, 2), (0, 5)):
        draw(page, strokes(digit, seed))
        assert answered(page) == digit
        ink = np.frombuffer(base64.b64decode(page.evaluate(INK)), np.uint8).reshape(448, 448)
        assert ink.max() == 255
        seen = np.frombuffer(sent[-1], np.uint8).reshape(28, 28).astype(int)
        assert np.abs(seen - drawing.centred(ink)).max() <= 1
        shown = page.evaluate(
            "[...document.querySelector('[data-shows=raw]').getContext('2d').getImageData(0, 0, 28, 28).data]"
        )
        assert np.abs(np.array(shown)[3::4].reshape(28, 28) - drawing.raw(ink).astype(int)).max() <= 1
        page.get_by_role("button", name="Clear").click()


def test_strokes_are_taken_back_one_by_one_with_the_key_and_the_button(server: Server, page: Page) -> None:
    at_the_pad(page, server)
    empty = page.evaluate(INK)
    seven, bar = strokes(7, 0)[:1], strokes(4, 0)
    draw(page, seven)
    before = page.evaluate(INK)
    draw(page, bar)
    for _stroke in bar:
        page.keyboard.press("Backspace")
    assert page.evaluate(INK) == before
    page.get_by_role("button", name="Undo stroke").click()
    assert page.evaluate(INK) == empty
    expect(page.get_by_role("button", name="Undo stroke")).to_be_disabled()


def test_a_drawing_is_looked_at_inside_the_network_and_leads_to_a_digit_like_it(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/draw?look=layers&layer=norm1")
    ready(page)
    page.wait_for_selector(".mv-pad-bars [data-read]", timeout=60_000)
    expect(page.get_by_text("once you have drawn a digit")).to_be_visible()
    draw(page, strokes(4, 1))
    expect(page.get_by_text("norm1 (BatchNorm2d): 16 maps of 14 × 14")).to_be_visible(timeout=60_000)
    page.locator(".st-key-network .mv-figure").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("activation1 (ReLU): 16 maps of 14 × 14")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("once you have drawn a digit")).to_be_visible(timeout=60_000)
    page.locator(".mv-pad-ink").scroll_into_view_if_needed()
    draw(page, strokes(1, 3))
    expect(page.get_by_text("activation1 (ReLU): 16 maps of 14 × 14")).to_be_visible(timeout=60_000)
    page.get_by_role("radio", name="Ten nearest digits").click()
    expect(page.locator(".st-key-pad_nearest .mv-grid button")).to_have_count(10, timeout=60_000)
    first = page.locator(".st-key-pad_nearest .mv-grid button").first
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true", timeout=60_000)
    page.wait_for_url(lambda url: "look=nearest" in url and "digit=test-" in url)


def touch(session: CDPSession, kind: str, points: list[tuple[float, float]]) -> None:
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})


def test_a_finger_draws_on_a_phone_and_the_page_stays_where_it_is(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    at_the_pad(page, server)
    pad = page.locator(".mv-pad-ink")
    pad.scroll_into_view_if_needed()
    before = still(pad)
    assert before["width"] > 300
    session = context.new_cdp_session(page)
    (line,) = strokes(1, 3)
    points = [(before["x"] + x * before["width"], before["y"] + y * before["height"]) for x, y in line.tolist()]
    touch(session, "touchStart", points[:1])
    for point in points[1:]:
        touch(session, "touchMove", [point])
    touch(session, "touchEnd", [])
    assert answered(page) == 1
    assert pad.bounding_box() == before
    context.close()


def test_a_digit_is_changed_by_keys_alone_and_the_link_carries_it(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/draw?digit=test-18")
    ready(page)
    page.get_by_role("radio", name="Draw one").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    slider = page.get_by_role("slider", name="Moved right")
    expect(slider).to_be_visible(timeout=60_000)
    expect(page.locator(".st-key-endurance .main-svg").first).to_be_visible(timeout=60_000)
    slider.focus()
    for _press in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Moved right: it")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(1000)
    ready(page)
    page.wait_for_url(lambda url: "right=2" in url and "hand=change" in url)
    page.reload()
    ready(page)
    expect(page.get_by_text("Moved right: it")).to_be_visible(timeout=60_000)
    expect(slider).to_have_value("2")


def test_on_a_phone_the_changed_digit_stays_in_sight_above_the_sliders(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server.url}/draw?hand=change&digit=test-18")
    ready(page)
    picture = page.locator(".st-key-changed_digit .mv-plot")
    expect(picture.locator(".main-svg").first).to_be_visible(timeout=60_000)
    for name in ("Moved right", "Contrast"):
        slider = page.get_by_role("slider", name=name)
        slider.evaluate("node => node.scrollIntoView({ block: 'center' })")
        above, below = still(picture), still(slider)
        assert 0 < above["y"] < above["y"] + above["height"] < below["y"] < 844
    context.close()
