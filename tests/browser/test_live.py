"""A training led while it goes on: a setting changed by clicks is marked on the curve, a step by hand has its parts."""

from playwright.sync_api import Page, expect

from mnist_viz.runs.records import Record, read_all
from tests.browser.conftest import ready, until
from tests.browser.test_training import LONG, newest, own_server, start, steps
from tests.servers import Server

__all__ = ["own_server"]
PLOT = "document.querySelector('.st-key-curve .mv-plot')"
MARKS = f"""[...({PLOT}?.data ?? [])].filter(({{meta, mode}}) => meta === 'mark' && mode === 'text')
  .map(({{x, text}}) => [x[0], text.map((word) => word.trim())])"""
STEPS = f"[...({PLOT}?.data?.[0].x ?? [])]"


def changes(server: Server) -> list[Record]:
    return [one for one in read_all(newest(server)) if one["kind"] == "command"]


def test_a_rate_changed_by_clicks_is_marked_on_the_same_curve_and_what_is_inside_goes_on(
    own_server: Server, page: Page
) -> None:
    start(page, own_server, LONG)
    until(lambda: steps(own_server) > 5)
    page.wait_for_function(f"window.plotNode = {PLOT}")
    page.get_by_text("Inside the training").click()
    for title in ("How long each layer's gradient is", "Dead units of each ReLU (%)", "Their gradients"):
        expect(page.get_by_text(title, exact=True)).to_be_visible(timeout=15_000)
    points = "document.querySelector('.st-key-inside_gradients .mv-plot')?.data?.[0].x.length ?? 0"
    until(lambda: page.evaluate(points) > 2)
    seen = page.evaluate(points)
    page.get_by_role("button", name="Change …").click()
    rate, apply = page.get_by_label("Learning rate (peak)"), page.get_by_role("button", name="Apply", exact=True)
    rate.fill("77")
    apply.click()
    refusal = page.get_by_text(
        "“Learning rate (peak)” can be a number from 0.000001 to 10, not 77. Nothing was changed."
    )
    expect(refusal).to_be_visible()
    rate.fill("0.002")
    apply.click()
    until(lambda: len(page.evaluate(MARKS)) == 2, 20)
    expect(refusal).to_have_count(0)
    # The row stays open, and says what is now; while the page is made anew the row before may still be there.
    until(lambda: rate.evaluate_all("fields => fields.map(({ value }) => value)") == ["0.002"])
    (obeyed,) = changes(own_server)
    assert obeyed["settings"] == {"rate": 0.002}
    until(lambda: page.evaluate(MARKS) == [[obeyed["step"], ["rate 0.002"]]] * 2, 20)  # they may be drawn anew just now
    until(lambda: len(page.evaluate(STEPS)) > obeyed["step"] + 5)
    assert page.evaluate(f"{PLOT} === window.plotNode"), "mounted anew"
    drawn = page.evaluate(STEPS)
    recorded = [one["step"] for one in read_all(newest(own_server)) if one["kind"] == "step"]
    assert drawn == recorded[: len(drawn)]
    until(lambda: page.evaluate(points) > seen)
    page.get_by_role("button", name="Augmentation").click()
    page.get_by_label("Turned (±").fill("12")
    page.keyboard.press("Escape")
    apply.click()
    until(lambda: [one["settings"] for one in changes(own_server)] == [{"rate": 0.002}, {"rotation": 12.0}], 20)
    page.reload()
    until(lambda: page.evaluate(MARKS) == [[obeyed["step"], ["rate 0.002", "turned by ±12°"]]] * 2, 20)


def test_a_step_by_hand_shows_its_five_parts(own_server: Server, page: Page) -> None:
    start(page, own_server, LONG)
    until(lambda: steps(own_server) > 3)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible(timeout=15_000)
    cards = page.locator(".mv-card")
    expect(cards).to_have_count(0)
    for _click in range(2):
        ready(page)  # a click on what is being made anew is lost
        held = steps(own_server)
        page.get_by_role("button", name="One step").click()
        expect(page.locator(f'.mv-parts[data-step="{held + 1}"]')).to_be_visible(timeout=15_000)
        expect(cards).to_have_count(5)
        made = [one for one in read_all(newest(own_server)) if one["kind"] == "step"][-1]
        assert [cards.nth(at).locator("header b").inner_text() for at in range(5)] == [
            "1 batch", "2 forward", "3 loss", "4 backward", "5 update",
        ]  # fmt: skip
        assert cards.nth(0).locator("footer b").inner_text() == "8"
        assert cards.nth(0).locator("canvas").count() == 8
        assert cards.nth(2).locator("footer b").inner_text() == f"{made['loss']:.3f}"
        assert cards.nth(4).locator(".mv-track").count() == 7
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible(timeout=15_000)
    expect(cards).to_have_count(0)
