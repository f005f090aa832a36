"""What is seen can be taken along: any figure as a picture, a run as its numbers, weights and settings."""

import json
import struct
from pathlib import Path

from playwright.sync_api import Page, expect

from mnist_viz.runs import records
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.runs.tables import metrics_csv
from tests.browser.conftest import ready, still
from tests.servers import Server


def test_a_figure_is_saved_with_its_title_as_png_and_as_svg(server: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{server.url}/mistakes")
    page.wait_for_selector(".st-key-confusion .main-svg")
    ready(page)
    figure = page.locator(".st-key-confusion .mv-figure")
    title = figure.locator(".mv-title").text_content()
    assert title
    box = still(figure.locator(".mv-plot"))
    save = figure.get_by_role("button", name="Save this picture")
    for kind in ("PNG", "SVG"):
        figure.hover(position={"x": 50, "y": 50})
        save.click()
        with page.expect_download() as download:
            figure.get_by_role("button", name=f"as {kind}").click()
        assert download.value.suggested_filename == f"How-each-label-is-read-in-digits.{kind.lower()}"
        download.value.save_as(tmp_path / kind)
    png = (tmp_path / "PNG").read_bytes()
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG") and width == 3 * round(box["width"]) and height > 3 * box["height"]
    svg = (tmp_path / "SVG").read_text(encoding="utf-8")
    assert title in svg and ">977<" in svg and "var(" not in svg


def test_the_menu_opens_and_closes_by_keys(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/mistakes")
    page.wait_for_selector(".st-key-confusion .main-svg")
    ready(page)
    figure = page.locator(".st-key-confusion .mv-figure")
    figure.get_by_role("button", name="Save this picture").press("Enter")
    expect(figure.get_by_role("button", name="as SVG")).to_be_visible()
    page.keyboard.press("Escape")
    expect(figure.get_by_role("button", name="as SVG")).to_be_hidden()


def test_metrics_weights_and_settings_of_a_run_are_taken_along(server: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{server.url}/train?step=64")
    ready(page)
    page.get_by_text("Take this run along").click()
    for label in ("Metrics (CSV)", "Weights of step 64 (safetensors)", "Settings (JSON)"):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        download.value.save_as(tmp_path / label)
    run = Store.default().run(PRETRAINED)
    assert (tmp_path / "Weights of step 64 (safetensors)").read_bytes() == run.checkpoint(64).read_bytes()
    assert json.loads((tmp_path / "Settings (JSON)").read_text()) == run.config
    table = (tmp_path / "Metrics (CSV)").read_text(encoding="utf-8")
    assert table == metrics_csv(record for record in records.read_all(run) if records.is_whole(record))
