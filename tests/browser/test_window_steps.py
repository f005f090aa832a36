"""The window in a real browser: what is read off the page is torch's; stepping asks the server nothing."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, FloatRect, Page, expect
from torch.nn import functional

from mnist_viz.data.address import Address, digit
from mnist_viz.figures.numbers import written
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store
from tests.browser.conftest import quiet, ready, still
from tests.servers import Server

READ = """() => {
  const number = (words) => Number(words.replace("−", "-"));
  const grid = (name) => [...document.querySelector(`.mv-win-block[data-shows=${name}] .mv-win-grid`).children]
    .map((cell) => number(cell.tagName === "INPUT" ? cell.value : cell.textContent));
  const { row, column, value } = document.querySelector(".mv-win").dataset;
  return {
    row: Number(row), column: Number(column), value: number(value), window: grid("window"), weights: grid("weights"),
    products: grid("products"), sum: number(document.querySelector(".mv-win-sum b").textContent.replace("= ", "")),
    after: [...document.querySelectorAll(".mv-win-sum small")].map((one) => one.textContent),
    cards: [...document.querySelectorAll(".mv-win-filled")].map((one) => one.textContent),
  };
}"""
BOXES = """() => [".mv-win-in canvas", ".mv-win-in .mv-win-under", ".mv-win-middle", ".mv-win-out canvas",
  ".mv-win-out .mv-win-under", ".mv-win-chain", ".st-key-window_size", ".mv-win-kernels"].map((name) => {
  const { left, top, right, bottom } = document.querySelector(name).getBoundingClientRect();
  return [left, top, right, bottom];
})"""
COUNT_GLIDES = """() => {
  const ask = window.requestAnimationFrame;
  window.glides = 0;
  window.requestAnimationFrame = (one) => { window.glides += 1; return ask(one); };
}"""
COUNT_ANSWERS = """() => {
  window.answers = 0;
  const count = () => { window.answers += 1; };
  new MutationObserver(count).observe(document.querySelector(".mv-win"), { attributeFilter: ["data-shows"] });
}"""
TWO, THREE = 0.005 + 1e-5, 0.0005 + 1e-5  # half of the last decimal that is shown


def open_window(page: Page, server: Server, link: str = "") -> None:
    page.goto(f"{server.url}/convolution?{link}")
    ready(page)
    page.wait_for_selector(".mv-win[data-shows]", timeout=60_000)


def answered(page: Page, out: torch.Tensor) -> None:
    """Wait until the server has said where this output is strongest, and the stage shows the server's numbers.

    `COUNT_ANSWERS` began before the change; each answer of the server sets the attribute that it watches, no preview.
    """
    values = out[0, 0].numpy()
    row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
    words = f"strongest in row {row}, column {column}: {written(float(values[row, column]))}."
    expect(page.get_by_text(words)).to_be_visible(timeout=20_000)
    page.wait_for_function("window.answers > 0")
    ready(page)


def pixels(address: str = "test-3520") -> torch.Tensor:
    return torch.tensor(digit(Address.parse(address))[0]).float().div(255)[None, None]


def is_true(read: dict[str, Any], given: torch.Tensor, kernel: torch.Tensor, out: torch.Tensor, **how: int) -> None:
    """What is read off the page is the window over the picture, the kernel, their products and torch's sum."""
    side, row, column = kernel.shape[-1], read["row"], read["column"]
    around = functional.pad(given, [how["padding"]] * 4)
    windows = functional.unfold(around, side, dilation=how.get("dilation", 1), stride=how["stride"])
    seen = windows[0, :, row * out.shape[-1] + column]
    assert np.allclose(read["window"], seen, atol=TWO)
    assert np.allclose(read["weights"], kernel.flatten(), atol=TWO), read["weights"]
    assert np.allclose(read["products"], seen * kernel.flatten(), atol=TWO)
    assert read["sum"] == pytest.approx(float(out[0, 0, row, column]), abs=THREE)


