"""A batch on its way: every shape, type, size and range on the page is that of the tensors in a bare torch."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import models
from mnist_viz.analysis.journey import journey
from mnist_viz.analysis.stages import memory
from mnist_viz.data import mnist
from mnist_viz.figures import journey as drawing
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store
from mnist_viz.ui.preparing import batch, labels
from tests.test_pages import cells, is_whole, payload, visit

PAGE = "pages/prepare.py"
pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(autouse=True)
def store(own_store: Path) -> Store:
    return Store.default()


def shipped(store: Store) -> nn.Module:
    run = store.run(PRETRAINED)
    return checkpoints.load(run, run.steps[-1])


def test_every_tensor_of_the_shipped_network_is_measured_as_torch_has_it(store: Store) -> None:
    model, images, labels = shipped(store), mnist.digits("test").images[:8], mnist.digits("test").labels[:8]
    stages = {one.name: one for one in journey(model, images, labels)}
    pixels = torch.tensor(images).unsqueeze(1).float() / 255
    wanted = {"stack": torch.tensor(images), "channel": pixels, "scale": (pixels - 0.1307) / 0.3081}
    with torch.inference_mode():
        seen = wanted["scale"]
        for name, module in model.named_children():
            seen = module(seen.flatten(1) if name == "head" else seen)
            wanted[name] = seen
        wanted["loss"] = functional.cross_entropy(seen, torch.tensor(labels).long())
    for name, tensor in wanted.items():
        one = stages[name]
        assert (one.shape, f"torch.{one.dtype}") == (tuple(tensor.shape), str(tensor.dtype)), name
        assert one.bytes == tensor.nbytes and sum(one.histogram) == tensor.numel()
        ends = [float(tensor.min()), float(tensor.double().mean()), float(tensor.max())]
        assert [one.low, one.mean, one.high] == pytest.approx(ends, abs=1e-5), name
    assert set(wanted) == set(stages) - {"digit", "unit", "flatten", "labels"}
    assert (stages["labels"].shape, stages["labels"].dtype, stages["labels"].bytes) == ((8,), "int64", 64)
    assert (stages["digit"].shape, stages["digit"].dtype, stages["digit"].bytes) == ((28, 28), "uint8", 784)


def test_a_view_takes_no_memory_and_a_copy_does(store: Store) -> None:
    stages = journey(shipped(store), mnist.digits("test").images[:4], mnist.digits("test").labels[:4])
    assert [one.name for one in stages if one.shares] == ["channel", "flatten"]
    assert memory(stages) == sum(one.bytes for one in stages) - 4 * 784 * 4 - 4 * 576 * 4


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_every_network_ends_at_the_loss_of_the_bare_one_and_keeps_no_hook(architecture: str) -> None:
    torch.manual_seed(0)
    model = models.build(architecture).eval()
    images, labels = mnist.digits("val").images[:3], mnist.digits("val").labels[:3]
    stages = journey(model, images, labels)
    with torch.inference_mode():
        logits = model(torch.tensor(images)[:, None].float() / 255)
        loss = functional.cross_entropy(logits, torch.tensor(labels).long())
    assert stages[-1].name == "loss" and stages[-1].mean == pytest.approx(float(loss), rel=1e-5)
    assert stages[-3].name == "head" and stages[-3].shape == (3, 10)
    assert stages[-3].high == pytest.approx(float(logits.max()), rel=1e-5)
    names = [one.name for one in stages]
    assert len(names) == len(set(names))
    drawn = drawing.journey(stages, batch.names(stages), "A batch")
    assert {one.y for one in drawn.layout.annotations} >= set(range(len(stages)))
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())


def test_steps_of_a_run_are_a_row_of_their_own(store: Store) -> None:
    images, labels = mnist.digits("test").images[:4], mnist.digits("test").labels[:4]
    stages = journey(shipped(store), images, labels, prepared=255 - images)
    assert [one.name for one in stages[:4]] == ["digit", "stack", "prepare", "unit"]
    assert stages[3].mean == pytest.approx((255 - images).mean() / 255, abs=1e-6)


def test_sizes_and_numbers_are_written_as_they_are_read() -> None:
    assert [drawing.size(one) for one in (4, 784, 50_176, 1_605_632)] == ["4 B", "784 B", "50.2 kB", "1.6 MB"]
    assert [drawing.number(one) for one in (0.0, -0.4242, -0.001, 255.0, 1234.5)] == [
        "0",
        "−0.42",
        "0.00",
        "255",
        "1234",
    ]


def test_the_page_shows_the_batch_in_which_the_digit_stands(store: Store) -> None:
    app = visit(PAGE, stage="batch", digit="test-3520", batch_of="16", tensor="conv1")
    assert is_whole(app)
    images, labels = mnist.digits("test").images[3520:3536], mnist.digits("test").labels[3520:3536]
    stages = journey(shipped(store), images, labels)
    figure = json.loads(str(payload(app, "batch_journey")["figure"]))
    said = [one["text"] for one in figure["layout"]["annotations"]]
    assert "<b>one digit, in bytes</b> " in said
    grid = cells(figure["data"][1]["y"])
    assert (np.nanmin(grid), np.nanmax(grid)) == (-0.5, len(stages) - 0.5), "no line crosses the heads"
    assert "(16, 1, 28, 28)" in said and "(16, 16, 14, 14)" in said and "(16, 10)" in said and "()" in said
    assert cells(figure["data"][0]["x"]).tolist() == [one.bytes for one in stages]
    assert np.sinh(cells(figure["data"][3]["x"])) == pytest.approx([one.mean for one in stages], abs=1e-6)
    assert f"the loss {stages[-1].mean:.4f}." in app.markdown[0].value
    assert app.code[0].value == "seen = model.conv1(seen)"
    counts = json.loads(str(payload(app, "batch_histogram")["figure"]))["data"][0]["customdata"]
    assert counts == list(next(one for one in stages if one.name == "conv1").histogram)


def test_a_network_whose_weights_ran_away_is_shown_as_it_is(store: Store) -> None:
    run = store.create({"architecture": "mlp"})
    model = models.build("mlp")
    with torch.no_grad():
        model.get_parameter("hidden.bias").fill_(float("nan"))
    checkpoints.save(run, 0, model)
    app = visit(PAGE, run=run.id, stage="batch", tensor="hidden")
    assert is_whole(app) and app.markdown[0].value == labels.no_numbers()
    assert is_whole(other := visit(PAGE, run=run.id, stage="labels")) and other.info[0].value == labels.no_numbers()


def test_a_run_without_a_checkpoint_is_waited_for(store: Store) -> None:
    run = store.create({"architecture": "mlp"})
    for stage in ("batch", "labels"):
        app = visit(PAGE, run=run.id, stage=stage)
        assert is_whole(app) and "no checkpoint yet" in app.info[0].value


def test_a_run_that_prepares_its_digits_is_shown_with_them_prepared(store: Store) -> None:
    run = store.create({"architecture": "mlp", "preparation": "binarise50"})
    torch.manual_seed(0)
    model = models.build("mlp").eval()
    checkpoints.save(run, 0, model)
    inked = np.where(mnist.digits("test").images[7] >= 127.5, 255, 0)
    with torch.inference_mode():
        logits = model(torch.tensor(inked)[None, None].float() / 255)
    loss = float(functional.cross_entropy(logits, torch.tensor([int(mnist.digits("test").labels[7])])))
    app = visit(PAGE, run=run.id, stage="batch", batch_of="1", digit="test-7", tensor="prepare")
    assert is_whole(app) and f"the loss {loss:.4f}." in app.markdown[0].value
    assert app.markdown[0].value.startswith("One digit is 784 B of grey values")
    assert app.code[0].value == 'batch = prepare(batch, "binarise50")'
    other = visit(PAGE, run=run.id, stage="labels", digit="test-7")
    assert is_whole(other) and f"= {loss:.4f}" in other.markdown[0].value
    tiles = cells(json.loads(str(payload(other, "one_hot_matrix")["figure"]))["data"][2]["z"])
    assert np.array_equal(tiles[7 * 30 + 1 : 7 * 30 + 29, 1:29], inked)


def test_the_last_batch_of_a_part_says_that_no_more_digits_are_left() -> None:
    said = visit(PAGE, stage="batch", batch_of="256", digit="test-9999").markdown[0].value
    left = 10_000 % 256
    assert said.startswith(
        f"Only {left} digits are left for the last batch of this part: they are {left * 784 / 1000:.1f} kB"
    )


def test_a_word_that_names_no_tensor_of_this_network_means_the_scaled_pixels() -> None:
    app = visit(PAGE, stage="batch", batch_of="7", tensor="blocks.3.attention")
    assert is_whole(app) and app.markdown[0].value.startswith("64 digits are 50.2 kB")
    assert app.code[0].value == "seen = model.scale(pixels)"
