"""How fast the pad answers, alone and with a hundred drawers, and how many drawn digits it reads."""

import asyncio
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from playwright.sync_api import Browser, Page

from mnist_viz.data import mnist
from tests.benchmarks.browsing import app, visitor
from tests.benchmarks.handwriting import Stroke, strokes
from tests.benchmarks.measure import Measure
from tests.browser.conftest import ready
from tests.servers import Server

DRAWERS, SECONDS, RATE = 100, 10, 5
DRAWN = 200
ANSWERED = "(({ answered, changes }) => answered === changes)(document.querySelector('.mv-pad').dataset)"


def pad(server: Server, browser: Browser) -> Page:
    """A visitor before an empty pad, once all is warm."""
    page = visitor(browser)
    page.goto(f"{server.url}/draw")
    ready(page)
    page.wait_for_selector(".mv-pad-bars [data-read]", timeout=60_000)
    page.wait_for_timeout(6000)  # the warm-up behind the first page is over
    return page


def draw(page: Page, written: list[Stroke]) -> None:
    """Draw with the mouse."""
    box = page.locator(".mv-pad-ink").bounding_box()
    assert box
    for stroke in written:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke.tolist()]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()


# From each pointer event to the frame whose bars know of it.
LATENCIES = """() => {
  const frame = document.querySelector('.mv-pad'), pad = frame.querySelector('.mv-pad-ink'), seen = [];
  window.latencies = [];
  for (const kind of ['pointerdown', 'pointermove', 'keydown']) {
    pad.addEventListener(kind, (event) => {
      if (event.type === 'pointermove' && !event.buttons) return;
      seen.push(event.timeStamp);
    }, true);
  }
  let known = 0;
  new MutationObserver(() => requestAnimationFrame(() => {
    const now = performance.now(), upTo = Number(frame.dataset.answered);
    for (; known < upTo; known += 1) window.latencies.push(now - seen[known]);
  })).observe(frame, { attributes: true, attributeFilter: ['data-answered'] });
}"""


def answer_time() -> tuple[float, str]:
    """Milliseconds from a pointer event to the frame with the bars that know of it; median."""
    with app() as (server, browser):
        page = pad(server, browser)
        page.evaluate(LATENCIES)
        for digit in range(10):
            draw(page, strokes(digit, 1000))
            page.wait_for_timeout(1500)
            page.keyboard.press("Delete")
        times = page.evaluate("window.latencies")
    slow = float(np.quantile(times, 0.95))
    return statistics.median(times), f"median of {len(times)} pointer events of ten digits, 95 % within {slow:.0f} ms"


async def _drawer(host: str, port: int, number: int, begin: float, times: list[float]) -> None:
    """Ask five times a second over one connection, as a browser does."""
    reader, writer = await asyncio.open_connection(host, port)
    image = mnist.digits("test").images[number].tobytes()
    head = (
        f"POST /api/runs/pretrained/215/predict HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Origin: http://{host}:{port}\r\nContent-Length: {len(image)}\r\n\r\n"
    )
    for turn in range(SECONDS * RATE):
        due = begin + (turn + number / DRAWERS) / RATE
        await asyncio.sleep(max(0, due - time.perf_counter()))
        writer.write(head.encode() + image)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        times.append(1000 * (time.perf_counter() - max(due, begin)))
    writer.close()


async def _crowd(server: Server) -> list[float]:
    times: list[float] = []
    host, port = server.url.removeprefix("http://").split(":")
    begin = time.perf_counter() + 1
    await asyncio.gather(*(_drawer(host, int(port), number, begin, times) for number in range(DRAWERS)))
    return times


def crowd() -> tuple[float, str]:
    """Milliseconds within which 95 % of the answers to a hundred drawers arrive, each five strokes a second."""
    with app() as (server, browser):
        page = pad(server, browser)
        page.context.close()
        with ThreadPoolExecutor(1) as elsewhere:  # the browser has a loop of its own here
            times = elsewhere.submit(asyncio.run, _crowd(server)).result()
    each = f"{DRAWERS} drawers, {RATE} strokes a second, {SECONDS} s on loopback"
    return float(np.quantile(times, 0.95)), f"{each}; median {statistics.median(times):.1f} ms"


def recognised() -> tuple[float, str]:
    """Share of drawn digits that are read as what they are, in percent."""
    wrong = []
    with app() as (server, browser):
        page = pad(server, browser)
        for number in range(DRAWN):
            digit = number % 10
            draw(page, strokes(digit, number))
            page.wait_for_function(ANSWERED)
            read = page.evaluate(
                "[...document.querySelectorAll('.mv-pad-bars li')].findIndex(r => 'read' in r.dataset)"
            )
            if read != digit:
                wrong.append(f"{digit}→{read}")
            page.keyboard.press("Delete")
    each = f"{DRAWN} digits by pointer events; misread: {' '.join(wrong) or 'none'}"
    return 100 * (1 - len(wrong) / DRAWN), each


MEASURES = {
    "pad_answer": Measure(answer_time, "ms", 60.0),
    "hundred_drawers": Measure(crowd, "ms", 150.0),
    "drawn_digits_read": Measure(recognised, "%", 95.0, least=True),
}
