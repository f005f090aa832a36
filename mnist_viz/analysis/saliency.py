"""Which pixels decided: a model, images (N, 1, 28, 28) and classes (N,) in, signed maps (N, 28, 28) out."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mnist_viz.analysis import attribution
from mnist_viz.analysis.attribution import Refused
from mnist_viz.analysis.deep_lift import deep_lift, unknown
from mnist_viz.text import _

__all__ = ["METHODS", "Method", "Refused"]


@dataclass(frozen=True)
class Method:
    """A way to explain a score by pixels: positive speaks for the class, negative against it.

    Called as `method(model, images, targets, *, baseline=None, **parameters)`. `baseline` (an image, a batch of
    them or a number; black by default) is what a method that `compares` compares with; others need none.
    `adds_up`: its map adds up to the change of the score. `signed`: not only how much, but for or against.
    `hooks`: it hangs hooks on the model. The model keeps none and no gradient, and many may use it at once.
    `refusal`: the sentence for a network that it does not fit, "" where it may.
    """

    function: Callable[..., Tensor]
    words: Callable[[], tuple[str, str]]
    adds_up: bool = False
    compares: bool = False
    signed: bool = True
    hooks: bool = False
    refusal: Callable[[nn.Module], str] = lambda model: ""

    @property
    def title(self) -> str:
        """Its name, as on the menu."""
        return self.words()[0]

    @property
    def description(self) -> str:
        """What its map shows and what it cannot show, for a visitor."""
        return self.words()[1]

    def fits(self, model: nn.Module) -> bool:
        """Whether nothing is known against it before it is tried."""
        return not self.refusal(model)

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
        if refusal := self.refusal(model):
            raise Refused(refusal)
        if targets.shape != images.shape[:1]:
            raise ValueError(
                f"targets of shape {tuple(targets.shape)} do not fit {len(images)} images: give one class an image."
            )
        with torch.inference_mode(False), torch.enable_grad():
            used = _twin(model) if self.hooks or model.training else model
            place = next(chain(model.parameters(), model.buffers())).device
            pixels = images.detach().clone().to(place).requires_grad_()
            black = torch.zeros_like(pixels) if baseline is None else torch.as_tensor(baseline).to(pixels)
            maps = self.function(
                used, pixels, targets.to(place), black.detach().expand(pixels.shape).clone(), **parameters
            )
        found: NDArray[np.float32] = maps.detach().squeeze(1).cpu().numpy()
        strongest = abs(found).max(axis=(1, 2))
        if not (np.isfinite(strongest) & (strongest > 0)).all():
            raise Refused(_("{method} finds no pixel that matters to this network here.").format(method=self.title))
        return found


def _twin(model: nn.Module) -> nn.Module:
    """The same network for evaluation, with the very same weights, to hang hooks on."""
    return deepcopy(model, {id(one): one for one in chain(model.parameters(), model.buffers())}).eval()


def _without_convolution(model: nn.Module) -> str:
    if attribution.convolves(model):
        return ""
    return _("Grad-CAM needs a convolution and this network has none.")


def _unknown_to_deep_lift(model: nn.Module) -> str:
    if not (kinds := unknown(model)):
        return ""
    return _("DeepLift has no rule for {kinds}, which this network is made of: choose another method.").format(
        kinds=", ".join(kinds)
    )


METHODS: dict[str, Method] = {
    "saliency": Method(
        attribution.saliency,
        lambda: (
            _("Saliency"),
            _("The gradient of the score: how much it would rise if a pixel got a little more ink. Signed."),
        ),
    ),
    "absolute_saliency": Method(
        attribution.absolute_saliency,
        lambda: (
            _("Absolute saliency"),
            _("The same gradient without its sign: how much a pixel matters, not whether it is for or against."),
        ),
        signed=False,
    ),
    "input_x_gradient": Method(
        attribution.input_x_gradient,
        lambda: (
            _("Input × gradient"),
            _("The gradient times the ink: what a pixel would give if the score went on as it goes here."),
        ),
    ),
    "integrated_gradients": Method(
        attribution.integrated_gradients,
        lambda: (
            _("Integrated gradients"),
            _(
                "Gradients along the way from the baseline to the digit, times what changes on it. "
                "They add up to the score minus that of the baseline; a pixel that is as in the baseline gets nothing."
            ),
        ),
        adds_up=True,
        compares=True,
    ),
    "smooth_grad": Method(
        attribution.smooth_grad,
        lambda: (
            _("SmoothGrad"),
            _("The mean of the gradients at 50 noisy copies of the digit: noise of 15 % of full ink, always the same."),
        ),
    ),
    "grad_cam": Method(
        attribution.grad_cam,
        lambda: (
            _("Grad-CAM"),
            _(
                "The pooled feature maps of the last convolution, each weighted by its mean gradient and added up. "
                "Coarse: a few squares a side, blown up to 28 by 28 and smoothed. "
                "The original keeps only what is positive; here the negative stays, to show what speaks against."
            ),
        ),
        hooks=True,
        refusal=_without_convolution,
    ),
    "occlusion": Method(
        attribution.occlusion,
        lambda: (
            _("Occlusion"),
            _(
                "How far the score falls where a square of 4 × 4 pixels shows the baseline instead of the digit, "
                "for 13 × 13 squares; a pixel gets the mean over the squares that cover it."
            ),
        ),
        compares=True,
    ),
    "deep_lift": Method(
        deep_lift,
        lambda: (
            _("DeepLift"),
            _(
                "The change of the score from the baseline to the digit, handed back layer by layer, each unit getting "
                "its share of what it changed. It adds up as integrated gradients do, in one pass."
            ),
        ),
        adds_up=True,
        compares=True,
        hooks=True,
        refusal=_unknown_to_deep_lift,
    ),
}
"""In the order of the menu; the papers are named where each is computed."""
