"""The whole way and back, run as Streamlit runs it: whole for every network, and its sentences against torch."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from mnist_viz.analysis import features
from mnist_viz.data import mnist
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.ui.convolving import passes
from models import build
from tests.test_pages import cells, is_whole, payload, text_of, visit

PAGE = "pages/convolution.py"
MOMENTS = ("loss", "error", "gradient", "update", "after", "repeat")


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def untrained(store: Store, architecture: str) -> Run:
    run = store.create({"architecture": architecture})
    torch.manual_seed(0)
    checkpoints.save(run, 0, build(architecture))
    return run


def go_to(app: AppTest, **words: str) -> AppTest:
    for word, value in words.items():
        app.session_state[word] = value
    return app.run()


@pytest.mark.parametrize("architecture", ["fast_cnn", "mlp", "lstm_rows", "vit", "built"])
def test_every_moment_is_whole_for_every_kind_of_network(store: Store, architecture: str) -> None:
    run = untrained(store, architecture)
    app = visit(PAGE, run=run.id, digit="test-7", walk="back")
    for moment in MOMENTS:
        assert is_whole(go_to(app, moment=moment)), moment
    for kernels in {one.way: one for one in passes.kernels(run.id, 0).values()}.values():
        app = go_to(app, moment="update", kernel_of=f"{kernels.layer}-1-0")
        assert is_whole(app), kernels
        said = " ".join(caption.value for caption in app.caption)
        assert {
            "kernel": "A kernel of",
            "map": "No kernel that slides",
            "patch": "each of the 16 patches: the same for all, a convolution whose stride is as large as its kernel",
            "row": "No kernel and no picture",
            "gate": "the row of 28 weights by which the input gate of unit 1 reads",
        }[kernels.way] in said


@pytest.mark.parametrize("architecture", ["deep_cnn", "mlp", "lstm_rows", "vit"])
def test_every_layer_of_the_way_is_whole(store: Store, architecture: str) -> None:
    run = untrained(store, architecture)
    app = visit(PAGE, run=run.id, digit="test-7", walk="way")
    pixels = torch.tensor(mnist.digits("test").images[7:8])[:, None] / 255
    seen: set[str] = set()
    for layer in features.activations(build(architecture), pixels):
        if layer.kind not in seen:
            assert is_whole(go_to(app, layer=layer.name)), layer.name
        seen.add(layer.kind)


@pytest.mark.parametrize(
    ("architecture", "layer", "sentence"),
    [
        ("vit", "embed", "At each position alone, 64 weighted sums of its 49 numbers, each plus its bias"),
        ("vit", "blocks.0.widen", "At each position alone, 128 weighted sums of its 64 numbers, each plus its bias"),
        ("vit", "blocks.2.narrow", "At each position alone, 64 weighted sums of its 128 numbers, each plus its bias"),
        (
            "mlp",
            "hidden",
            "Each of its 128 numbers is a weighted sum of all 784 that come in, with weights of its own, ",
        ),
        ("conv16_32", "conv2", "through all 16 maps at once; each of the 32 filters goes over all places"),
    ],
)
def test_a_layer_s_words_have_the_numbers_with_which_it_was_made(
    store: Store, architecture: str, layer: str, sentence: str
) -> None:
    run = untrained(store, architecture)
    said = text_of(visit(PAGE, run=run.id, digit="test-7", walk="way", layer=layer))
    assert sentence in said and "bias" in said


def test_a_layer_without_a_bias_is_said_to_have_none(store: Store) -> None:
    said = text_of(visit(PAGE, walk="way", digit="test-7", layer="conv2"))
    assert "goes over all places with the same weights." in said and "bias" not in said and "+ b" not in said


def test_the_formula_of_an_lstm_works_out_its_largest_number_after_the_last_row(store: Store) -> None:
    run = untrained(store, "lstm_rows")
    model: Any = build("lstm_rows").eval()
    model.load_state_dict(checkpoints.load(run, 0).state_dict())
    with torch.no_grad():
        last = model.features(torch.tensor(mnist.digits("test").images[7:8])[:, None] / 255)[0].numpy()
    unit = int(np.abs(last).argmax())
    said = text_of(visit(PAGE, run=run.id, digit="test-7", walk="way", layer="lstm"))
    assert f"works out the number at unit {unit} after the last row, t = 28." in said
    found = re.search(r"= \{(-?[\d.]+)\}\n\$\$", said)
    assert found is not None and float(found[1]) == pytest.approx(float(last[unit]), rel=0.006)


def test_the_sentence_of_a_layer_has_its_shapes_and_its_least_and_largest_number(store: Store) -> None:
    model: Any = checkpoints.load(store.run(PRETRAINED), store.run(PRETRAINED).steps[-1])
    pixels = torch.tensor(mnist.digits("test").images[3520:3521])[:, None] / 255
    with torch.no_grad():
        after = torch.relu(model.norm1(model.conv1(model.scale(pixels))))
    said = text_of(visit(PAGE, walk="way", digit="test-3520", layer="activation1"))
    zeros = f"{100 * float((after == 0).float().mean()):.1f}"
    assert "**activation1** (ReLU) makes 16 × 14 × 14 numbers of 16 × 14 × 14, with 0 learned ones" in said
    assert f"from 0 to {float(after.max()):.2f}, and {zeros}" in said
    assert "exactly 0" not in text_of(visit(PAGE, walk="way", digit="test-3520", layer="conv1"))


def test_softmax_at_a_temperature_and_the_loss_are_those_of_torch(store: Store) -> None:
    run = store.run(PRETRAINED)
    model = checkpoints.load(run, run.steps[-1])
    pixels = torch.tensor(mnist.digits("test").images[3520:3521])[:, None] / 255
    label = torch.tensor([int(mnist.digits("test").labels[3520])])
    with torch.no_grad():
        logits = model(pixels)
    app = visit(PAGE, walk="way", digit="test-3520", layer="probabilities", temperature="5")
    bars, curve = (json.loads(str(payload(app, key)["figure"])) for key in ("tempered", "surprise"))
    shown = cells(bars["data"][0]["x"])
    assert bars["layout"]["height"] == curve["layout"]["height"]
    np.testing.assert_allclose(shown, 100 * (logits / 5).softmax(1)[0].numpy(), rtol=1e-5)
    loss = torch.nn.functional.cross_entropy(logits, label).item()
    assert f"−ln p = **{loss:.3f}**" in text_of(app)


@pytest.mark.parametrize("words", [{"walk": "back"}, {"walk": "way", "layer": "probabilities"}])
def test_the_loss_of_a_digit_that_is_read_without_doubt_is_a_true_equation(store: Store, words: dict[str, str]) -> None:
    said = text_of(visit(PAGE, digit="test-0", **words))
    found = re.search(r"-\\ln \(1 - ([\d.]+) \\cdot 10\^\{(-\d+)\}\)\} = \{([\d.]+) \\cdot 10\^\{(-\d+)\}", said)
    assert found is not None
    rest, loss = (float(f"{found[at]}e{found[at + 1]}") for at in (1, 3))
    assert -np.log1p(-rest) == pytest.approx(loss, rel=1e-3) and loss < 5e-4


def test_beside_another_temperature_the_loss_is_said_to_be_that_at_1(store: Store) -> None:
    words = {"walk": "way", "digit": "test-18", "layer": "probabilities"}
    tempered, usual = (text_of(visit(PAGE, **words, temperature=one)) for one in ("3", "1"))
    assert "the loss is that at T = 1." in tempered and r"\text{at T = 1:} \quad L} =" in tempered
    assert "stays above 99.9\u00a0%. Their order" in text_of(
        visit(PAGE, **{**words, "digit": "test-0"}, temperature="0.1")
    )
    assert "the loss is that at T = 1." not in usual and "at T = 1:" not in usual


def test_a_step_that_changes_no_digit_of_the_loss_is_said_to_be_too_small(store: Store) -> None:
    said = text_of(visit(PAGE, digit="test-0", walk="back", moment="after"))
    assert "so sure of test-0" in said and "from >\u00a099.99" not in said
    run, label = store.create({"architecture": "mlp"}), int(mnist.digits("test").labels[7])
    model: Any = build("mlp")
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
        model.head.bias[label] = 0.4
    checkpoints.save(run, 0, model)
    biases = 0.4 * np.eye(10)[label]  # all that has a gradient: p − truth
    biases -= 0.1 * (np.exp(biases) / np.exp(biases).sum() - np.eye(10)[label])
    after = np.log(np.exp(biases).sum()) - biases[label]
    words = {"run": run.id, "digit": "test-7", "walk": "back", "moment": "after"}
    assert "the loss of test-7 stays **1.951**. Take a larger rate." in text_of(
        visit(PAGE, **words, digit_rate="0.0001")
    )
    assert f"takes the loss of test-7 from 1.951 to **{after:.3f}**" in text_of(visit(PAGE, **words, digit_rate="0.1"))


def test_a_digit_that_is_read_already_is_said_to_teach_nothing_and_one_button_takes_a_misread_one(store: Store) -> None:
    app = visit(PAGE, digit="test-0", walk="back", moment="repeat", digit_rate="0.03")
    for moment in ("repeat", "error", "gradient", "update", "after"):
        said = text_of(go_to(app, moment=moment))
        assert "test-0 is **read already**" in said and "almost no gradient" in said
        assert "learn from a single digit" not in said and "try 0.03" not in said
    assert "read already" not in text_of(go_to(app, moment="loss"))
    go_to(app, moment="repeat").button(key="take_misread").click().run()
    said = text_of(app)
    assert app.session_state["digit"] == "test-3520"
    assert "read already" not in said and "learn from a single digit" in said
    assert "No step is taken yet" in text_of(go_to(app, repeats="0")) and "single digit" not in text_of(app)


def test_of_a_checkpoint_that_reads_the_usual_digit_another_is_misread(store: Store) -> None:
    run, label = store.create({"architecture": "mlp"}), int(mnist.digits("test").labels[3520])
    model: Any = build("mlp")
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
        model.head.bias[label] = 9
    checkpoints.save(run, 0, model)
    place = int(np.flatnonzero(mnist.digits("val").labels != label)[0])
    assert passes.misread(run.id, 0) == f"val-{place}"


def test_repeating_says_what_it_costs_other_digits(store: Store) -> None:
    run = store.run(PRETRAINED)
    own = checkpoints.load(run, run.steps[-1]).requires_grad_(True)
    digits, held_back = mnist.digits("test"), mnist.digits("val")
    pixels = torch.tensor(digits.images[3520:3521])[:, None] / 255
    label = torch.tensor([int(digits.labels[3520])])
    others = torch.tensor(held_back.images[:1000])[:, None] / 255
    labels = torch.tensor(held_back.labels[:1000].astype(np.int64))
    shares = []
    for _step in range(3):
        with torch.no_grad():
            shares.append(100 * float((own(others).argmax(1) == labels).float().mean()))
        own.zero_grad()
        torch.autograd.backward(torch.nn.functional.cross_entropy(own(pixels), label))
        with torch.no_grad():
            for weight in own.parameters():
                weight.sub_(0.03 * weight.grad)  # type: ignore[operator]
    words = {"walk": "back", "moment": "repeat", "digit_rate": "0.03", "repeats": "2"}
    said = text_of(visit(PAGE, digit="test-3520", **words)).replace("\N{NO-BREAK SPACE}", " ")
    found = re.search(r"the network reads \*\*([\d.]+) %\*\* correctly, before ([\d.]+) %", said)
    assert found is not None
    assert (float(found[1]), float(found[2])) == pytest.approx((shares[2], shares[0]), abs=0.11)
    assert shares[0] - shares[2] > 5


def test_words_of_the_link_that_say_nothing_sensible_mean_the_usual(store: Store) -> None:
    words = {"moment": "update", "digit_rate": "9", "repeats": "99", "kernel_of": "conv9-1-x"}
    app = visit(PAGE, walk="back", digit="test-7", **words)
    assert is_whole(app) and "− 0.001 ·" in text_of(app)
    assert is_whole(visit(PAGE, walk="back", digit="test-7", moment="update", kernel_of="conv1-16-0"))


def test_the_gradient_of_a_kernel_is_said_to_have_colours_of_its_own(store: Store) -> None:
    app = visit(PAGE, walk="back", moment="update", kernel_of="conv1-6-0")
    assert any("the gradient has one of its own" in caption.value for caption in app.caption)


def test_a_run_without_a_checkpoint_says_so(store: Store) -> None:
    run = store.create({"architecture": "mlp"})
    for walk in ("way", "back"):
        assert "no checkpoint yet" in text_of(visit(PAGE, run=run.id, walk=walk))


def test_the_way_back_is_that_of_the_digit_as_the_run_prepares_it(store: Store) -> None:
    run = store.create({"architecture": "mlp", "preparation": "binarise50"})
    torch.manual_seed(0)
    model = build("mlp")
    checkpoints.save(run, 0, model)
    raw, label = mnist.digits("test").images[7:8], int(mnist.digits("test").labels[7])
    pixels = torch.tensor(raw)[:, None] / 255
    prepared = passes.image(run.id, "test-7")[0]
    assert set(prepared.flatten().tolist()) == {0.0, 1.0} and not torch.equal(prepared, pixels)
    with torch.no_grad():
        loss = torch.nn.functional.cross_entropy(model.eval()(prepared), torch.tensor([label])).item()
    assert f"−ln p = **{loss:.3f}**" in text_of(visit(PAGE, run=run.id, digit="test-7", walk="back"))
