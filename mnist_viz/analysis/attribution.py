"""Ways to give each pixel its part in a score: model, images and baselines (N, 1, 28, 28), classes (N,) in; maps out.

Each calls Captum with settings that are sound for digits of 28 x 28 pixels in [0, 1]. Maps are (N, 1, 28, 28).
"""

import torch
from captum import attr
from torch import Tensor, nn

from mnist_viz.text import _

COMPLETE = 0.01  # the share of the change of the score by which a map that adds up may miss it
_LEAST_CHANGE = 0.1  # the change that counts where it is smaller still; scores go from about -10 to 10
_MOST_STEPS = 24_300  # of which fast_cnn takes 8,000 a second: a digit that pulls both ways alike needs all of them
_AT_ONCE = 2048  # images that go through the network together: some 100 MB
_SEED = 0


class Refused(ValueError):
    """A method that cannot be right for this model or these numbers; its text can be shown to a visitor."""


def saliency(model: nn.Module, images: Tensor, targets: Tensor, baselines: Tensor) -> Tensor:
    """The gradient of the score. Simonyan et al. 2013, arXiv 1312.6034."""
    maps: Tensor = attr.Saliency(model).attribute(images, targets, abs=False)
    return maps


def absolute_saliency(model: nn.Module, images: Tensor, targets: Tensor, baselines: Tensor) -> Tensor:
    """The size of the gradient, without its sign, as in the paper on saliency and as Captum does it unasked."""
    maps: Tensor = attr.Saliency(model).attribute(images, targets, abs=True)
    return maps


def input_x_gradient(model: nn.Module, images: Tensor, targets: Tensor, baselines: Tensor) -> Tensor:
    """The gradient times the ink. Shrikumar et al. 2016, arXiv 1605.01713."""
    maps: Tensor = attr.InputXGradient(model).attribute(images, targets).detach()
    return maps


def integrated_gradients(
    model: nn.Module, images: Tensor, targets: Tensor, baselines: Tensor, n_steps: int = 100
) -> Tensor:
    """The mean gradient from the baseline to the image times their difference. Sundararajan 2017, arXiv 1703.01365.

    Captum's Riemann sum over midpoints. Who does not add up yet gets three times as many: a third of them is
    there already, and the others are the midpoints of the same way, begun a little earlier and a little later.
    A map does not depend on who stands beside it. Raises `Refused` where `_MOST_STEPS` are not enough.
    """
    left, way = torch.arange(len(images), device=images.device), (images - baselines).detach()
    with torch.no_grad():
        change = (model(images) - model(baselines))[left, targets]
    sums, maps = torch.zeros_like(way), torch.zeros_like(way)
    fresh, shifts, steps = [0.0], [0.0], n_steps
    while True:
        for shift in fresh:
            ahead = shift * way[left]
            sums[left] += (
                attr.IntegratedGradients(model)
                .attribute(
                    images[left] + ahead,
                    baselines[left] + ahead,
                    targets[left],
                    n_steps=n_steps,
                    method="riemann_middle",
                    internal_batch_size=max(_AT_ONCE, len(left)),
                )
                .detach()
            )
        maps[left] = sums[left] / len(shifts)
        left = left[_missed(maps[left], change[left]) > 1]
        if not len(left):
            return maps
        if 3 * steps > max(n_steps, _MOST_STEPS):
            words = _(
                "Integrated gradients are left out for this digit: even in {steps:,} small steps from the baseline to "
                "it, what they give to its pixels does not add up to the change of the score."
            )
            raise Refused(words.format(steps=steps))
        fresh = [shift + side / (3 * steps) for shift in shifts for side in (-1, 1)]
        shifts += fresh
        steps *= 3


def misses(maps: Tensor, change: Tensor) -> bool:
    """Whether the sum of any map is off the change of its score by more than can be shown."""
    return not bool((_missed(maps, change) <= 1).all())


def _missed(maps: Tensor, change: Tensor) -> Tensor:
    """By how many times what is allowed each map misses the change of its score: (N,)."""
    missed: Tensor = (maps.detach().sum((1, 2, 3)) - change).abs() / (COMPLETE * change.abs().clamp(min=_LEAST_CHANGE))
    return missed.nan_to_num(torch.inf)


def smooth_grad(
    model: nn.Module, images: Tensor, targets: Tensor, baselines: Tensor, *, samples: int = 50, noise: float = 0.15
) -> Tensor:
    """The mean gradient over noisy copies. Smilkov et al. 2017, arXiv 1706.03825.

    `noise` is its standard deviation; pixels go from 0 to 1. The noise is always the same and the same for each
    image, from a generator of its own: what Captum's NoiseTunnel draws for one image after `manual_seed(0)`.
    """
    drawn = torch.normal(
        0.0, torch.full((samples, *images.shape[1:]), noise), generator=torch.Generator().manual_seed(_SEED)
    ).to(images)
    maps, together = [], max(1, _AT_ONCE // samples)
    for start in range(0, len(images), together):
        some, wanted = images[start : start + together], targets[start : start + together]
        noisy = (some.detach()[:, None] + drawn).flatten(0, 1).requires_grad_()
        gradients = attr.Saliency(model).attribute(noisy, wanted.repeat_interleave(samples), abs=False)
        maps.append(gradients.unflatten(0, (-1, samples)).mean(1))
    return torch.cat(maps)


def grad_cam(model: nn.Module, images: Tensor, targets: Tensor, baselines: Tensor) -> Tensor:
    """The last feature maps, each weighted by its mean gradient. Selvaraju et al. 2016, arXiv 1610.02391.

    Before a max pooling, most of a convolution's outputs are those that lose to the largest one: their mean
    gradient times their value says nothing of the score, and its sign is more often wrong than right. So it is
    the pooling that is looked at where one follows. Raises `Refused` where no map has more than one place.
    """
    for layer in reversed(_maps(model)):
        coarse = attr.LayerGradCam(model, layer).attribute(images, targets, relu_attributions=False)
        if coarse.dim() == 4 and coarse.shape[-2:] != (1, 1):
            maps: Tensor = attr.LayerAttribution.interpolate(coarse, images.shape[-2:], "bilinear")
            return maps.detach()
    raise Refused(_("Grad-CAM needs feature maps of more than one place and this network has none."))


def convolves(model: nn.Module) -> bool:
    """Whether there is a convolution over pictures."""
    return bool(_maps(model))


def _maps(model: nn.Module) -> list[nn.Module]:
    """Each convolution, or the max pooling behind it, in the order in which the network lists them."""
    found: list[nn.Module] = []
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            found.append(layer)
        elif isinstance(layer, nn.MaxPool2d) and found:
            found[-1] = layer
    return found


def occlusion(
    model: nn.Module, images: Tensor, targets: Tensor, baselines: Tensor, *, window: int = 4, stride: int = 2
) -> Tensor:
    """How far the score falls where a square shows the baseline. Zeiler and Fergus 2013, arXiv 1311.2901.

    13 x 13 squares of 4 x 4 pixels; a pixel gets the mean over the squares that cover it.
    """
    squares = ((images.shape[-1] - window) // stride + 1) ** 2
    with torch.no_grad():
        maps: Tensor = attr.Occlusion(model).attribute(
            images.detach(),
            (1, window, window),
            (1, stride, stride),
            baselines,
            targets,
            perturbations_per_eval=max(1, min(squares, _AT_ONCE // len(images))),
        )
    return maps
