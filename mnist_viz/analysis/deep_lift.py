"""DeepLift that keeps its promise: it adds up, a batch is its members, and it refuses what it cannot follow.

Captum 0.9 gets two things wrong in ordinary convolutional networks, and a third is silent: modules it does not know
get plain gradients. Shrikumar et al. 2017, arXiv 1704.02685; captum issues 1104 and 1276.
"""

import warnings
from typing import Any, cast

import torch
from captum import attr
from torch import Tensor, nn

from mnist_viz.analysis.attribution import Refused, misses
from mnist_viz.text import _

_POOLINGS = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)
_FOLLOWED = {nn.ReLU, nn.ELU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh, nn.Softplus, *_POOLINGS}
_LINEAR = {
    *(nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d),
    *(nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d, nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d),
    *(nn.Identity, nn.Flatten, nn.Unflatten, nn.ZeroPad2d, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d),
}
"""What is linear once a network is evaluated, and so needs no rule."""

EPS = 1e-5  # a smaller change of an activation is rounding: there the gradient stands for the ratio of changes


def unknown(model: nn.Module) -> list[str]:
    """The kinds of layers that it cannot follow, each once: none where it fits.

    What a network computes outside of its layers is not seen here; then the map does not add up.
    """
    leaves = (layer for layer in model.modules() if next(layer.children(), None) is None)
    return sorted({type(layer).__name__ for layer in leaves if type(layer) not in _FOLLOWED | _LINEAR})


def deep_lift(model: nn.Module, images: Tensor, targets: Tensor, baselines: Tensor) -> Tensor:
    """The change of the score from the baseline to the image, handed back layer by layer. Hooks the model.

    Raises `Refused` where a layer is used twice or the map does not add up.
    """
    lift = _Lift(model, eps=EPS)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Setting forward, backward hooks")
        maps: Tensor = lift.attribute(images, baselines, targets).detach()
    if misses(maps, lift.change[torch.arange(len(images)), targets]):
        raise Refused(_("DeepLift does not add up for this network: it computes what DeepLift cannot follow."))
    return maps


class _Lift(attr.DeepLift):  # type: ignore[misc]  # captum has no types
    """Captum's, with hooks that share no tensor, a pooling rule for batches, and the scores kept that it computes.

    `change`: (N, classes), the scores of the images minus those of their baselines.
    """

    change: Tensor

    def _hook_main_model(self) -> list[Any]:
        def keep(_model: nn.Module, _inputs: Any, scores: Tensor) -> None:
            self.change = (scores[:, 0] - scores[:, 1]).detach()

        return [*super()._hook_main_model(), self.model.register_forward_hook(keep)]

    def _register_hooks(self, module: nn.Module, attribute_to_layer_input: bool = True) -> None:
        """As Captum does, but no module puts out the very tensor that the next one takes in.

        On a shared one the first module would read the gradient before the second has corrected it.
        """
        before = len(self.forward_handles)
        super()._register_hooks(module, attribute_to_layer_input)
        if len(self.forward_handles) > before:
            self.forward_handles.append(module.register_forward_hook(_apart))

    def _backward_hook(self, module: nn.Module, grad_input: Tensor, grad_output: Tensor) -> Tensor:
        """As Captum does, but where a pooling's input does not change, each image keeps a gradient of its own.

        Captum gives all of them that of the first.
        """
        if not self.satisfies_attribute_criteria(module):
            raise Refused(_("DeepLift cannot follow a network that uses one layer twice: choose another method."))
        image, baseline = cast(Tensor, module.input).chunk(2)
        still = (image - baseline).abs() < self.eps
        multipliers: Tensor = super()._backward_hook(module, grad_input, grad_output)
        if not isinstance(module, _POOLINGS):
            return multipliers
        own = grad_input.chunk(2)[0]
        return torch.where(torch.cat([still, still]), torch.cat([own, own]), multipliers)


def _apart(_module: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
    return output.view_as(output)
