"""The whole way and back in a real browser: the numbers on the screen are torch's, and clicks and keys lead on."""

import base64
import re
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store
from tests.browser.conftest import ready, still
from tests.servers import Server

DIGIT, RATE = 3520, 0.003
TRACE = """([key, trace, name]) => {
  const value = document.querySelector(`.st-key-${key} .mv-plot`).data[trace][name];
  return value.bdata ? value : [...value];
}"""
CUT_OFF = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText)"


def backward() -> tuple[Any, float, torch.Tensor]:
    """The shipped network after the way back of the digit, its loss and the gradient at its scores, by torch alone."""
    run = Store.default().run(PRETRAINED)
    model: Any = checkpoints.load(run, run.steps[-1]).requires_grad_(True)
    logits, label = model(pixels()), torch.tensor([int(mnist.digits("test").labels[DIGIT])])
    logits.retain_grad()
    loss = torch.nn.functional.cross_entropy(logits, label)
    torch.autograd.backward(loss)
    return model, loss.item(), logits.grad[0]


def pixels() -> torch.Tensor:
    return torch.tensor(mnist.digits("test").images[DIGIT : DIGIT + 1])[:, None] / 255


def open_page(server: Server, page: Page, words: str, key: str) -> None:
    page.goto(f"{server.url}/convolution?digit=test-{DIGIT}&{words}")
    ready(page)
    page.wait_for_selector(f".st-key-{key} .main-svg" if key else ".mv-grid", timeout=60_000)


def numbers(page: Page, key: str, trace: int, name: str) -> np.ndarray:
    value = page.evaluate(TRACE, [key, trace, name])
    if isinstance(value, dict):
        return np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"]).astype(float)
    return np.array(value, dtype=float)


def plain(written: str) -> float:
    """A number as a visitor reads it."""
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    spaced = written.replace("−", "-").replace("·", "\u00a0×\u00a0")  # in a grid there is no room for spaces
    mantissa, _times, power = spaced.partition("\u00a0×\u00a010")
    return float(mantissa) * 10.0 ** int(power.translate(raised) or 0)


def test_loss_and_error_on_the_screen_are_those_of_torch(server: Server, page: Page) -> None:
    _model, loss, error = backward()
    open_page(server, page, "walk=back", "surprise")
    said = page.get_by_text("A step begins with its loss").inner_text()
    found = re.search(r"−ln p = ([\d.]+)", said)
    assert found is not None and float(found[1].rstrip(".")) == pytest.approx(loss, abs=5e-4)
    page.locator(".st-key-moment_1 button").click()
    page.wait_for_selector(".st-key-error .main-svg")
    np.testing.assert_allclose(numbers(page, "error", 2, "y"), error.numpy(), rtol=1e-4, atol=1e-7)
    page.keyboard.press("PageDown")
    page.wait_for_url(lambda url: "moment=gradient" in url)


def test_a_kernel_before_its_gradient_the_step_and_after_are_those_of_torch(server: Server, page: Page) -> None:
    model, _loss, _error = backward()
    open_page(server, page, f"walk=back&moment=update&digit_rate={RATE}&kernel_of=conv2-5-3", "")
    expect(page.locator(".mv-grid")).to_have_count(4)
    weight, gradient = model.conv2.weight[5, 3].detach().numpy(), model.conv2.weight.grad[5, 3].numpy()
    expected = (weight, gradient, np.float32(RATE) * gradient, weight - np.float32(RATE) * gradient)
    for grid, values in zip(page.locator(".mv-grid").all(), expected, strict=True):
        shown = [plain(cell.inner_text()) for cell in grid.locator("span").all()]
        exact = [float(cell.get_attribute("title") or "nan") for cell in grid.locator("span").all()]
        np.testing.assert_allclose(exact, values.flatten(), rtol=1e-4, atol=1e-8)
        np.testing.assert_allclose(shown, values.flatten(), rtol=0.051)


