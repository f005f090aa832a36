"""Augmentation against scipy and numpy: each change is the one that its numbers say, and what is off does nothing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from mnist_viz.data.mnist import digits
from mnist_viz.training import augmentation
from mnist_viz.training.config import FIELDS, Number, Refused, TrainConfig, from_words
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.training.fit import fit, network, taught
from mnist_viz.training.learner import Learner
from mnist_viz.training.order import batches
from models import build

OFF = dict.fromkeys(AUGMENTATION, 0.0)
SMALL: dict[str, Any] = {"architecture": "mlp", "digits": 200, "batch": 50, "schedule": "constant", "device": "cpu"}
ALL: dict[str, Any] = {"rotation": 20, "shift": 2, "zoom": 0.2, "shear": 15, "elastic": 1, "erasing": 0.1, "grain": 0.2}


@pytest.fixture(scope="module")
def batch() -> Tensor:
    return torch.tensor(digits("train").images[:64]).unsqueeze(1).float() / 255


def parts(amounts: dict[str, Any]) -> list[Any]:
    augment = augmentation.build({**OFF, **amounts})
    assert isinstance(augment, augmentation.Augmentation)
    return augment.parts


def changed(batch: Tensor, seed: int = 3, **amounts: Any) -> tuple[NDArray[np.float64], dict[str, Any]]:
    """The batch (B, 28, 28) under these amounts, and the numbers that kornia drew for it."""
    augment = augmentation.build({**OFF, **amounts})
    assert isinstance(augment, augmentation.Augmentation)
    torch.manual_seed(seed)
    result = augment(batch)
    assert result.shape == batch.shape and result.dtype == batch.dtype
    last: Any = augment.parts[-1]
    drawn = {name: value.double().numpy() for name, value in last._params.items()}
    return result[:, 0].double().numpy(), drawn


def moved(image: NDArray[np.float64], forwards: NDArray[np.float64], shift: NDArray[np.float64]) -> Any:
    """scipy's picture of a digit whose point p (column, row) goes to forwards (p - middle) + middle + shift."""
    swap = np.array([[0.0, 1], [1, 0]])  # scipy thinks in rows and columns
    back, middle = swap @ np.linalg.inv(forwards) @ swap, np.full(2, 13.5)
    return ndimage.affine_transform(
        image, back, middle - back @ (middle + shift[::-1]), order=1, mode="grid-constant", cval=0
    )


