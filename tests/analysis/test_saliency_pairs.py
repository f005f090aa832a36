"""Every method on every network of the zoo: what each promises it keeps, or says in a sentence that it does not fit."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from captum import attr
from torch import Tensor, nn

from mnist_viz.analysis.saliency import METHODS, Refused
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import PRETRAINED, Store
from models import ARCHITECTURES, build

NETWORKS = ["shipped", *ARCHITECTURES]


@pytest.fixture(scope="module")
def networks() -> Mapping[str, nn.Module]:
    """The shipped one and a fresh one of each architecture."""
    run = Store.default().run(PRETRAINED)
    torch.manual_seed(4)
    return {"shipped": checkpoints.load(run, run.steps[-1])} | {name: build(name).eval() for name in ARCHITECTURES}


def hooks(model: nn.Module) -> int:
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return sum(len(getattr(module, kind)) for module in model.modules() for kind in kinds)


def maps_or_none(name: str, model: nn.Module, *inputs: Tensor, **words: Any) -> Any:
    """The maps, or nothing where the method refuses this network in a sentence."""
    try:
        return METHODS[name](model, *inputs, **words)
    except Refused as refusal:
        assert str(refusal).endswith(".")
        return None


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_batch_is_its_members_and_what_adds_up_does(
    networks: dict[str, nn.Module], network: str, method: str, images: Tensor
) -> None:
    model = networks[network]
    few = images[[0, 0, 1]]
    targets = model(few).argsort(dim=1)[[0, 1, 2], [9, 0, 9]]
    before = {name: one.clone() for name, one in model.state_dict().items()}
    wanted = [one.requires_grad for one in model.parameters()]
    for baseline in (None, images.mean(0)):
        together = maps_or_none(method, model, few, targets, baseline=baseline)
        if together is None:
            assert method in ("grad_cam", "deep_lift"), f"{method} refuses {network}"
            continue
        alone = np.concatenate([METHODS[method](model, few[[at]], targets[[at]], baseline=baseline) for at in range(3)])
        assert together.shape == (3, 28, 28) and together.dtype == np.float32
        assert np.allclose(together, alone, atol=2e-3 * abs(together).max())
        assert (abs(together).max((1, 2)) > 0).all()
        assert together.max() > 0 and (together.min() < 0) == METHODS[method].signed
        if METHODS[method].adds_up:
            start = torch.zeros_like(few) if baseline is None else baseline.expand_as(few)
            change = (model(few) - model(start)).detach()[range(3), targets].numpy()
            assert (abs(together.sum((1, 2)) - change) <= 0.01 * np.maximum(abs(change), 0.1) + 1e-5).all()
    assert hooks(model) == 0
    assert [one.requires_grad for one in model.parameters()] == wanted
    assert all(one.grad is None for one in model.parameters())
    assert all(torch.equal(one, before[name]) for name, one in model.state_dict().items())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("network", NETWORKS)
def test_nothing_is_left_behind_by_a_class_that_is_not_there(
    networks: dict[str, nn.Module], network: str, method: str, images: Tensor
) -> None:
    model, ink = networks[network], images[:2].clone()
    wanted = [one.requires_grad for one in model.parameters()]
    with pytest.raises((Refused, AssertionError, IndexError, RuntimeError)):
        METHODS[method](model, ink, torch.tensor([3, 77]))
    assert hooks(model) == 0
    assert [one.requires_grad for one in model.parameters()] == wanted
    assert not ink.requires_grad


def test_all_methods_fit_the_shipped_network_and_all_but_one_the_one_without_convolution(
    networks: dict[str, nn.Module],
) -> None:
    assert all(method.fits(networks["shipped"]) for method in METHODS.values())
    assert [name for name, method in METHODS.items() if not method.fits(networks["mlp"])] == ["grad_cam"]


def bare(method: str, model: nn.Module, images: Tensor, targets: Tensor) -> Tensor:
    """What the library alone says of one image."""
    found: Tensor
    baseline = torch.full_like(images, 0.1)
    pixels = images.clone().requires_grad_()
    windows = {"sliding_window_shapes": (1, 4, 4), "strides": (1, 2, 2)}
    if method == "smooth_grad":
        torch.manual_seed(0)
        tunnel = attr.NoiseTunnel(attr.Saliency(model))
        found = tunnel.attribute(pixels, target=targets, abs=False, nt_samples=50, stdevs=0.15)
    elif method == "occlusion":
        found = attr.Occlusion(model).attribute(pixels, baselines=baseline, target=targets, **windows)
    elif method == "deep_lift":
        found = attr.DeepLift(model, eps=1e-5).attribute(pixels, baseline, targets)
    elif method == "input_x_gradient":
        found = attr.InputXGradient(model).attribute(pixels, targets)
    else:
        found = attr.Saliency(model).attribute(pixels, targets)
    found = found.detach()
    return found.squeeze(1)


@pytest.mark.parametrize("method", ["absolute_saliency", "input_x_gradient", "smooth_grad", "occlusion", "deep_lift"])
def test_one_image_gets_the_map_of_the_bare_library(
    networks: dict[str, nn.Module], method: str, images: Tensor, targets: Tensor
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = bare(method, networks["shipped"], images[:1], targets[:1]).numpy()
    ours = METHODS[method](networks["shipped"], images[:1], targets[:1], baseline=0.1)
    assert np.allclose(ours, theirs, atol=1e-4 * abs(theirs).max())


def test_an_occluded_pixel_gets_the_mean_fall_of_the_score(
    networks: dict[str, nn.Module], images: Tensor, targets: Tensor
) -> None:
    model = networks["shipped"]
    total, covered = np.zeros((28, 28)), np.zeros((28, 28))
    with torch.no_grad():
        score = float(model(images[:1])[0, targets[0]])
        for row in range(0, 25, 2):
            for column in range(0, 25, 2):
                here = np.s_[row : row + 4, column : column + 4]
                without = images[:1].clone()
                without[(0, 0, *here)] = 0
                total[here] += score - float(model(without)[0, targets[0]])
                covered[here] += 1
    assert np.allclose(METHODS["occlusion"](model, images[:1], targets[:1])[0], total / covered, atol=1e-4)


def test_smooth_grad_is_the_same_every_time_and_leaves_the_random_numbers_alone(
    networks: dict[str, nn.Module], images: Tensor, targets: Tensor
) -> None:
    before = torch.random.get_rng_state()
    first = METHODS["smooth_grad"](networks["shipped"], images, targets)
    torch.manual_seed(9)
    again = METHODS["smooth_grad"](networks["shipped"], images, targets)
    torch.random.set_rng_state(before)
    assert np.array_equal(first, again)
    METHODS["smooth_grad"](networks["shipped"], images, targets)
    assert torch.equal(torch.random.get_rng_state(), before)


class Neighbours(nn.Module):
    """Blocks whose pooling and ReLU touch, in both orders; `spacer` stands between them."""

    def __init__(self, spacer: nn.Module | None = None) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.conv1, self.pool1, self.relu1 = nn.Conv2d(1, 6, 3), nn.MaxPool2d(2), nn.ReLU()
        self.conv2, self.relu2, self.pool2 = nn.Conv2d(6, 8, 3), nn.ReLU(), nn.MaxPool2d(2)
        self.head = nn.Linear(200, 10)
        self.spacer1, self.spacer2 = _identity(6) if spacer else None, _identity(8) if spacer else None

    def forward(self, pixels: Tensor) -> Tensor:
        seen = self.pool1(self.conv1(pixels))
        seen = self.relu1(self.spacer1(seen) if self.spacer1 else seen)
        seen = self.relu2(self.conv2(seen))
        seen = self.pool2(self.spacer2(seen) if self.spacer2 else seen)
        scores: Tensor = self.head(torch.flatten(seen, 1))
        return scores


def _identity(channels: int) -> nn.Conv2d:
    """A convolution that changes nothing."""
    same = nn.Conv2d(channels, channels, 1, bias=False)
    same.weight.data = torch.eye(channels)[:, :, None, None]
    return same


def test_deep_lift_is_right_where_pooling_and_activation_touch(images: Tensor, targets: Tensor) -> None:
    close, spaced = Neighbours(), Neighbours(nn.Identity())
    spaced.load_state_dict(close.state_dict(), strict=False)
    assert torch.allclose(close(images), spaced(images), atol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lift = attr.DeepLift(spaced, eps=1e-5)
        theirs = [lift.attribute(images[[n]], target=targets[[n]]).detach().squeeze(1)[0] for n in range(8)]
        wrong = attr.DeepLift(close).attribute(images, target=targets).detach().squeeze(1).numpy()
    ours = METHODS["deep_lift"](close, images, targets)
    assert np.allclose(ours, torch.stack(theirs), atol=1e-4 * abs(ours).max())
    assert abs(wrong - ours).max() > 0.05 * abs(ours).max()


class Functional(nn.Module):
    """What it computes beside its layers is not seen by a list of them."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(784, 30), nn.Linear(30, 10)

    def forward(self, pixels: Tensor) -> Tensor:
        scores: Tensor = 20 * self.two(nn.functional.gelu(4 * self.one(torch.flatten(pixels, 1))))
        return scores