@torch.inference_mode()
def test_every_number_of_a_lit_cell_is_torch_s_and_stepping_asks_nothing(server: Server, page: Page) -> None:
    frames: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))  # noqa: PLW0108  it sets attributes on it
    open_window(page, server, "filter=5&then=norm-relu")
    run = Store(server.runs).run(PRETRAINED)
    model = checkpoints.load(run, run.steps[-1]).eval()
    given = model.scale(pixels())
    kernel: torch.Tensor = model.conv1.weight[5:6]  # type: ignore[union-attr, index]
    out = functional.conv2d(given, kernel, stride=2, padding=2)
    sums = model.conv1(given)  # type: ignore[operator]
    after = model.activation1(model.norm1(sums))[:, 5:6]  # type: ignore[operator]
    output = page.locator(".mv-win-out canvas")
    box = still(output)
    places = set()
    for x, y in ((0.02, 0.02), (0.52, 0.49), (0.98, 0.98), (0.4, 0.6)):  # corners: padding under the window
        output.focus()
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        for step in ("", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
            if step:
                page.keyboard.press(step)
            read = page.evaluate(READ)
            is_true(read, given, kernel, out, padding=2, stride=2)
            assert read["value"] == pytest.approx(float(after[0, 0, read["row"], read["column"]]), abs=THREE)
            assert [one.partition(" → ")[0] for one in read["after"]] == ["BatchNorm", "ReLU"]
            assert read["cards"][-1].endswith(f"= {read['value']:.3f}") or read["value"] == 0
            places.add((read["row"], read["column"]))
    assert {(0, 0), (13, 13), (6, 7), (6, 8), (7, 8)} <= places
    quiet(page, frames)
    frames.clear()
    page.locator(".mv-win [data-does=play]").click()
    page.wait_for_timeout(900)
    assert not frames, "stepping asked the server"


def test_it_plays_pauses_and_goes_on_by_itself_at_the_chosen_speed(server: Server, page: Page) -> None:
    open_window(page, server, "operate=own&weights=laplacian3")
    at = "(({ row, column }) => 28 * row + Number(column))(document.querySelector('.mv-win').dataset)"
    assert page.locator(".mv-win select").input_value() == "250"
    page.locator(".mv-win select").select_option("100")
    first = page.evaluate(at)
    page.locator(".mv-win [data-does=play]").click()
    page.wait_for_function(f"{at} >= {first + 3}")
    page.locator(".mv-win [data-does=play]").click()
    stood = page.evaluate(at)
    page.wait_for_timeout(400)
    assert page.evaluate(at) == stood
    page.get_by_role("button", name="One cell back").click()
    assert page.evaluate(at) == stood - 1
    page.locator(".mv-win select").select_option("1000")
    page.locator(".mv-win-out canvas").press(" ")
    expect(page.locator(".mv-win [data-does=play]")).to_contain_text("Pause")
    page.locator(".mv-win-out canvas").press("ArrowUp")
    assert page.evaluate(at) in (stood - 1 - 28, stood - 28)
    expect(page.locator(".mv-win [data-does=play]")).to_contain_text("Play")


def test_the_cell_at_which_the_keys_came_to_rest_is_in_the_link(server: Server, page: Page) -> None:
    open_window(page, server, "operate=own&weights=laplacian3")
    lit = "(({ row, column }) => `${row}-${column}`)(document.querySelector('.mv-win').dataset)"
    output = page.locator(".mv-win-out canvas")
    for _step in range(3):
        output.press("ArrowDown")
    word = page.evaluate(lit)
    page.wait_for_url(re.compile(f"cell_at={word}(&|$)"))
    page.reload()
    ready(page)
    page.wait_for_selector(".mv-win[data-shows]")
    page.wait_for_function(f"{lit} === '{word}'")
    page.locator(".mv-win-out canvas").press("ArrowDown")
    page.wait_for_url(lambda url: f"cell_at={word}" not in url)
    page.go_back()
    page.wait_for_function(f"{lit} === '{word}'")


def test_the_pointer_shows_a_click_chooses_and_from_there_the_arrow_keys_go_on(server: Server, page: Page) -> None:
    open_window(page, server, "operate=own&weights=laplacian3&cell_at=5-5")
    lit = "(({ row, column }) => `${row}-${column}`)(document.querySelector('.mv-win').dataset)"
    left, right = (still(page.locator(f".mv-win-{side} canvas")) for side in ("in", "out"))
    entries = page.evaluate("history.length")

    def over(box: FloatRect, row: int, column: int) -> tuple[float, float]:
        return box["x"] + box["width"] * (column + 0.5) / 30, box["y"] + box["height"] * (row + 0.5) / 30

    page.mouse.move(*over(right, 14, 9))
    shown = page.evaluate(lit)
    assert shown not in ("5-5", "0-0")
    page.mouse.move(right["x"] - 30, right["y"] - 30, steps=5)
    assert page.evaluate(lit) == "5-5"
    page.wait_for_timeout(600)
    assert "cell_at=5-5" in page.url and page.evaluate("history.length") == entries
    page.mouse.click(*over(right, 14, 9))
    page.wait_for_url(re.compile(f"cell_at={shown}(&|$)"))
    page.mouse.move(right["x"] - 30, right["y"] - 30, steps=5)
    assert page.evaluate(lit) == shown and page.evaluate("history.length") == entries + 1
    page.mouse.click(*over(left, 1 + 20, 1 + 8))  # a pixel, beside the padding of 1
    assert page.evaluate(lit) == "20-8"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(lit) == "21-8"
    page.wait_for_url(re.compile("cell_at=21-8(&|$)"))


def test_a_cell_of_the_input_says_whom_it_feeds(server: Server, page: Page) -> None:
    open_window(page, server, "operate=own&weights=blur5&padding=2&stride=1")
    box = still(page.locator(".mv-win-in canvas"))
    page.mouse.move(box["x"] + box["width"] * 16.5 / 32, box["y"] + box["height"] * 12.5 / 32)
    expect(page.locator(".mv-win-note")).to_contain_text("Input row 10, column 14")
    expect(page.locator(".mv-win-note")).to_contain_text("feeds 25 of 784 outputs")
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    expect(page.locator(".mv-win-note")).to_contain_text("Padding, value 0: feeds 1 of 784 outputs")


@torch.inference_mode()
def test_a_weight_is_dragged_and_typed_and_stands_in_the_link(server: Server, page: Page) -> None:
    open_window(page, server, "operate=own&weights=identity3")
    page.evaluate(COUNT_ANSWERS)
    field = page.get_by_label("Weight in row 1, column 2")
    box = still(field)
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] + 10 - 31, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile("weights=0_0.5_0_0_1_0_0_0_0"))
    kernel = torch.tensor([0, 0.5, 0, 0, 1, 0, 0, 0, 0]).view(1, 1, 3, 3)
    answered(page, functional.conv2d(pixels(), kernel, padding=1))
    page.evaluate(COUNT_ANSWERS)
    last = page.get_by_label("Weight in row 3, column 3")
    last.fill("-1,25")
    last.press("Enter")
    page.wait_for_url(re.compile("weights=0_0.5_0_0_1_0_0_0_-1.25"))
    kernel = torch.tensor([0, 0.5, 0, 0, 1, 0, 0, 0, -1.25]).view(1, 1, 3, 3)
    out = functional.conv2d(pixels(), kernel, padding=1)
    answered(page, out)
    expect(last).to_have_value("−1.25")
    is_true(page.evaluate(READ), pixels(), kernel, out, padding=1, stride=1)
    page.get_by_role("radio", name="Laplacian").click()
    page.wait_for_url(re.compile("weights=laplacian3"))