def test_a_click_opens_a_layers_gradient_and_its_numbers_are_those_of_torch(server: Server, page: Page) -> None:
    open_page(server, page, "walk=back&moment=gradient&layer=head", "lengths")
    plot = page.locator(".st-key-network .mv-plot")
    expect(plot.locator(".main-svg").first).to_be_visible(timeout=60_000)
    still(plot)
    x, y = plot.evaluate(
        """(node) => {
          const { xaxis, yaxis } = node._fullLayout, edges = [...node._fullData[0].x];
          const box = node.getBoundingClientRect();
          const middle = xaxis.l2p((edges[2] + edges[3]) / 2);
          return [box.x + xaxis._offset + middle, box.y + yaxis._offset + yaxis.l2p(3)];
        }"""
    )
    page.mouse.click(x, y)
    page.wait_for_url(lambda url: "layer=activation2" in url)
    expect(page.get_by_text("The gradient at activation2: one scale up to")).to_be_visible()
    run = Store.default().run(PRETRAINED)
    model: Any = checkpoints.load(run, run.steps[-1])
    seen = model.activation1(model.norm1(model.conv1(model.scale(pixels()))))
    second = model.activation2(model.norm2(model.pool2(model.conv2(seen)))).detach().requires_grad_()
    logits = model.head(model.activation3(model.norm3(model.pool3(model.conv3(second)))).flatten(1))
    label = torch.tensor([int(mnist.digits("test").labels[DIGIT])])
    torch.autograd.backward(torch.nn.functional.cross_entropy(logits, label))
    drawn = numbers(page, "opened", 0, "z")
    assert second.grad is not None
    expected = np.sort(second.grad.numpy().flatten())
    np.testing.assert_allclose(np.sort(drawn[~np.isnan(drawn)]), expected, rtol=1e-4, atol=1e-6)
    lengths = numbers(page, "lengths", 0, "x")
    assert lengths[5] == pytest.approx(float(second.grad.norm()), rel=1e-4)


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("walk=way&layer=conv1", ".st-key-opened .main-svg"),
        ("walk=way&layer=probabilities", ".st-key-tempered .main-svg"),
        ("walk=back&moment=gradient", ".st-key-opened .main-svg"),
        ("walk=back&moment=update&kernel_of=conv1-6-0", ".mv-grids"),
        ("walk=back&moment=after", ".st-key-after_step .main-svg"),
    ],
)
def test_what_changes_is_seen_on_the_first_screen(server: Server, page: Page, words: str, result: str) -> None:
    page.goto(f"{server.url}/convolution?digit=test-{DIGIT}&{words}")
    ready(page)
    shown = page.locator(result).first
    shown.wait_for(timeout=60_000)
    page.wait_for_function("(query) => document.querySelector(query).getBoundingClientRect().bottom <= 720", arg=result)


def test_the_loss_over_repeated_steps_is_that_of_sgd(server: Server, page: Page) -> None:
    model, _loss, _error = backward()
    label = torch.tensor([int(mnist.digits("test").labels[DIGIT])])
    optimiser, losses = torch.optim.SGD(model.parameters(), lr=RATE), []
    for _step in range(21):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(pixels()), label)
        torch.autograd.backward(loss)
        losses.append(loss.item())
        optimiser.step()
    open_page(server, page, f"walk=back&moment=repeat&digit_rate={RATE}&repeats=3", "others_read")
    page.wait_for_selector(".st-key-repeated_losses .main-svg", timeout=60_000)
    np.testing.assert_allclose(numbers(page, "repeated_losses", 0, "y"), losses, rtol=2e-3, atol=1e-6)
    expect(page.get_by_text("After 3 steps on test-3520 alone with a rate of 0.003")).to_be_visible()


def test_the_way_goes_on_by_button_and_ends_with_the_loss(server: Server, page: Page) -> None:
    model, loss, _error = backward()
    open_page(server, page, "walk=way&layer=activation3", "spreads")
    page.locator(".st-key-layer_1 button").click()
    page.wait_for_url(lambda url: "layer=head" in url)
    page.wait_for_selector(".st-key-weighted_sum .main-svg")
    logits = model(pixels())[0].detach()
    shown = numbers(page, "weighted_sum", 0, "x")
    assert shown[-1] == pytest.approx(float(logits.max()), rel=1e-4)
    assert shown[:-1].sum() == pytest.approx(float(logits.max()), abs=1e-4)
    page.locator(".st-key-layer_1 button").click()
    page.wait_for_selector(".st-key-tempered .main-svg")
    expected = 100 * (logits / 3).softmax(0).numpy()
    np.testing.assert_allclose(numbers(page, "tempered", 0, "x"), expected, rtol=1e-4)
    page.wait_for_selector(".st-key-surprise .main-svg")
    assert numbers(page, "surprise", 1, "y")[0] == pytest.approx(loss, rel=1e-5)


@pytest.mark.parametrize("width", [1280, 390])
def test_no_formula_is_cut_off_and_the_chosen_layer_is_in_sight(server: Server, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for words in ("walk=way&layer=probabilities&temperature=0.1", "walk=way&layer=head", "walk=back"):
        page.goto(f"{server.url}/convolution?digit=test-0&{words}")  # its loss is written with powers of ten
        ready(page)
        page.wait_for_selector(".st-key-way_formula .katex-display", timeout=60_000)
        still(page.locator(".katex-display").last)
        assert page.locator(".katex-display").evaluate_all(CUT_OFF) == []
        if width == 390 and "layer" in words:  # the last column of the network
            page.wait_for_function("document.querySelector('.st-key-network').scrollLeft > 400")


def test_the_three_views_stand_in_the_same_place(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/convolution?operate=max")  # its answer has one line
    ready(page)
    places = set()
    for view, shown in (
        ("The whole way", ".st-key-way_moves"),
        ("And back", ".st-key-back_moves"),
        ("One window", ".mv-win"),
    ):
        tab = page.get_by_role("radio", name=view)
        places.add(round(still(tab)["y"]))
        tab.click()
        page.wait_for_selector(shown)
        ready(page)
        places.add(round(still(tab)["y"]))
    assert len(places) == 1
