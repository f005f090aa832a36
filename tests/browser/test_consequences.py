"""With or without? One button in a real browser: networks are trained while the page waits for the answer."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_viz.jobs import contests
from mnist_viz.runs import derived
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.training.contest import Contest
from tests.browser.conftest import ready, still
from tests.servers import Server


def top_of(shown: Locator) -> float:
    """How far down the page the picture in a figure begins, in pixels."""
    return still(shown.locator(".mv-plot"))["y"]


@pytest.mark.timeout(300)
def test_a_press_has_both_sides_trained_and_the_answer_comes_by_itself(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/prepare?stage=consequences&test_digits=300&test_network=mlp&test_seeds=10")
    ready(page)
    page.locator(".st-key-test_step_shown input").click()
    page.get_by_role("option", name="Median", exact=True).click()
    expect(page.get_by_text("Does mlp read more validation digits with a median of 3 × 3 pixels")).to_be_visible()
    curves, differences = page.locator(".st-key-contest_curves"), page.locator(".st-key-contest_differences")
    for one in (curves, differences):
        expect(one.locator(".main-svg").first).to_be_visible()
    tops = [top_of(one) for one in (curves, differences)]
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(curves.get_by_text("Networks")).to_be_visible()
    assert [top_of(one) for one in (curves, differences)] == tops, "no picture moves when the training begins"
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    growing = curves.get_by_text(re.compile("(the first pair|mean and range of [2-9] networks)"))
    expect(growing).to_be_visible(timeout=200_000)
    expect(page.get_by_text("of the validation digits are read right with a median")).to_be_visible(timeout=200_000)
    expect(curves.locator(".annotation", has_text="without")).to_be_visible()
    expect(differences.locator(".ytick")).to_have_count(11)
    assert [top_of(one) for one in (curves, differences)] == tops, "nor when it ends"
    expect(page.get_by_role("button", name="Compare", exact=True)).to_have_count(0)
    words = ("test_step=median", "test_digits=300", "test_network=mlp", "test_seeds=10")
    page.wait_for_url(lambda url: all(word in url for word in words))
    page.get_by_role("link", name="Train with this preparation").click()
    page.wait_for_url("**/train?**preparation=median3**")


def test_the_longest_answer_has_no_more_than_two_lines(server: Server, page: Page) -> None:
    contest = Contest("shift", 5, 45, 3000, "mlp", 10)
    table = np.full((2, contest.seeds, contest.epochs), 0.954449)
    table[1] = 0.941151 + 0.003 * np.linspace(-1, 1, contest.seeds)[:, np.newaxis]
    run = Store(server.runs, cache=server.home / "cache").run(PRETRAINED)
    derived.put(run, contests.NO_STEP, f"contest_{contest.name}", contests.VERSION, table)
    words = "test_step=shift&test_setting=5&test_noise=45&test_digits=3000&test_network=mlp&test_seeds=10"
    page.goto(f"{server.url}/prepare?stage=consequences&{words}")
    ready(page)
    said = page.locator(".st-key-steady_answer p")
    expect(said).to_contain_text("noisy validation digits (45 %) are read right with digits shifted by up to ±5 px")
    expect(said).to_contain_text("points before rounding, 95 % interval")
    assert said.evaluate("one => Math.round(one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight))") == 2


def test_a_title_that_grows_with_the_pairs_moves_no_picture(server: Server, page: Page) -> None:
    rooms: dict[int, set[int]] = {390: set(), 1024: set()}
    for seeds, title in ((5, "Accuracy: mean and range of 5 networks"), (10, "Accuracy of both sides")):
        page.goto(f"{server.url}/prepare?stage=consequences&test_seeds={seeds}")
        ready(page)
        curves = page.locator(".st-key-contest_curves")
        expect(curves.locator(".mv-title")).to_have_text(title)
        expect(curves.locator(".main-svg").first).to_be_visible(timeout=60_000)
        for width, seen in rooms.items():
            page.set_viewport_size({"width": width, "height": 844})
            seen.add(round(top_of(curves) - still(curves)["y"]))
    assert all(len(seen) == 1 for seen in rooms.values()), rooms