@pytest.mark.parametrize("first", ["cell", "weight"])
def test_a_cell_and_a_weight_that_are_chosen_in_one_go_are_both_in_the_link(
    server: Server, page: Page, first: str
) -> None:
    open_window(page, server, "operate=own&weights=identity3")
    output, field = page.locator(".mv-win-out canvas"), page.get_by_label("Weight in row 1, column 1")
    box = still(output)
    place = {"x": box["width"] * 4.5 / 28, "y": box["height"] * 6.5 / 28}
    if first == "cell":
        output.click(position=place)  # type: ignore[arg-type]
    field.fill("0.25")
    if first == "weight":
        output.click(position=place)  # type: ignore[arg-type]
    else:
        field.press("Enter")
    page.wait_for_url(lambda url: "cell_at=6-4" in url and "weights=0.25_0_0_0_1_0_0_0_0" in url)


def test_who_only_looked_into_a_weight_still_goes_back(server: Server, page: Page) -> None:
    open_window(page, server, "operate=own&weights=identity3")
    first = page.get_by_label("Weight in row 1, column 1")
    page.get_by_role("radio", name="Laplacian").click()
    page.wait_for_url(re.compile("weights=laplacian3"))
    expect(page.get_by_label("Weight in row 2, column 2")).not_to_have_value("1.00")
    first.focus()
    first.press("Tab")
    ready(page)
    page.go_back()
    expect(page.get_by_label("Weight in row 2, column 2")).to_have_value("1.00")


def test_the_winner_of_a_max_pooling_is_marked(server: Server, page: Page) -> None:
    open_window(page, server, "operate=max&pool_window=3&padding=1")
    page.locator(".mv-win-out canvas").press("ArrowRight")
    marked = page.locator(".mv-win-won")
    expect(marked).to_have_count(1)
    values = page.locator(".mv-win-block[data-shows=window] .mv-win-grid > *").all_inner_texts()
    assert marked.inner_text() == max(values, key=lambda one: -np.inf if "∞" in one else float(one))
    equal = values.count(marked.inner_text())
    said = page.locator(".mv-win-filled").inner_text()
    assert equal > 1 and f"({equal} are equally large; the first counts, as in torch)" in said
    box = still(page.locator(".mv-win-out canvas"))
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    expect(page.locator(".mv-win-block[data-shows=window] .mv-win-grid")).to_contain_text("−∞")


@pytest.mark.parametrize("link", ["then=norm-relu", "operate=own&weights=sharpen5&then=sigmoid"])
def test_nothing_overlaps_on_a_phone_and_a_finger_moves_the_window(browser: Browser, server: Server, link: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_window(page, server, link)
    for lowest in (".mv-win-kernels", ".st-key-window_size"):
        still(page.locator(lowest))
    boxes = [one for one in page.evaluate(BOXES) if one[2] > one[0]]
    assert len(boxes) == 8
    for place, one in enumerate(boxes):
        assert one[0] >= 0 and one[2] <= 391
        for other in boxes[place + 1 :]:
            apart = one[2] <= other[0] + 1 or other[2] <= one[0] + 1 or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
            assert apart, f"{one} lies over {other}"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = still(page.locator(".mv-win-out canvas"))
    page.touchscreen.tap(box["x"] + 4, box["y"] + 4)
    page.wait_for_function("document.querySelector('.mv-win').dataset.row === '0'")
    context.close()


def test_whoever_wants_no_motion_sees_the_window_jump(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page = context.new_page()
    open_window(page, server)
    page.evaluate(COUNT_GLIDES)
    page.locator(".mv-win-out canvas").press("ArrowRight")
    assert page.evaluate("window.glides") == 0
    context.close()
