"""Drawing on the window's picture in a real browser: the preview and the answer are torch's on the very bytes drawn."""

import base64
import re
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Page, expect
from torch.nn import functional

from mnist_viz.analysis import kernels
from mnist_viz.data import mnist
from mnist_viz.data.preparation import prepare
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import Store
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.fit import network, take_mean
from tests.browser.conftest import ready, still
from tests.browser.test_window_steps import COUNT_ANSWERS, READ, answered, is_true, open_window
from tests.servers import Server

PLACES = (0.2, 0.43, 0.47, 0.5, 0.53, 0.8)  # from the upper to the lower edge of what comes out
Drawn = np.ndarray[Any, np.dtype[np.uint8]]


def begin(page: Page, server: Server, link: str) -> list[Drawn]:
    """A sheet of paper under the window; to what is returned each drawing is added that is sent to the server."""
    sent: list[Drawn] = []

    def look(frame: str | bytes) -> None:
        found = re.search(
            rb'drawn[\\\\]*":\s*[\\\\]*"([A-Za-z0-9+/]{1046}==)', frame if isinstance(frame, bytes) else b""
        )
        if found:
            sent.append(np.frombuffer(base64.b64decode(found[1]), np.uint8).reshape(28, 28))

    page.on("websocket", lambda socket: socket.on("framesent", look))
    open_window(page, server, link)
    page.get_by_role("button", name="Draw your own").click()
    expect(page.locator(".mv-win-hint")).to_have_text("Draw here", timeout=20_000)
    return sent


def light(page: Page, high: float, *, choose: bool = False) -> dict[str, Any]:
    """What is read off the page with the cell at this height of the output lit, which stays so where it is chosen."""
    box = still(page.locator(".mv-win-out canvas"))
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + high * box["height"])
    if choose:
        page.mouse.down()
        page.mouse.up()
        page.wait_for_url(re.compile("cell_at="))
        ready(page)
    found: dict[str, Any] = page.evaluate(READ)
    return found


def stroke(page: Page, high: float, sent: list[Drawn]) -> tuple[dict[str, Any], Drawn]:
    """Draw across at this height: what stood on the page before the pen was lifted, and the drawing that was sent."""
    drawings = len(sent)
    box = still(page.locator(".mv-win-in canvas"))
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + high * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + high * box["height"], steps=6)
    before: dict[str, Any] = page.evaluate(READ)
    page.evaluate(COUNT_ANSWERS)
    page.mouse.up()
    page.wait_for_function("window.answers > 0", timeout=20_000)
    while len(sent) == drawings:  # the first answer may be to what was done before
        page.wait_for_timeout(100)
    return before, sent[-1]


def as_pixels(drawn: Drawn) -> torch.Tensor:
    return torch.tensor(drawn).float().div(255)[None, None]


def test_a_drawing_is_seen_at_once_and_then_computed(server: Server, page: Page) -> None:
    sent = begin(page, server, "operate=own&weights=horizontal3")
    kernel = torch.tensor(kernels.preset("horizontal", 3))[None, None]
    light(page, 0.5, choose=True)
    preview, drawn = stroke(page, 0.5, sent)
    given = as_pixels(drawn)
    out = functional.conv2d(given, kernel, padding=1)
    answered(page, out)
    assert max(preview["window"]) > 0.9
    for read in (preview, *(light(page, high) for high in PLACES)):
        is_true(read, given, kernel, out, padding=1, stride=1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".mv-win-hint")).to_be_visible()
    assert light(page, 0.5)["sum"] == 0
    page.get_by_role("button", name="Back to the digit").click()
    expect(page.locator(".mv-win-in figcaption")).to_have_text("test-3520")


@torch.inference_mode()
def test_each_stroke_is_added_to_the_drawing_and_not_to_what_the_run_makes_of_it(server: Server, page: Page) -> None:
    config = TrainConfig.from_preset("live", architecture="fast_cnn", preparation="noise20", scaling="mean_image")
    run, model = Store(server.runs).create(config.as_dict()), network(config).eval()
    take_mean(model, mnist.digits("train"), config)
    checkpoints.save(run, 0, model)
    kernel: torch.Tensor = model.conv1.weight[3:4]  # type: ignore[union-attr, index]
    sent = begin(page, server, f"run={run.id}&filter=3")
    light(page, 0.5, choose=True)
    before = np.zeros((28, 28), np.uint8)
    for high in (0.5, 0.6):
        preview, drawn = stroke(page, high, sent)
        assert (drawn >= before).all() and (drawn > before).sum() > 20
        assert not drawn[:8].any() and not drawn[24:].any() and not drawn[:, :4].any() and not drawn[:, 24:].any()
        plain, seen = (model.scale(as_pixels(one)) for one in (drawn, prepare(drawn[np.newaxis], "noise20")[0]))
        is_true(preview, plain, kernel, functional.conv2d(plain, kernel, stride=2, padding=2), padding=2, stride=2)
        out = functional.conv2d(seen, kernel, stride=2, padding=2)
        answered(page, out)
        for read in [light(page, place) for place in PLACES]:
            is_true(read, seen, kernel, out, padding=2, stride=2)
        before = drawn
