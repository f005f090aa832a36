"""The layers of a network that hold what is learned: each by its name, a repeated block as one."""

from collections.abc import Iterable, Iterator

from torch import Tensor, nn


def learning(model: nn.Module) -> dict[str, list[nn.Parameter]]:
    """The parameters that learn, by the layer they are in, in the order in which the layers were made."""
    found = {name: [one for one in layer.parameters() if one.requires_grad] for name, layer in _layers(model)}
    return {name: parameters for name, parameters in found.items() if parameters}


def length(tensors: Iterable[Tensor]) -> float:
    """The Euclidean length of all numbers of these tensors together."""
    return float(sum(float(one.detach().double().square().sum()) for one in tensors) ** 0.5)


def _layers(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    for name, child in model.named_children():
        if isinstance(child, nn.ModuleList):
            yield from ((f"block {place}", block) for place, block in enumerate(child.children(), 1))
        else:
            yield name, child
