"""How much the app's code adds to what Captum needs for the same maps."""

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import torch
from captum import attr
from torch import Tensor, nn

from mnist_viz.analysis import explanation
from mnist_viz.analysis.attribution import misses
from mnist_viz.analysis.deep_lift import EPS
from mnist_viz.data.mnist import digits
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server.board import board
from mnist_viz.ui import caches
from tests.benchmarks.measure import Measure

DIGITS = 6
Call = Callable[[nn.Module, Tensor, Tensor], object]


def _integrated(model: nn.Module, pixels: Tensor, targets: Tensor, steps: Sequence[int]) -> None:
    for at, count in enumerate(steps):
        attr.IntegratedGradients(model).attribute(
            pixels[[at]], target=targets[[at]], n_steps=count, method="riemann_middle", internal_batch_size=2048
        )


def _steps(model: nn.Module, pixels: Tensor, targets: Tensor) -> list[int]:
    """As many as the library needs for each class until its map adds up, on the app's ladder."""
    found = []
    for at in range(len(targets)):
        for count in (100, 300, 900, 2700, 8100):
            maps = attr.IntegratedGradients(model).attribute(
                pixels[[at]], target=targets[[at]], n_steps=count, method="riemann_middle", internal_batch_size=2048
            )
            change = (model(pixels[[at]]) - model(torch.zeros_like(pixels[[at]])))[:, targets[at]].detach()
            if not misses(maps, change):
                break
        found.append(count)
    return found


BARE: dict[str, Call] = {
    "saliency": lambda model, pixels, targets: attr.Saliency(model).attribute(pixels, targets, abs=False),
    "absolute_saliency": lambda model, pixels, targets: attr.Saliency(model).attribute(pixels, targets),
    "input_x_gradient": lambda model, pixels, targets: attr.InputXGradient(model).attribute(pixels, targets),
    "smooth_grad": lambda model, pixels, targets: attr.NoiseTunnel(attr.Saliency(model)).attribute(
        pixels, target=targets, abs=False, nt_samples=50, stdevs=0.15
    ),
    "grad_cam": lambda model, pixels, targets: attr.LayerAttribution.interpolate(
        attr.LayerGradCam(model, model.get_submodule("pool3")).attribute(pixels, targets), (28, 28), "bilinear"
    ),
    "occlusion": lambda model, pixels, targets: attr.Occlusion(model).attribute(
        pixels, (1, 4, 4), (1, 2, 2), 0, targets, perturbations_per_eval=169
    ),
    "deep_lift": lambda model, pixels, targets: attr.DeepLift(model, eps=EPS).attribute(pixels, target=targets),
}
"""With the settings that the app uses. Integrated gradients are called with the steps that they need."""


def _seconds(call: Callable[[], object]) -> float:
    begin = time.process_time()
    call()
    return time.process_time() - begin


def overhead() -> tuple[float, str]:
    """The time of the app's maps by all methods over that of the bare calls, for the two classes that compete."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    names = [*BARE, "integrated_gradients"]
    ours: dict[str, list[float]] = {name: [] for name in names}
    theirs: dict[str, list[float]] = {name: [] for name in names}
    for number in range(DIGITS + 1):
        for name, app, library in _pairs(number, names):
            if number:  # the first one warms everything up
                ours[name].append(app)
                theirs[name].append(library)
    ratios = {name: sum(ours[name]) / sum(theirs[name]) for name in names}
    total = sum(map(sum, ours.values())) / sum(map(sum, theirs.values()))
    return total, "all methods, by processor time; " + ", ".join(f"{name} {one:.2f}" for name, one in ratios.items())


def _pairs(number: int, names: Sequence[str]) -> Iterator[tuple[str, float, float]]:
    """For a test digit and each method: seconds of the app and of the library alone, in turns, the least of three."""
    run = board().store.run(PRETRAINED)
    where = (run.id, run.steps[-1], f"test-{number}")
    model = caches.network(*where[:2])
    classes = explanation.rivals(caches.answer(*where), int(digits("test").labels[number]))
    pixels = torch.tensor(digits("test").images[number]).float().div(255).expand(2, 1, 28, 28).clone().requires_grad_()
    targets = torch.tensor(classes)
    integrated = partial(_integrated, steps=_steps(model, pixels, targets))
    for name in names:
        bare = BARE.get(name, integrated)
        both = []
        for _turn in range(3):
            caches.attributions.clear()
            app = _seconds(partial(caches.attributions, *where, name, classes, baseline=caches.BLACK))
            both.append((app, _seconds(partial(bare, model, pixels, targets))))
        yield name, min(app for app, _library in both), min(library for _app, library in both)


MEASURES = {"saliency_overhead": Measure(overhead, "x", 1.10)}
