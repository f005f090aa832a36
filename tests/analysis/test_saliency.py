"""Signed maps: against answers worked out by hand, against the bare library, and what they leave behind."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from captum import attr
from torch import Tensor, nn

from mnist_viz.analysis.saliency import METHODS, Refused
from models import build


class Linear(nn.Module):
    """Scores that are a weighted sum of the pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Linear(784, 10)

    def forward(self, images: Tensor) -> Tensor:
        scores: Tensor = self.weights(torch.flatten(images, 1))
        return scores


class Stairs(Linear):
    """Scores that jump: flat everywhere, so no gradient adds up to their change."""

    def forward(self, images: Tensor) -> Tensor:
        return torch.round(super().forward(images)) + 0 * images.sum() + 3 * (images.amax((1, 2, 3)) > 0.5)[:, None]


class Tie(nn.Module):
    """Scores that the left half of the ink pulls up and the right half as far down, and a `jump` without gradient."""

    def __init__(self, jump: float) -> None:
        super().__init__()
        self.jump = nn.Parameter(torch.tensor(jump))

    def forward(self, images: Tensor) -> Tensor:
        pull = 50 * (images[..., :14].mean((1, 2, 3)) - images[..., 14:].mean((1, 2, 3)))
        inked = (images.amax((1, 2, 3)) > 0.5).float()
        return (pull + self.jump * inked)[:, None].expand(-1, 10)


def methods_for(model: nn.Module) -> list[str]:
    return [name for name, method in METHODS.items() if method.fits(model)]


def test_the_saliency_of_a_linear_model_is_its_weights(images: Tensor, targets: Tensor) -> None:
    model = Linear()
    weights = model.weights.weight.detach().reshape(10, 28, 28).numpy()
    assert np.allclose(METHODS["saliency"](model, images, targets), weights[targets.numpy()])


def test_the_integrated_gradients_of_a_linear_model_are_weights_times_ink(images: Tensor, targets: Tensor) -> None:
    model = Linear()
    weights = model.weights.weight.detach().reshape(10, 28, 28)
    maps = METHODS["integrated_gradients"](model, images, targets)
    assert np.allclose(maps, (weights[targets] * images[:, 0]).numpy(), atol=1e-6)


def test_integrated_gradients_add_up_to_the_change_of_the_score(trained: nn.Module, images: Tensor) -> None:
    images, wanted = images[:4], torch.full((4,), 7)
    for baseline in (None, 0.5, images.flip(0)):
        maps = METHODS["integrated_gradients"](trained, images, wanted, baseline=baseline)
        start = torch.zeros_like(images) if baseline is None else torch.as_tensor(baseline).expand_as(images)
        change = (trained(images) - trained(start))[:, 7]
        assert (abs(maps.sum((1, 2)) - change.numpy()) <= 0.01 * change.abs().clamp(min=0.1).numpy()).all()


def test_few_steps_become_more_until_the_map_adds_up(trained: nn.Module, images: Tensor, targets: Tensor) -> None:
    bare = attr.IntegratedGradients(trained)
    maps, missed = bare.attribute(images, target=targets, n_steps=2, return_convergence_delta=True)
    assert (missed.abs() > 0.02).any()
    better = METHODS["integrated_gradients"](trained, images, targets, n_steps=2)
    change = (trained(images) - trained(torch.zeros_like(images)))[range(len(images)), targets]
    assert (abs(better.sum((1, 2)) - change.numpy()) <= 0.01 * change.abs().clamp(min=0.1).numpy()).all()
    assert not np.allclose(better, maps.squeeze(1).detach().numpy())


def test_three_times_the_steps_are_the_steps_of_the_bare_library(trained: nn.Module, images: Tensor) -> None:
    image, wanted = images[:1], torch.tensor([3])
    ours = METHODS["integrated_gradients"](trained, image, wanted, n_steps=3)
    bare = attr.IntegratedGradients(trained)
    misses = [
        abs(
            bare.attribute(image, target=wanted, n_steps=3**power, method="riemann_middle").detach()[:, 0].numpy()
            - ours
        )
        for power in range(1, 8)
    ]
    assert min(float(one.max()) for one in misses) < 1e-5 * abs(ours).max() + 1e-6
    assert float(misses[0].max()) > 1e-3


