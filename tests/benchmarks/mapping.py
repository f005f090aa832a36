"""What the page adds to UMAP called by hand, and how soon the digit under the pointer is seen."""

import os
import statistics
import subprocess
import sys
from typing import Any

import numpy as np
from playwright.sync_api import Page

from tests.benchmarks.browsing import app, visitor
from tests.benchmarks.measure import Measure
from tests.browser.conftest import ready
from tests.browser.test_map import SPOTS, alone
from tests.servers import ROOT, Server, environment

WARM, MEASURED = 64, (4, 8, 16, 32, 128)  # checkpoints of the shipped run whose maps do not ship
MINUTES = 10 * 60_000
DIRECT = """
import sys, time
from mnist_viz.analysis import embedding
from mnist_viz.runs.features import features
from mnist_viz.runs.store import Store
import umap
run = Store.default().run("pretrained")
for step in sys.stdin:
    seen = features(run, int(step), "test")
    begin = time.perf_counter()
    umap.UMAP(**embedding.parameters()).fit_transform(seen)
    print(time.perf_counter() - begin, flush=True)
"""
CLICK = """button => {
  const frame = document.querySelector('.st-key-map_figure .mv-figure'), ask = window.fetch;
  Object.assign(window, { clicked: performance.now(), answered: null, drawn: null });
  window.fetch = async (address, ...rest) => {
    const answer = await ask(address, ...rest);
    if (String(address).includes('api/maps/')) window.answered = performance.now();
    return answer;
  };
  new MutationObserver((_, watch) => {
    if (!frame.dataset.shows.startsWith('umap')) return;
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = performance.now(); }));
  }).observe(frame, { attributes: true, attributeFilter: ['data-shows'] });
  button.click();
}"""
HOVER = """([x, y]) => new Promise(done => {
  const picture = document.querySelector('.st-key-map_figure .mv-thumbnail');
  const target = document.elementFromPoint(x, y), begin = performance.now();
  new MutationObserver((_, watch) => {
    if (picture.hidden) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - begin));
  }).observe(picture, { attributes: true });
  target.dispatchEvent(new MouseEvent('mousemove', { clientX: x, clientY: y, bubbles: true, view: window }));
})"""


def _through_the_page(server: Server, page: Page, step: int) -> tuple[float, float]:
    """Seconds from the click to the frame with the map, and to the answer that it is there, by the browser's clock."""
    page.goto(f"{server.url}/embedding?step={step}")
    ready(page)
    page.wait_for_selector('.st-key-map_figure .mv-figure[data-shows^="pca"]', timeout=60_000)
    while not list(server.home.glob(f"cache/*/{step:08d}/umap_distances-*")):  # which are looked for meanwhile
        page.wait_for_timeout(200)
    page.wait_for_timeout(1000)
    page.get_by_role("button", name="Compute UMAP").evaluate(CLICK)
    page.wait_for_function("window.drawn", timeout=MINUTES, polling=500)  # by default it asks in every frame
    clicked, answered, drawn = page.evaluate("[window.clicked, window.answered, window.drawn]")
    return (drawn - clicked) / 1000, (answered - clicked) / 1000


def _directly(process: subprocess.Popen[str], step: int) -> float:
    """Seconds that the call alone takes in a process that does nothing else."""
    assert process.stdin and process.stdout
    print(step, file=process.stdin, flush=True)
    return float(process.stdout.readline())


def umap_through_the_page() -> tuple[float, str]:
    """UMAP of 10,000 digits from the click to the map, over `umap.UMAP` called with the same parameters, both warm.

    The page is open before the click, as it is for a visitor, and looks for the neighbours until then. By turns,
    because a machine that is shared is faster at one moment than at another.
    """
    with app(MNIST_VIZ_AHEAD="1") as (server, browser):
        page = visitor(browser)
        passive = {"OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "passive")}
        command = [sys.executable, "-W", "ignore", "-c", DIRECT]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=ROOT, env={**environment(server.home), **passive}, **pipes) as direct:
            both = [(*_through_the_page(server, page, step), _directly(direct, step)) for step in (WARM, *MEASURED)]
            direct.communicate()  # the end of what it hears is its end
    drawn, there, called = (statistics.mean(times) for times in zip(*both[1:], strict=True))
    detail = f"{drawn:.1f} s by {called:.1f} s, means of {len(MEASURED)} checkpoints; before it is drawn {there:.1f} s"
    return drawn / called, detail


def hover() -> tuple[float, str]:
    """Milliseconds from the pointer's move to the frame with the digit under it, none of them seen before; median."""
    times = []
    with app() as (server, browser):
        page = visitor(browser)
        page.goto(f"{server.url}/embedding?map=pca")
        ready(page)
        page.wait_for_selector('.st-key-map_figure .mv-figure[data-shows^="pca"]', timeout=60_000)
        page.wait_for_timeout(4000)
        spots = np.array(page.locator(".st-key-map_figure .mv-plot").evaluate(SPOTS))
        for index in alone(spots, 25):
            page.mouse.move(5, 5)
            page.wait_for_timeout(150)
            times.append(float(page.evaluate(HOVER, spots[index].tolist())))
    return statistics.median(times), f"median of {len(times)}, slowest {max(times):.0f} ms"


MEASURES = {
    "map_hover": Measure(hover, "ms", 125.0),
    "umap_through_the_page": Measure(umap_through_the_page, "ratio", 1.05),
}
