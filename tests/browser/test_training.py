"""A training led from the browser: it moves live on one node, pauses, steps, stops, and outlives tab and server."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_viz.runs import commands
from mnist_viz.runs.files import write_whole
from mnist_viz.runs.records import ENDINGS, read_all
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.training.config import TrainConfig
from tests import servers
from tests.browser.conftest import quiet, ready, until
from tests.servers import Server

SMALL = "digits=4096&batch=64"
LONG = "digits=4096&batch=8&epochs=50"


@pytest.fixture
def own_server(server: Server) -> Iterator[Server]:
    """The app with no training going on, before and after."""
    yield server
    for run in Store(server.runs, cache=server.home / "cache").runs():
        if run.id != PRETRAINED and not any(one["kind"] in ENDINGS for one in read_all(run)):
            commands.give(run, "stop")
    until(lambda: not any(psutil.pid_exists(pid) for pid in trainers(server)), 30)


def trainers(server: Server) -> list[int]:
    """The processes that train for this server."""
    folder = str(server.runs)
    found = psutil.process_iter(["cmdline"])
    return [one.pid for one in found if any(word.startswith(folder) for word in one.info["cmdline"] or [])]


def newest(server: Server) -> Run:
    return Store(server.runs, cache=server.home / "cache").runs()[0]


def start(page: Page, server: Server, settings: str) -> None:
    page.goto(f"{server.url}/train?{settings}")
    ready(page)
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("button", name="Stop and keep")).to_be_visible(timeout=30_000)
    page.wait_for_url(lambda url: newest(server).id in url)


def steps(server: Server) -> int:
    return max((record["step"] for record in read_all(newest(server)) if record["kind"] == "step"), default=0)


def test_the_curve_moves_live_on_one_node_without_a_rerun(own_server: Server, page: Page) -> None:
    sent: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _frame: sent.append(1)))
    start(page, own_server, LONG)
    until(lambda: steps(own_server) > 5)
    expect(page.locator(".st-key-step")).to_be_visible(timeout=15_000)  # there are checkpoints to choose from
    quiet(page, sent, 1500)
    page.wait_for_function("window.plotNode = document.querySelector('.st-key-curve .mv-plot')")
    drawn: set[str | None] = set()
    asked = len(sent)
    end = time.monotonic() + 20
    while len(drawn) <= 5:
        assert time.monotonic() < end, f"{len(drawn)} distinct redraws in 20 s"
        drawn.add(drawn_line(page))
    assert page.evaluate("document.querySelector('.st-key-curve .mv-plot') === window.plotNode"), "mounted anew"
    assert len(sent) == asked, "the page was run again"


STEPS = "[...(document.querySelector('.st-key-curve .mv-plot')?.data?.[0].x ?? [])]"


def test_filling_the_screen_keeps_every_point_of_a_live_curve(own_server: Server, page: Page) -> None:
    start(page, own_server, LONG)
    until(lambda: len(page.evaluate(STEPS)) > 20)
    before = len(page.evaluate(STEPS))
    page.locator(".st-key-curve").get_by_role("button", name="Fill the screen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    until(lambda: len(page.evaluate(STEPS)) > before)
    steps_drawn = page.evaluate(STEPS)
    recorded = [record["step"] for record in read_all(newest(own_server)) if record["kind"] == "step"]
    assert steps_drawn == recorded[: len(steps_drawn)]
    page.evaluate("document.exitFullscreen()")


def drawn_line(page: Page) -> str | None:
    return page.locator(".st-key-curve .scatterlayer .trace path.js-line").first.get_attribute("d")


def test_a_training_runs_to_its_end_and_can_be_replayed(own_server: Server, page: Page) -> None:
    start(page, own_server, SMALL)
    expect(page.get_by_text("test digits rightly")).to_be_visible(timeout=90_000)
    assert newest(own_server).id in page.url
    finished = read_all(newest(own_server))[-1]
    assert finished["kind"] == "finished"
    expect(page.get_by_text(f"{100 * finished['test_accuracy']:.2f} %").first).to_be_visible()

    curve = page.locator(".st-key-curve")
    until(lambda: len(page.evaluate(STEPS)) == steps(own_server))
    whole = drawn_line(page)
    curve.get_by_role("button", name="Replay").click()
    until(lambda: drawn_line(page) != whole, 10)
    curve.get_by_label("Speed of the replay").select_option("16")
    until(lambda: drawn_line(page) == whole, 30)


def test_one_click_shows_what_pre_training_brings_beside_nothing(own_server: Server, page: Page) -> None:
    page.goto(f"{own_server.url}/train")
    ready(page)
    page.get_by_role("button", name="Does pre-training help?").click()
    expect(page.get_by_text("Beside it, dashed")).to_be_visible(timeout=120_000)
    dashed = "[...(document.querySelector('.st-key-curve .mv-plot')?.data?.[4]?.x ?? [])].length"
    until(lambda: page.evaluate(dashed) > 5)
    expect(page.get_by_text("a gain of")).to_be_visible(timeout=120_000)
    first = next(run for run in Store(own_server.runs).runs() if run.config.get("then"))
    assert first.id in page.url and first.config["parent"] == "printed" and first.config["per_class"] == 10


def test_pause_one_step_slow_motion_go_on_and_stop(own_server: Server, page: Page) -> None:
    start(page, own_server, LONG)
    until(lambda: steps(own_server) > 3)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible(timeout=15_000)
    held = steps(own_server)
    page.wait_for_timeout(1200)
    assert steps(own_server) == held

    page.get_by_role("button", name="One step").click()
    until(lambda: steps(own_server) == held + 1, 10)
    page.wait_for_timeout(800)
    assert steps(own_server) == held + 1

    # As a presenter does, wait until a click shows: Streamlit turns round the order of clicks in one script run.
    page.get_by_role("button", name="Slow motion").click()
    expect(page.get_by_role("button", name="Full speed")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    until(lambda: steps(own_server) > held + 1, 10)
    slow, began = steps(own_server), time.monotonic()
    until(lambda: steps(own_server) >= slow + 8)
    pace = (steps(own_server) - slow) / (time.monotonic() - began)
    assert pace < 6, f"{pace:.1f} steps a second"

    page.get_by_role("button", name="Stop and keep").click()
    expect(page.get_by_role("button", name="Start training")).to_be_visible(timeout=30_000)
    records = read_all(newest(own_server))
    assert records[-1]["kind"] == "stopped"
    assert newest(own_server).steps[-1] == steps(own_server), "what was learned is not kept"
    assert [r["command"] for r in records if r["kind"] == "command"] == ["pause", "step", "pace", "resume", "stop"]


def test_a_second_viewer_sees_the_same_curve_and_closing_the_tab_hurts_nobody(
    own_server: Server, browser: Browser
) -> None:
    first = browser.new_context()
    page = first.new_page()
    start(page, own_server, LONG)
    until(lambda: steps(own_server) > 3)
    link = page.url
    first.close()
    held = steps(own_server)
    second = browser.new_context()
    other = second.new_page()
    other.goto(link)
    ready(other)
    expect(other.get_by_role("button", name="Pause")).to_be_visible(timeout=15_000)
    until(lambda: steps(own_server) > held, 15)
    other.get_by_role("button", name="Pause").click()
    expect(other.get_by_role("button", name="Go on")).to_be_visible(timeout=15_000)
    shown = other.locator(".st-key-curve .mv-status dd").first
    expect(shown).to_have_text(f"{steps(own_server):,} / 25,600")
    second.close()


def test_a_training_outlives_servers_killed_at_these_records_and_the_next_one_shows_it(
    tmp_path: Path, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    link = ""
    for records in (1, 12, 150):
        with servers.running(tmp_path) as before:
            if not link:
                start(page, before, LONG)
                link = page.url.split("/train")[1]
            until(lambda count=records: len(read_all(newest(before))) >= count)  # type: ignore[misc]
            before.process.kill()
            before.process.wait()
        held = steps(before)
        until(lambda held=held: steps(before) > held, 15)  # type: ignore[misc]
    with servers.running(tmp_path) as after:
        page.goto(f"{after.url}/train{link}")
        ready(page)
        expect(page.get_by_role("button", name="Pause")).to_be_visible(timeout=15_000)
        page.get_by_role("button", name="Stop and keep").click()
        expect(page.get_by_role("button", name="Start training")).to_be_visible(timeout=30_000)
    context.close()


def test_a_killed_trainer_is_shown_as_interrupted_within_ten_seconds(own_server: Server, page: Page) -> None:
    start(page, own_server, LONG)
    until(lambda: steps(own_server) > 3)
    killed = trainers(own_server)
    assert killed
    for pid in killed:
        psutil.Process(pid).kill()
    expect(page.get_by_text("This training was interrupted")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("What the trainer printed")).to_be_visible()


def test_a_loss_that_is_no_number_is_said_in_a_sentence_with_the_log_at_hand(own_server: Server, page: Page) -> None:
    page.goto(f"{own_server.url}/train?preset=plain_sgd&rate=10&batch=8&digits=5000")
    ready(page)
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text("(rate=10) is too large").first).to_be_visible(timeout=60_000)
    page.get_by_text("What the trainer printed").click()
    expect(page.get_by_text("kind=failed").first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
    runaway = max(one["loss"] for one in read_all(newest(own_server)) if one["kind"] == "evaluation")
    assert runaway > 10_000
    page.wait_for_function(
        f"10 ** document.querySelector('.st-key-curve .mv-plot')?.layout?.yaxis.range[1] >= {runaway}"
    )


def test_who_waits_for_another_training_can_start_as_soon_as_it_has_ended(own_server: Server, browser: Browser) -> None:
    first, second = browser.new_context(), browser.new_context()
    page, other = first.new_page(), second.new_page()
    start(page, own_server, LONG)
    other.goto(f"{own_server.url}/train")
    ready(other)
    expect(other.get_by_text("Another training is going on: fast_cnn.")).to_be_visible()
    expect(other.get_by_role("button", name="Watch it")).to_be_visible()
    expect(other.get_by_role("button", name="Start training")).to_have_count(0)
    page.get_by_role("button", name="Stop and keep").click()
    expect(other.get_by_role("button", name="Start training")).to_be_visible(timeout=30_000)
    expect(other.get_by_role("button", name="Watch it")).to_have_count(0)
    first.close()
    second.close()


def test_settings_that_make_no_sense_are_refused_in_a_sentence(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train?epochs=100000&architecture=resnet")
    ready(page)
    assert page.locator('[data-testid="stException"]').count() == 0
    expect(page.get_by_role("button", name="Start training")).to_be_visible()


def test_how_long_it_takes_is_said_before_the_start(server: Server, page: Page) -> None:
    lines = {"seconds": {name: [0.01, 0.001] for name in ("fast_cnn", "conv16_32", "mlp")}}
    (server.home / "cache").mkdir(exist_ok=True)
    (server.home / "cache" / "speed.json").write_text(json.dumps(lines))
    page.goto(f"{server.url}/train")
    ready(page)
    # 55,000 digits a millisecond each, 215 steps of 10 ms more, 24,000 that are only read, and 4 s to get ready
    expect(page.get_by_text("On this machine it takes about 69 s.")).to_be_visible()
    labels = page.locator(":is(.st-key-start_from_shown, .st-key-preset_shown) [data-testid='stWidgetLabel']")
    expect(labels).to_have_count(2)  # a menu is loaded after the words beside it
    expect(labels.last).to_be_visible()
    tops = labels.evaluate_all("labels => labels.map(label => label.getBoundingClientRect().top)")
    assert abs(tops[0] - tops[1]) < 1, "labels in a row stand on one line"


def test_a_recipe_holds_after_the_settings_were_opened_and_closed(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/train")
    ready(page)
    settings = page.get_by_role("button", name="Settings")
    settings.click()
    fields = page.get_by_test_id("stPopoverBody")
    fields.get_by_role("combobox", name="Optimiser").click()
    page.get_by_role("option", name="SGD").click()
    expect(fields.get_by_label("Momentum (of SGD)")).to_be_visible()
    expect(page).to_have_url(re.compile("optimiser=sgd"))
    settings.click()
    expect(fields).to_have_count(0)
    for menu, option in (("Recipe", "Plain SGD"), ("Network", "mlp")):
        page.get_by_role("combobox", name=menu, exact=True).click()
        page.get_by_role("option", name=option).click()
        expect(page.get_by_role("combobox", name=menu, exact=True)).to_have_value(option)
        ready(page)
    expect(page).to_have_url(re.compile(r"\?preset=plain_sgd&architecture=mlp$"))
    settings.click()
    expect(fields.get_by_role("combobox", name="Schedule")).to_have_value("constant")
    expect(fields.get_by_label("Batch (digits a step)")).to_have_value("64")


def test_a_tab_asks_no_more_for_a_run_that_is_gone(server: Server, page: Page) -> None:
    run = Store(server.runs, cache=server.home / "cache").create(TrainConfig.from_preset("live").as_dict())
    answers = list[int]()
    page.on("response", lambda sent: answers.append(sent.status) if f"api/runs/{run.id}" in sent.url else None)
    page.goto(f"{server.url}/train?run={run.id}")
    for beat in range(300):  # as its trainer would
        write_whole(run.folder / "pulse", str(beat))
        page.wait_for_timeout(100)
        if answers.count(200) > 1:
            break
    page.route(f"**/api/runs/{run.id}/**", lambda asked: asked.fulfill(status=404, body="gone"))  # as a new server says
    for _look in range(100):
        page.wait_for_timeout(100)
        if 404 in answers:
            break
    page.wait_for_timeout(5500)
    assert 200 in answers and answers.count(404) == 1, answers