def test_a_network_whose_score_jumps_is_refused_plainly(images: Tensor, targets: Tensor) -> None:
    with pytest.raises(Refused, match="what they give to its pixels does not add up"):
        METHODS["integrated_gradients"](Stairs(), images[:1], targets[:1], n_steps=800)


def test_what_all_but_cancels_is_held_to_the_same_bound() -> None:
    grey, wanted = torch.ones(1, 1, 28, 28), torch.tensor([4])  # 50 for, 50 against, and a jump of less than 0.1
    with pytest.raises(Refused, match="even in 24,300 small steps"):
        METHODS["integrated_gradients"](Tie(0.05), grey, wanted)


def test_the_maps_are_those_of_the_bare_library(trained: nn.Module, images: Tensor, targets: Tensor) -> None:
    pixels = images.clone().requires_grad_()
    gradient = attr.Saliency(trained).attribute(pixels, targets, abs=False)
    assert np.array_equal(METHODS["saliency"](trained, images, targets), gradient.squeeze(1).numpy())
    path = (
        attr.IntegratedGradients(trained)
        .attribute(pixels, target=targets, n_steps=900, method="riemann_middle")
        .detach()
    )
    ours = METHODS["integrated_gradients"](trained, images, targets, n_steps=900)
    assert np.allclose(ours, path.squeeze(1), atol=1e-5)
    coarse = attr.LayerGradCam(trained, trained.get_submodule("pool3")).attribute(pixels, targets)
    assert coarse.shape[1:] == (1, 3, 3)
    fine = nn.functional.interpolate(coarse, (28, 28), mode="bilinear").detach()
    assert np.allclose(METHODS["grad_cam"](trained, images, targets), fine.squeeze(1), atol=1e-6)


def test_grad_cam_speaks_for_the_class_that_is_read_and_against_the_last(trained: nn.Module, images: Tensor) -> None:
    order = trained(images).argsort(dim=1)
    for_it, against = (METHODS["grad_cam"](trained, images, order[:, place]).sum((1, 2)) for place in (-1, 0))
    assert (for_it > against).all()
    assert (against < 0).mean() > 0.7


def test_the_model_and_the_images_are_left_as_they_were(trained: nn.Module, images: Tensor, targets: Tensor) -> None:
    before, ink = deepcopy(trained.state_dict()), images.clone()
    for name in methods_for(trained):
        with torch.inference_mode():
            METHODS[name](trained, images, targets)
        with pytest.raises((AssertionError, IndexError, RuntimeError)):
            METHODS[name](trained, images, targets + 100)
    for module in trained.modules():
        assert not (module._forward_hooks or module._backward_hooks or module._forward_pre_hooks)
    assert not any(weight.requires_grad or weight.grad is not None for weight in trained.parameters())
    assert all(torch.equal(value, before[name]) for name, value in trained.state_dict().items())
    assert torch.equal(images, ink)
    assert not images.requires_grad
    assert not trained.training


def test_a_model_in_training_is_explained_as_it_is_used_and_stays_in_training(images: Tensor, targets: Tensor) -> None:
    model = build("fast_cnn").train()
    while_training = METHODS["saliency"](model, images, targets)
    assert model.training
    assert np.array_equal(while_training, METHODS["saliency"](model.eval(), images, targets))


def test_a_method_that_does_not_fit_is_refused_plainly(images: Tensor, targets: Tensor) -> None:
    assert not METHODS["grad_cam"].fits(build("mlp"))
    with pytest.raises(Refused, match=r"Grad-CAM needs a convolution and this network has none\.$"):
        METHODS["grad_cam"](build("mlp"), images, targets)


def test_one_class_for_many_images_is_refused(trained: nn.Module, images: Tensor) -> None:
    with pytest.raises(ValueError, match=r"targets of shape \(1,\) do not fit 8 images: give one class an image"):
        METHODS["saliency"](trained, images, torch.tensor([3]))


def test_every_method_says_what_it_is(trained: nn.Module, images: Tensor, targets: Tensor) -> None:
    assert [name for name, method in METHODS.items() if method.adds_up] == ["integrated_gradients", "deep_lift"]
    for method in METHODS.values():
        assert method.title
        assert method.description.endswith(".")
        with pytest.raises(TypeError):
            method(trained, images, targets, nonsense=1)
