"""Which pixels decided: a model, images (N, 1, 28, 28) and classes (N,) in, signed maps (N, 28, 28) out."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from captum import attr
from numpy.typing import NDArray
from torch import Tensor, nn

from mnist_viz.text import _

COMPLETE = 0.01  # the share by which integrated gradients may miss the change of the score
_LEAST_CHANGE = 2.0  # the change that counts where it is smaller still; scores go from about -10 to 10
_MOST_STEPS = 800
_AT_ONCE = 2048  # images that go through the network together: some 100 MB


class Refused(ValueError):
    """A method that cannot be right for this model or these numbers; its text can be shown to a visitor."""


@dataclass(frozen=True)
class Method:
    """A way to explain a score by pixels: positive speaks for the class, negative against it.

    Called as `method(model, images, targets, *, baseline=None, **parameters)`. `baseline` (an image, a batch of
    them or a number; black by default) is what a method with `adds_up` compares with; others need none.
    The model is copied first: it keeps no hook and no gradient, and many may use it at once.
    """

    function: Callable[..., Tensor]
    words: Callable[[], tuple[str, str]]
    adds_up: bool = False
    fits: Callable[[nn.Module], bool] = lambda model: True

    @property
    def title(self) -> str:
        """Its name, as on the menu."""
        return self.words()[0]

    @property
    def description(self) -> str:
        """What its map shows and what it cannot show, for a visitor."""
        return self.words()[1]

    def __call__(
        self,
        model: nn.Module,
        images: Tensor,
        targets: Tensor,
        *,
        baseline: Tensor | float | None = None,
        **parameters: Any,
    ) -> NDArray[np.float32]:
        """The maps (N, 28, 28) of these images, each for its class of `targets`. Raises `Refused` and ValueError."""
        if not self.fits(model):
            raise Refused(
                _("{method} needs a convolution and this network has none: choose another method.").format(
                    method=self.title
                )
            )
        if targets.shape != images.shape[:1]:
            raise ValueError(
                f"targets of shape {tuple(targets.shape)} do not fit {len(images)} images: give one class an image."
            )
        with torch.inference_mode(False), torch.enable_grad():
            copy = deepcopy(model).eval().requires_grad_(False)
            place = next(iter(copy.state_dict().values())).device
            pixels = images.detach().clone().to(place).requires_grad_()
            black = torch.zeros_like(pixels) if baseline is None else torch.as_tensor(baseline).to(pixels)
            maps = self.function(
                copy, pixels, targets.to(place), black.detach().expand(pixels.shape).clone(), **parameters
            )
        return maps.detach().squeeze(1).cpu().numpy()


def _saliency(model: nn.Module, images: Tensor, targets: Tensor, baseline: Tensor) -> Tensor:
    maps: Tensor = attr.Saliency(model).attribute(images, targets, abs=False)
    return maps


def _integrated_gradients(
    model: nn.Module, images: Tensor, targets: Tensor, baseline: Tensor, n_steps: int = 50
) -> Tensor:
    rows, most = torch.arange(len(images)), max(n_steps, _MOST_STEPS)
    with torch.no_grad():
        change = (model(images) - model(baseline))[rows, targets]
    maps, left = torch.zeros_like(images), rows
    while len(left):  # who does not add up yet is done again; the others keep their map, whoever stands beside them
        if n_steps > most:
            raise Refused(_("Integrated gradients do not add up for this network: it jumps. Choose another method."))
        maps[left], missed = attr.IntegratedGradients(model).attribute(
            images[left],
            baseline[left],
            targets[left],
            n_steps=n_steps,
            internal_batch_size=max(_AT_ONCE, len(left)),
            return_convergence_delta=True,
        )
        left = left[(missed.abs() > COMPLETE * change[left].abs().clamp(min=_LEAST_CHANGE)).cpu()]
        n_steps *= 2
    return maps


def _grad_cam(model: nn.Module, images: Tensor, targets: Tensor, baseline: Tensor) -> Tensor:
    coarse = attr.LayerGradCam(model, _last_maps(model)).attribute(images, targets, relu_attributions=False)
    maps: Tensor = attr.LayerAttribution.interpolate(coarse, images.shape[-2:], "bilinear")
    return maps


def _last_maps(model: nn.Module) -> nn.Module | None:
    """The last convolution, or the pooling behind it; None where there is no convolution.

    Before the pooling, most of a convolution's outputs are those that lose to the largest one: their mean
    gradient times their value says nothing of the score, and its sign is more often wrong than right.
    """
    layers = list(model.modules())
    convolutions = [place for place, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
    if not convolutions:
        return None
    last = convolutions[-1]
    behind = [layer for layer in layers[last:] if isinstance(layer, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d))]
    return behind[-1]


METHODS: dict[str, Method] = {
    "saliency": Method(
        _saliency,
        lambda: (
            _("Saliency"),
            _("The gradient of the score: how much it would rise if a pixel got a little more ink. Signed."),
        ),
    ),
    "integrated_gradients": Method(
        _integrated_gradients,
        lambda: (
            _("Integrated gradients"),
            _(
                "Gradients along the way from an empty image to the digit, times the ink. "
                "They add up to the score minus that of the empty image; a pixel without ink gets nothing."
            ),
        ),
        adds_up=True,
    ),
    "grad_cam": Method(
        _grad_cam,
        lambda: (
            _("Grad-CAM"),
            _(
                "The pooled feature maps of the last convolution, each weighted by its mean gradient and added up. "
                "Coarse: a few squares a side, blown up to 28 by 28 and smoothed. "
                "The original keeps only what is positive; here the negative stays, to show what speaks against."
            ),
        ),
        fits=lambda model: _last_maps(model) is not None,
    ),
}
"""In this order: Simonyan et al. 2013, arXiv 1312.6034; Sundararajan et al. 2017, arXiv 1703.01365;
Selvaraju et al. 2016, arXiv 1610.02391."""