class Twice(nn.Module):
    """One ReLU in two places."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two, self.three = nn.Linear(784, 30), nn.Linear(30, 30), nn.Linear(30, 10)
        self.relu = nn.ReLU()

    def forward(self, pixels: Tensor) -> Tensor:
        scores: Tensor = self.three(self.relu(self.two(self.relu(self.one(torch.flatten(pixels, 1))))))
        return scores


class Rows(nn.Module):
    """A digit read row by row by an LSTM."""

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.head = nn.LSTM(28, 16, batch_first=True), nn.Linear(16, 10)

    def forward(self, pixels: Tensor) -> Tensor:
        scores: Tensor = self.head(self.rows(pixels[:, 0])[0][:, -1])
        return scores


class Patches(nn.Module):
    """A small transformer over 49 patches."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(1, 16, 4, stride=4)
        self.mixer = nn.TransformerEncoderLayer(16, 2, 32, activation="gelu", batch_first=True, dropout=0)
        self.head = nn.Linear(16, 10)

    def forward(self, pixels: Tensor) -> Tensor:
        scores: Tensor = self.head(self.mixer(self.patches(pixels).flatten(2).mT).mean(1))
        return scores


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (Functional, "DeepLift does not add up for this network"),
        (Twice, "DeepLift cannot follow a network that uses one layer twice"),
        (Rows, "DeepLift has no rule for LSTM"),
        (Patches, "DeepLift has no rule for .*LayerNorm"),
        (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 9), nn.GELU(), nn.Linear(9, 10)), "no rule for GELU"),
    ],
)
def test_deep_lift_refuses_what_it_cannot_follow(model: Any, sentence: str, images: Tensor, targets: Tensor) -> None:
    torch.manual_seed(3)
    network = model().eval()
    with pytest.raises(Refused, match=sentence):
        METHODS["deep_lift"](network, images, targets)
    assert hooks(network) == 0


