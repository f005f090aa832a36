"""How fast the pages answer in a real Chromium, and how much memory the server and a viewer take."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from tests import servers
from tests.benchmarks.measure import Measure
from tests.browser.conftest import ARGUMENTS, chromium, ready
from tests.servers import Server

NAMES = ("Mistakes", "The digits", "One digit", "Train")
VIEWERS = 20
DIGITS = 12


@contextmanager
def app(**env: str) -> Iterator[tuple[Server, Browser]]:
    """A fresh app, with more in its environment, and a Chromium."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=ARGUMENTS)
        with servers.running(Path(folder), env=env) as server:
            yield server, browser
        browser.close()


def visitor(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 1280, "height": 720}).new_page()


def painted(page: Page, key: str) -> None:
    """Wait until the figure of this key is drawn."""
    page.wait_for_selector(f".st-key-{key} .main-svg")


def first_page() -> tuple[float, str]:
    """Seconds from the start command to the first page with its pictures; median of three."""
    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=ARGUMENTS)
        for _attempt in range(4):  # the first one warms the disk
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                page = visitor(browser)
                begin = time.perf_counter()
                with servers.running(Path(folder)) as server:
                    page.goto(server.url)
                    painted(page, "overview_curve")
                    times.append(time.perf_counter() - begin)
                page.context.close()
        browser.close()
    return statistics.median(times[1:]), "median of 3, warm disk, pictures drawn"


def page_change() -> tuple[float, str]:
    """Seconds from the click on a page that was open before to its pictures; median."""
    keys = {"Mistakes": "confusion", "The digits": "digit_large", "One digit": "panel_maps", "Train": "curve"}
    times = []
    with app() as (server, browser):
        page = visitor(browser)
        page.goto(server.url)
        for turn in range(4):
            for name in NAMES:
                begin = time.perf_counter()
                page.get_by_role("link", name=name, exact=True).click()
                painted(page, keys[name])
                ready(page)
                if turn:
                    times.append(time.perf_counter() - begin)
    return statistics.median(times), f"median of {len(times)}, slowest {max(times):.2f} s"


CLICK = """([number]) => new Promise(done => {
  const tile = document.querySelectorAll('.mv-grid button')[number];
  const maps = document.querySelector('.st-key-panel_maps .mv-figure');
  const begin = performance.now();
  new MutationObserver((_, watch) => {
    if (maps.dataset.shows !== tile.dataset.id) return;
    watch.disconnect();
    requestAnimationFrame(() => done((performance.now() - begin) / 1000));
  }).observe(maps, { attributes: true });
  tile.click();
})"""


def _clicks(page: Page, count: int) -> list[float]:
    """Seconds from the click on each digit of the mistakes to the frame with its maps, by the browser's clock."""
    times = []
    for number in range(3, count + 3):
        times.append(float(page.evaluate(CLICK, [number])))
        page.wait_for_timeout(300)
    return times


def _mistakes(server: Server, browser: Browser) -> Page:
    page = visitor(browser)
    page.goto(f"{server.url}/mistakes")
    painted(page, "panel_maps")
    ready(page)
    page.wait_for_timeout(3000)  # the warm-up behind the first page is over
    return page


def first_look() -> tuple[float, str]:
    """Seconds from the click on a digit to its three maps for two classes; median."""
    with app() as (server, browser):
        times = _clicks(_mistakes(server, browser), DIGITS)
    return statistics.median(times), f"median of {DIGITS}, slowest {max(times):.2f} s"


def second_look() -> tuple[float, str]:
    """The same for digits that were looked at before; median."""
    with app() as (server, browser):
        page = _mistakes(server, browser)
        _clicks(page, DIGITS)
        times = _clicks(page, DIGITS)
    return statistics.median(times), f"median of {DIGITS}, slowest {max(times):.2f} s"


STEP = """() => {
  const pictures = ['network', 'opened'].map(key => document.querySelector(`.st-key-${key} .mv-figure`));
  const before = pictures.map(one => one.dataset.shows);
  window.took = null;
  addEventListener('keydown', () => {
    const begin = performance.now();
    const watch = new MutationObserver(() => {
      if (pictures.some((one, at) => one.dataset.shows === before[at])) return;
      watch.disconnect();
      requestAnimationFrame(() => { window.took = (performance.now() - begin) / 1000; });
    });
    for (const one of pictures) watch.observe(one, { attributes: true });
  }, { once: true, capture: true });
}"""


