"""What the page adds to UMAP called by hand, and how soon the digit under the pointer is seen."""

import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
from playwright.sync_api import Page

from tests.benchmarks.browsing import app, visitor
from tests.benchmarks.measure import Measure
from tests.browser.conftest import ready
from tests.browser.test_map import SPOTS, alone
from tests.servers import ROOT, Server, environment

WARM, MEASURED = 64, (8, 16, 32)  # checkpoints of the shipped run whose maps do not ship
MINUTES = 10 * 60_000
DIRECT = """
import json, sys, time
from mnist_viz.analysis import embedding
from mnist_viz.runs.features import features
from mnist_viz.runs.store import Store
import umap
run, times = Store.default().run("pretrained"), []
for step in json.loads(sys.argv[1]):
    seen = features(run, step, "test")
    begin = time.perf_counter()
    umap.UMAP(**embedding.parameters()).fit_transform(seen)
    times.append(time.perf_counter() - begin)
print(json.dumps(times))
"""
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
    """Seconds from the click to the map that is drawn, and to the answer that says it is there to be drawn."""
    answered: list[float] = []
    page.on("response", lambda one: answered.append(time.perf_counter()) if "/api/maps/" in one.url else None)
    page.goto(f"{server.url}/embedding?step={step}")
    ready(page)
    page.wait_for_selector('.st-key-map_figure .mv-figure[data-shows^="pca"]', timeout=60_000)
    page.wait_for_timeout(1000)
    button = page.get_by_role("button", name="Compute UMAP")
    begin = time.perf_counter()
    button.click()
    page.wait_for_selector('.st-key-map_figure .mv-figure[data-shows^="umap"]', timeout=MINUTES)
    return time.perf_counter() - begin, answered[-1] - begin


def umap_through_the_page() -> tuple[float, str]:
    """UMAP of 10,000 digits from the click to the map, over `umap.UMAP` called with the same parameters, both warm."""
    steps = json.dumps([WARM, *MEASURED])
    with app() as (server, browser):
        page = visitor(browser)
        measured = [_through_the_page(server, page, step) for step in (WARM, *MEASURED)][1:]
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", DIRECT, steps],
            cwd=ROOT,
            env={**environment(server.home), "OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "passive")},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    called = json.loads(done.stdout.splitlines()[-1])[1:]
    drawn, there = (statistics.median(times) for times in zip(*measured, strict=True))
    direct = statistics.median(called)
    detail = f"{drawn:.1f} s by {direct:.1f} s, medians of {len(called)} checkpoints; before it is drawn {there:.1f} s"
    return drawn / direct, detail


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