@pytest.mark.parametrize("model", [Rows, Patches])
def test_networks_of_other_kinds_get_every_other_map(model: Any, images: Tensor, targets: Tensor) -> None:
    torch.manual_seed(3)
    network = model().eval()
    for name, method in METHODS.items():
        if method.fits(network):
            assert maps_or_none(name, network, images[:2], targets[:2]) is not None, name
    assert METHODS["grad_cam"].fits(network) == (model is Patches)


def test_grad_cam_looks_at_the_last_maps_that_are_maps(images: Tensor, targets: Tensor) -> None:
    torch.manual_seed(3)
    whole = nn.Sequential(nn.Conv2d(1, 6, 28), nn.ReLU(), nn.Flatten(), nn.Linear(6, 10))
    with pytest.raises(Refused, match="needs feature maps of more than one place"):
        METHODS["grad_cam"](whole, images, targets)
    ending = nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.Conv2d(6, 10, 24), nn.Flatten())
    bare_map = attr.LayerGradCam(ending, ending[0]).attribute(images, targets)
    fine = nn.functional.interpolate(bare_map, (28, 28), mode="bilinear").detach().squeeze(1)
    assert np.allclose(METHODS["grad_cam"](ending, images, targets), fine, atol=1e-6)


def test_a_map_of_zeros_is_refused(images: Tensor, targets: Tensor) -> None:
    weights = nn.Linear(784, 10)
    nn.init.zeros_(weights.weight)
    blind = nn.Sequential(nn.Flatten(), weights)
    for name in ("saliency", "occlusion", "smooth_grad"):
        with pytest.raises(Refused, match="finds no pixel that matters to this network"):
            METHODS[name](blind, images, targets)