def turned(degrees: float) -> NDArray[np.float64]:
    """To the right, with rows that count downwards."""
    angle = np.deg2rad(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def assert_all_moved(before: Tensor, after: NDArray[np.float64], forwards: list[Any], shifts: Any) -> None:
    for image, result, matrix, shift in zip(before[:, 0].double().numpy(), after, forwards, shifts, strict=True):
        assert np.allclose(result, moved(image, matrix, shift), atol=2e-4)


def test_a_turned_digit_is_that_of_scipy(batch: Tensor) -> None:
    after, drawn = changed(batch, rotation=40)
    angles = drawn["angle"]
    assert np.abs(angles).max() <= 40 and angles.std() == pytest.approx(40 / np.sqrt(3), rel=0.2)
    assert_all_moved(batch, after, [turned(angle) for angle in angles], np.zeros((64, 2)))
    rotated = ndimage.rotate(batch[0, 0].double().numpy(), -angles[0], reshape=False, order=1, mode="grid-constant")
    assert np.allclose(after[0], rotated, atol=2e-4)


def test_a_shifted_digit_is_that_of_scipy_and_by_whole_pixels_that_of_numpy(batch: Tensor) -> None:
    after, drawn = changed(batch, shift=3)
    shifts = drawn["translations"]
    assert np.abs(shifts).max() <= 3 and np.abs(shifts).max() > 2.7
    assert_all_moved(batch, after, [np.eye(2)] * 64, shifts)
    (affine,) = parts({"shift": 3})
    affine(batch)
    whole = {**affine._params, "translations": torch.tensor([[2.0, -3.0]]).repeat(64, 1)}
    pixels = affine(batch, params=whole)[:, 0].numpy()
    assert np.allclose(pixels[:, :25, 2:], batch[:, 0, 3:, :26].numpy(), atol=1e-5) and not pixels[:, :, :2].any()


def test_a_scaled_and_a_slanted_digit_are_those_of_scipy(batch: Tensor) -> None:
    after, drawn = changed(batch, zoom=0.3)
    scales = drawn["scale"]
    assert scales.min() >= 0.7 and scales.max() <= 1.3 and np.array_equal(scales[:, 0], scales[:, 1])
    assert_all_moved(batch, after, [np.diag(scale) for scale in scales], np.zeros((64, 2)))
    after, drawn = changed(batch, shear=30)
    slants = np.tan(np.deg2rad(drawn["shear_x"]))
    assert np.abs(drawn["shear_x"]).max() <= 30 and not drawn["shear_y"].any(), "as handwriting slants: along the rows"
    assert_all_moved(batch, after, [np.array([[1, -slant], [0, 1]]) for slant in slants], np.zeros((64, 2)))


def test_four_changes_in_one_step_are_their_product(batch: Tensor) -> None:
    after, drawn = changed(batch, rotation=20, shift=2, zoom=0.2, shear=15)
    slants = np.tan(np.deg2rad(drawn["shear_x"]))
    together = [
        turned(angle) @ np.diag(scale) @ np.array([[1, -slant], [0, 1]])
        for angle, scale, slant in zip(drawn["angle"], drawn["scale"], slants, strict=True)
    ]
    assert_all_moved(batch, after, together, drawn["translations"])


def test_points_are_carried_as_far_as_the_setting_says_and_neighbours_together() -> None:
    ramp = (torch.arange(28) / 27).expand(300, 1, 28, 28)  # each pixel says in which column it was
    for pixels in (0.5, 1.5):
        after, _drawn = changed(ramp, elastic=pixels)
        carried = (after * 27 - np.arange(28))[:, 9:19, 9:19]  # where the rim is far
        assert carried.std() == pytest.approx(pixels, rel=0.05) and abs(carried.mean()) < pixels / 10
        beside = np.corrcoef(carried[:, :, 1:].ravel(), carried[:, :, :-1].ravel())[0, 1]
        assert beside == pytest.approx(np.exp(-1 / (4 * 4**2)), abs=0.01), "of a Gaussian of 4 pixels with itself"


def test_a_rectangle_of_the_share_is_covered_and_nothing_else() -> None:
    after, drawn = changed(torch.ones(500, 1, 28, 28), erasing=0.1)
    covered = (after == 0).sum(axis=(1, 2))
    assert covered.mean() == pytest.approx(78.4, rel=0.05)
    assert np.array_equal(covered, drawn["widths"] * drawn["heights"]) and set(np.unique(after)) == {0.0, 1.0}
    boxes = [np.argwhere(one == 0) for one in after]
    sides = np.array([box.max(0) - box.min(0) + 1 for box in boxes])
    assert np.array_equal(sides.prod(axis=1), covered), "rectangles"
    assert len({tuple(box.min(0)) for box in boxes}) > 100, "somewhere else each time"


def test_the_four_that_move_a_digit_are_one_step() -> None:
    assert len(parts({"rotation": 5, "shift": 1, "zoom": 0.1, "shear": 5})) == 1 and len(parts(ALL)) == 4


def test_noise_has_the_deviation_that_is_said_and_stays_in_range(batch: Tensor) -> None:
    after, _drawn = changed(torch.full((100, 1, 28, 28), 0.5), grain=0.1)
    assert after.std() == pytest.approx(0.1, rel=0.02) and after.mean() == pytest.approx(0.5, abs=0.002)
    for amounts in ({"grain": 0.5}, ALL):
        after, _drawn = changed(batch, **amounts)
        assert after.min() >= 0 and after.max() <= 1


def test_the_same_seed_gives_the_same_pictures_and_the_digits_keep_their_places(batch: Tensor) -> None:
    before = batch.clone()
    one, other, third = (changed(batch, seed=seed, **ALL)[0] for seed in (5, 5, 6))
    assert np.array_equal(one, other) and not np.array_equal(one, third)
    assert torch.equal(batch, before), "what comes in stays as it is"
    mild = changed(batch, rotation=5, shift=0.5, zoom=0.05, elastic=0.3)[0].reshape(64, -1)
    flat = batch.double().numpy().reshape(64, -1)
    likeness = np.corrcoef(mild, flat)[:64, 64:]
    assert (likeness.argmax(axis=1) == np.arange(64)).mean() > 0.95, "each is still most like itself"


def test_whoever_restores_the_random_state_goes_on_with_the_same_pictures(batch: Tensor) -> None:
    first, second = (augmentation.build({**OFF, **ALL}) for _ in range(2))
    assert first and second
    torch.manual_seed(1)
    first(batch)
    state = torch.get_rng_state()
    expected = first(batch)
    torch.set_rng_state(state)
    assert torch.equal(second(batch), expected)


def test_all_off_is_nothing_at_all_and_loads_nothing() -> None:
    assert augmentation.build(TrainConfig.from_preset().as_dict()) is None
    script = (
        "import sys; from mnist_viz.training.fit import network; from mnist_viz.training.learner import Learner; "
        "from mnist_viz.training.config import TrainConfig; config = TrainConfig.from_preset(architecture='mlp'); "
        "Learner(network(config), config).prepare(); assert 'kornia' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_loop_learns_from_changed_digits_and_looks_at_plain_ones() -> None:
    config = TrainConfig.from_preset("live", **SMALL, rotation=20, grain=0.1, optimiser="sgd", momentum=0)
    train, val = digits("train"), digits("val").chosen(np.arange(200))
    model = network(config)
    told = list(fit(model, train, val, config))

    same, few = network(config), taught(train, config)  # a loop by hand that sees what the pictures are
    augment = augmentation.build(config.as_dict())
    assert augment is not None
    optimiser = torch.optim.SGD(same.parameters(), lr=config.rate)
    for chosen in batches(config, torch.device("cpu")):
        images = augment(torch.tensor(few.images)[chosen].unsqueeze(1).float() / 255)
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(same(images), torch.tensor(few.labels)[chosen].long()).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    for one, other in zip(model.parameters(), same.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6)
    with torch.no_grad():
        plain = same(torch.tensor(val.images).unsqueeze(1).float() / 255).argmax(1).numpy()
    assert [one for one in told if one["kind"] == "evaluation"][-1]["accuracy"] == (plain == val.labels).mean()


def test_the_augmentation_may_be_changed_between_two_steps(batch: Tensor) -> None:
    config = TrainConfig.from_preset("live", **SMALL)
    learner = Learner(network(config), config)
    learner.prepare()
    images, labels = (batch * 255).to(torch.uint8), torch.zeros(64).long()
    seen: list[Tensor] = []
    learner.model.register_forward_pre_hook(lambda _model, said: seen.append(said[0]))
    learner.step(1, images, labels)
    learner.moment.now = replace(config, erasing=0.3)
    learner.step(2, images, labels)
    learner.moment.now = config
    learner.step(3, images, labels)
    assert torch.equal(seen[0], images.float() / 255) and torch.equal(seen[2], seen[0])
    assert seen[1].sum() < 0.95 * seen[0].sum()


def test_the_preview_is_what_the_trainer_would_make() -> None:
    image = torch.tensor(digits("test").images[3520]).float() / 255
    state = torch.get_rng_state()
    shown = augmentation.samples(image, {**OFF, **ALL}, 18, seed=7)
    assert torch.equal(torch.get_rng_state(), state), "nobody else's chance is touched"
    learner = Learner(network(config := TrainConfig.from_preset("live", **SMALL, **ALL)), config)
    learner.prepare()
    seen: list[Tensor] = []
    learner.model.register_forward_pre_hook(lambda _model, said: seen.append(said[0]))
    torch.manual_seed(7)
    learner.step(1, (image * 255).to(torch.uint8).expand(18, 1, 28, 28), torch.full((18,), 3))
    assert torch.equal(shown, seen[0][:, 0])
    assert torch.equal(augmentation.samples(image, OFF, 3, seed=0), image.expand(3, 28, 28))


def test_pictures_of_a_seed_are_alike_whoever_else_draws_meanwhile() -> None:
    image = torch.tensor(digits("test").images[7]).float() / 255
    alone = {seed: augmentation.samples(image, {**OFF, **ALL}, 28, seed) for seed in range(3)}

    def again(number: int) -> bool:
        if number % 4 == 3:
            build("mlp")  # whose weights are drawn from the same chance
            return True
        return torch.equal(augmentation.samples(image, {**OFF, **ALL}, 28, number % 3), alone[number % 3])

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(again, range(60)))


def test_every_amount_is_off_as_it_comes_and_refused_outside_its_bounds() -> None:
    for name in AUGMENTATION:
        field = FIELDS[name]
        assert isinstance(field, Number) and field.low == 0
        assert from_words(set=[f"{name}={field.try_:g}"]).as_dict()[name] == field.try_
        with pytest.raises(Refused, match=f"{name}=-1 is outside 0.."):
            from_words(set=[f"{name}=-1"])
    old = {name: value for name, value in TrainConfig.from_preset().as_dict().items() if name not in AUGMENTATION}
    assert TrainConfig.from_dict(old) == TrainConfig.from_preset(), "a run from before says that all are off"
