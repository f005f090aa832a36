"""What the articles' slips come to, each against a computation of its own."""

import math

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import nn

from mnist_viz.analysis.slips import of_data, of_losses, of_networks, of_programs
from mnist_viz.data import mnist, openml
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store

pytestmark = pytest.mark.usefixtures("one_thread")


def shipped() -> nn.Module:
    run = Store.default().run(PRETRAINED)
    return checkpoints.load(run, run.steps[-1])


def test_there_are_sixty_and_ten_thousand_digits_and_fifteen_disputed_labels() -> None:
    assert of_data.counts() == (60_000, 10_000)
    found = of_data.disputed(mnist.digits("test").labels)
    assert len(found) == 15 and {947, 2462, 3520, 9729} <= set(found.tolist())


def test_the_mean_of_all_knows_of_the_test_digits_and_the_last_fifth_holds_all_of_them() -> None:
    row = openml.images()
    learned, whole = row[:56_000].mean(axis=0, dtype=np.float64), row.mean(axis=0, dtype=np.float64)
    found = of_data.leak()
    assert found.learned_mean == pytest.approx(learned.mean()) and found.whole_mean == pytest.approx(whole.mean())
    assert found.moved == pytest.approx((np.abs(whole - learned).mean(), np.abs(whole - learned).max()))
    in_order = np.repeat(["train", "test"], [60_000, 10_000])
    assert (found.learned, found.held_back) == (56_000, len(in_order[56_000:])) and found.tests == int(
        (in_order[56_000:] == "test").sum()
    )


def test_less_the_mean_image_pixels_go_below_zero() -> None:
    images = mnist.digits("train").images
    mean = images.mean(axis=0, dtype=np.float64)
    low = min((images[at : at + 5000] - mean).min() for at in range(0, len(images), 5000)) / 255
    high = max((images[at : at + 5000] - mean).max() for at in range(0, len(images), 5000)) / 255
    assert of_data.centred_range() == pytest.approx((low, high))
    assert low < -0.5


def test_todays_encoder_refuses_the_old_word() -> None:
    assert "'sparse'" in of_data.encoder_refusal()
    assert of_data.encoded_shape() == (10, 10)


def test_the_cross_entropy_is_that_of_one_number_and_not_of_the_article() -> None:
    found = of_losses.cross_entropy()
    assert found.total == pytest.approx(1.3)
    assert found.as_it_stands == pytest.approx(1.609, abs=5e-4) == pytest.approx(-math.log(0.2), abs=5e-4)
    assert found.normalised == pytest.approx(1.872, abs=5e-4) == pytest.approx(math.log(13 / 2), abs=5e-4)
    assert found.printed == pytest.approx(2.525, abs=5e-4)
    assert found.read == 2
    shares = torch.tensor(of_losses.ANSWERS) / sum(of_losses.ANSWERS)
    assert float(nn.functional.nll_loss(shares.log()[None], torch.tensor([3]))) == pytest.approx(found.normalised)


def test_log_softmax_twice_is_log_softmax_but_its_gradient_is_another() -> None:
    model, digits = shipped().double(), mnist.digits("test")
    for index in (0, 3520):
        label = int(digits.labels[index])
        found = of_losses.log_softmax_twice(shipped(), digits.images[index], label)
        pixels = (torch.tensor(digits.images[index : index + 1])[:, None].double() / 255).requires_grad_()
        logits = model(pixels)[0]
        assert found.once == pytest.approx(float(torch.logsumexp(logits, 0).detach() - logits[label].detach()))
        assert found.twice == pytest.approx(found.once, abs=1e-12)
        one, every = (
            torch.autograd.grad(score, pixels, retain_graph=True)[0].flatten().numpy()
            for score in (logits[label], logits[label] - torch.logsumexp(logits, 0))
        )
        assert found.alike == pytest.approx(one @ every / np.sqrt((one @ one) * (every @ every)), abs=1e-6)
        assert found.alike < 0.99


def test_parameters_are_those_counted_by_hand() -> None:
    found = of_networks.parameters()
    assert found.convolutional == 16 * 9 + 16 + 32 * 16 * 9 + 32 + 800 * 128 + 128 + 1280 + 10 == 108_618
    assert found.connected == 784 * 128 + 128 + 1280 + 10 == 101_770
    assert (found.flat, found.width) == (32 * 5 * 5, 128)
    assert round(100 * found.hidden / found.convolutional) == 94


def test_the_view_makes_sixteen_rows_of_sixty_four_digits() -> None:
    found = of_networks.wrong_view()
    assert found.pooled == (64, 64, 7, 7) and found.viewed == (64 * 64 * 49 // 12_544, 12_544) == (16, 12_544)
    assert "(16)" in found.refusal and "(64)" in found.refusal


def test_sizes_follow_the_formula_with_a_stride() -> None:
    assert of_networks.sizes() == (32, 30, (30 - 2) // 2 + 1, (30 - 2) // 1 + 1) == (32, 30, 15, 29)


def test_dropout_of_channels_drops_single_numbers_of_a_flat_table() -> None:
    before = torch.random.get_rng_state()
    found = of_networks.flat_dropout()
    assert torch.equal(before, torch.random.get_rng_state()), "nobody else's chance is changed"
    assert "2-D input" in found.warning and found.zero_rows == 0
    assert 0.45 < found.zeros / (64 * 128) < 0.55


def test_changed_digits_are_read_as_scipys_changed_digits_are() -> None:
    model, digits = shipped(), mnist.digits("test")
    images, labels = digits.images[:200], digits.labels[:200]
    turns: list[int] = []

    class Turn:
        def __enter__(self) -> None:
            turns.append(1)

        def __exit__(self, *_failure: object) -> None:
            turns.append(-1)

    found = of_networks.right_when_changed(model, images, labels, turn=Turn())
    assert turns == [1, -1] * len(of_networks.CHANGES), "others are let in between two changes"

    def right(changed: np.ndarray) -> int:
        with torch.inference_mode():
            read = model(torch.tensor(changed)[:, None].float() / 255).argmax(dim=1).numpy()
        return int((read == labels).sum())

    moved = np.zeros_like(images)
    moved[:, :, 6:] = images[:, :, :-6]
    turned = ndimage.rotate(images.astype(np.float32), -45, axes=(1, 2), reshape=False, order=1).clip(0, 255)
    assert found["none"] == right(images) and found["moved_6"] == right(moved)
    assert abs(found["turned_45"] - right(turned.round().astype(np.uint8))) <= 6
    assert set(found) == set(of_networks.CHANGES)


def test_an_open_string_stops_before_the_first_line_and_a_name_nobody_made_only_where_it_is_asked_for() -> None:
    string, loader, name = (of_programs.run(one) for one in of_programs.PROGRAMS)
    assert string.said.startswith("SyntaxError: unterminated string literal") and string.done == 0
    assert loader == ("NameError: name 'test_loader' is not defined", 10)
    assert name == ("NameError: name 'test_data' is not defined", 1)