def _steps(page: Page, key: str, count: int) -> list[float]:
    """Seconds from the key on the checkpoint slider to the redrawn network and layer, by the browser's clock."""
    times = []
    for _press in range(count):
        page.locator(".st-key-step input").focus()
        page.evaluate(STEP)
        page.keyboard.press(key)
        page.wait_for_function("window.took !== null")
        times.append(float(page.evaluate("window.took")))
        page.wait_for_timeout(300)
    return times


def step_again() -> tuple[float, str]:
    """Seconds from an arrow key on the checkpoint slider to what is inside the network, seen before; median."""
    with app() as (server, browser):
        page = visitor(browser)
        page.goto(f"{server.url}/features")
        painted(page, "opened")
        ready(page)
        page.wait_for_timeout(3000)  # the warm-up behind the first page is over
        _steps(page, "ArrowLeft", 6)
        times = _steps(page, "ArrowRight", 6) + _steps(page, "ArrowLeft", 6)
    return statistics.median(times), f"median of {len(times)}, slowest {max(times):.2f} s"


WATCH = """seconds => new Promise(done => {
  const seen = new Set(), end = performance.now() + 1000 * seconds;
  const look = () => {
    seen.add(document.querySelector('.st-key-curve .scatterlayer .trace path.js-line')?.getAttribute('d'));
    if (performance.now() < end) setTimeout(look, 20); else done(seen.size);
  };
  look();
})"""


def live_redraws() -> tuple[float, str]:
    """Distinct redraws of the curve a second while `fast_cnn` trains on the same machine."""
    with app() as (server, browser):
        page = visitor(browser)
        page.goto(f"{server.url}/train?epochs=2")
        painted(page, "curve")
        ready(page)
        page.wait_for_timeout(5000)
        page.get_by_role("button", name="Start training").click()
        page.wait_for_function(
            "document.querySelector('.st-key-curve .mv-status dd')?.textContent.includes('/ 430')", timeout=60_000
        )
        page.wait_for_timeout(1500)
        seen = float(page.evaluate(WATCH, 6))
        page.get_by_role("button", name="Stop and keep").click()
        page.get_by_role("button", name="Start training").wait_for(timeout=60_000)
    return seen / 6, "over 6 s of training with the preset live"


def _resident(server: Server) -> float:
    """Memory of the server in MB."""
    return float(psutil.Process(server.process.pid).memory_info().rss) / 1e6


def _tour(server: Server, browser: Browser) -> Page:
    page = visitor(browser)
    for name in ("", "data", "data?view=pixels", "train", "mistakes", "digit"):
        page.goto(f"{server.url}/{name}")
        ready(page)
        page.wait_for_timeout(500)
    return page


def server_memory() -> tuple[float, str]:
    """MB of the server once every page was seen and torch and captum are warm."""
    with app() as (server, browser):
        _tour(server, browser)
        time.sleep(8)
        return _resident(server), "resident, every page seen once"


def viewer_memory() -> tuple[float, str]:
    """MB that one more viewer of the mistakes adds, from twenty."""
    with app() as (server, browser):
        _tour(server, browser)
        pages = [_mistakes(server, browser)]
        time.sleep(5)
        before = _resident(server)
        for _viewer in range(VIEWERS):
            pages.append(visitor(browser))
            pages[-1].goto(f"{server.url}/mistakes")
            painted(pages[-1], "panel_maps")
        time.sleep(3)
        return (_resident(server) - before) / VIEWERS, f"from {VIEWERS} viewers of the mistakes"


MEASURES = {
    "first_page": Measure(first_page, "s", 5.0),
    "page_change": Measure(page_change, "s", 1.0),
    "digit_to_maps_first": Measure(first_look, "s", 1.0),
    "digit_to_maps_again": Measure(second_look, "s", 0.25),
    "step_again": Measure(step_again, "s", 0.25),
    "live_redraws": Measure(live_redraws, "1/s", 4.0, least=True),
    "server_memory": Measure(server_memory, "MB", 1200.0),
    "viewer_memory": Measure(viewer_memory, "MB", 2.0),
}
