"""A batch on its way from bytes to one loss: a network, grey images and labels in, what each step makes of them out."""

from copy import deepcopy
from functools import partial
from math import isfinite
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from mnist_viz.analysis import features
from mnist_viz.analysis.stages import BINS, Stage
from mnist_viz.data.statistics import Images
from models.classifier import Classifier


class _Log:
    """Writes down every tensor as it comes; the one before is kept, so that its memory is given to no other."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []
        self.last: Tensor | None = None

    def add(self, name: str, code: str, values: Tensor, kind: str = "") -> Tensor:
        wide = values.detach().double()
        same = self.last is not None and self.last.untyped_storage().data_ptr() == values.untyped_storage().data_ptr()
        low, high = float(wide.min()), float(wide.max())
        whole = isfinite(low) and isfinite(high)
        ends = (low, high if high > low else low + 1) if whole else (0, 1)
        counts = np.histogram(wide.numpy(), BINS, ends)[0]
        self.stages.append(
            Stage(
                name,
                kind,
                code,
                tuple(values.shape),
                str(values.dtype).removeprefix("torch."),
                values.numel() * values.element_size(),
                low,
                float(wide.mean()),
                high,
                same,
                tuple(counts.tolist()),
            )
        )
        self.last = values
        return values


def journey(
    model: nn.Module, images: Images, labels: NDArray[np.uint8], *, prepared: Images | None = None, word: str = ""
) -> tuple[Stage, ...]:
    """Every step of a batch (N, 28, 28) to its loss, in eval mode; the model is copied first.

    `prepared`: the same images after the steps of the run, where it has any; `word` names them.
    From bytes over stacking, [0, 1], the channel and the scaling inside the model, through every layer as
    `features.activations` names them, to logits (N, K), labels (N,) and the loss ().
    """
    log, model = _Log(), cast(Classifier, deepcopy(model).eval())
    log.add("digit", "digit = images[0]", torch.tensor(images[0]))
    stacked = log.add("stack", "batch = np.stack(images)", torch.tensor(np.stack(list(images))))
    if prepared is not None:
        stacked = log.add("prepare", f'batch = prepare(batch, "{word}")', torch.tensor(prepared))
    unit = log.add("unit", "pixels = torch.from_numpy(batch).float() / 255", stacked.float() / 255)
    pixels = log.add("channel", "pixels = pixels.unsqueeze(1)", unit.unsqueeze(1))
    with torch.inference_mode():
        log.add("scale", "seen = model.scale(pixels)", model.scale(pixels))
        handles = _listen(model, log, pixels[:1])
        logits = model(pixels)
        for handle in handles:
            handle.remove()
        wanted = log.add("labels", "labels = torch.tensor(labels).long()", torch.tensor(labels).long())
        log.add("loss", "loss = F.cross_entropy(logits, labels)", functional.cross_entropy(logits, wanted))
    return tuple(log.stages)


def _listen(model: nn.Module, log: _Log, one: Tensor) -> list[Any]:
    """Hooks that write down what each layer puts out, and what a matrix of weights is given in another shape."""
    names = [layer.name for layer in features.activations(model, one)[1:-1]]
    handles: list[Any] = []
    for name in names:
        module = model.get_submodule(name)
        if isinstance(module, nn.Linear):
            handles.append(module.register_forward_pre_hook(partial(_given, log, name)))
        handles.append(module.register_forward_hook(partial(_made, log, name)))
    return handles


def _given(log: _Log, name: str, _module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    """What happens between two layers is no layer: flattening, cutting into patches, picking the last row."""
    if log.last is None or inputs[0].shape == log.last.shape:
        return
    if inputs[0].numel() == log.last.numel() and inputs[0].ndim == 2:
        log.add("flatten", "seen = torch.flatten(seen, 1)", inputs[0])
    elif inputs[0].numel() <= log.last.numel():
        log.add("rearrange", f"# what model.{name} is given", inputs[0])


def _made(log: _Log, name: str, module: nn.Module, _inputs: Any, output: Any) -> None:
    result = output[0] if isinstance(output, tuple) else output
    if isinstance(result, Tensor):
        log.add(name, f"seen = model.{name}(seen)", result, type(module).__name__)
