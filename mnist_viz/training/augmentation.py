"""Digits as other hands might have written them: a batch (B, 1, 28, 28) in [0, 1] in, the same digits changed out.

Every digit is changed in its own way, by chance, anew whenever it is seen: moved, turned, scaled and slanted, bent, a
piece of it covered, noisy. None is mirrored: a mirrored digit is none.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from mnist_viz.training.fields import AUGMENTATION
from models.chance import seeded

Augment = Callable[[Tensor], Tensor]
SIDE = 28
SMOOTH, KERNEL = 4.0, 17  # pixels: of the smoothing of random displacements, and how far it reaches, both ways together
RATIO = (0.3, 1 / 0.3)  # of height to width of what is covered, as in Zhong et al. 2017


class Augmentation:
    """Changes batches by kornia's `parts`, one after the other. Numbers come from torch's global generator, on the
    processor whatever the digits lie on: who restores its state gets the same pictures.
    """

    def __init__(self, parts: list[nn.Module]) -> None:
        self.parts = parts

    @torch.no_grad()
    def __call__(self, images: Tensor) -> Tensor:
        """(B, 1, 28, 28) in [0, 1], changed; the images that come in stay as they are."""
        for part in self.parts:
            images = part(images)
        return images.clamp(0, 1)


def build(amounts: Mapping[str, Any]) -> Augment | None:
    """What changes batches by these amounts, in the units of `recipe`; None where all are 0."""
    parts = recipe(amounts)
    if not parts:
        return None
    import kornia.augmentation as kornia  # noqa: PLC0415  half a second, which nobody waits for who needs none of it

    return Augmentation([getattr(kornia, name)(**words) for name, words in parts])


def recipe(amounts: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The parts of kornia.augmentation that change batches by these amounts, those named in AUGMENTATION, each with
    what it is told; none where all are 0.

    `rotation`, `shear`: degrees both ways; `shift`: pixels each way; `zoom`: share by which a digit grows or shrinks;
    `elastic`: pixels, the deviation of how far each point is carried along each axis, neighbours alike: Simard et al.
    2003; `erasing`: share of the picture that a rectangle covers with paper: Zhong et al. 2017; `grain`: deviation of
    noise added to each pixel, in shares of full ink. The first four are one step, so that a digit is read off once.
    """
    turn, shift, zoom, shear, elastic, erasing, grain = (float(amounts[name]) for name in AUGMENTATION)
    parts: list[tuple[str, dict[str, Any]]] = []
    if any((turn, shift, zoom, shear)):
        moved = (shift / SIDE, shift / SIDE) if shift else None
        scaled = (1 - zoom, 1 + zoom) if zoom else None
        parts.append(("RandomAffine", {"degrees": turn, "translate": moved, "scale": scaled, "shear": shear or None}))
    if elastic:
        alpha = elastic / (SIDE / 2 * _deviation())
        smooth = {"kernel_size": (KERNEL, KERNEL), "sigma": (SMOOTH, SMOOTH)}
        parts.append(("RandomElasticTransform", {**smooth, "alpha": (alpha, alpha)}))
    if erasing:
        parts.append(("RandomErasing", {"scale": (erasing, erasing), "ratio": RATIO}))
    if grain:
        parts.append(("RandomGaussianNoise", {"std": grain}))
    return [(name, {**words, "p": 1.0}) for name, words in parts]


def samples(image: Tensor, amounts: Mapping[str, Any], count: int, seed: int) -> Tensor:
    """One digit (28, 28) in [0, 1] as `count` batches might bring it: (count, 28, 28), always alike for a seed."""
    batch = image.view(1, 1, SIDE, SIDE).repeat(count, 1, 1, 1)
    augment = build(amounts)
    with seeded(seed):
        return (augment(batch) if augment else batch)[:, 0]


def _deviation() -> float:
    """Of what kornia smooths: numbers even in -1..1, each of which becomes a Gaussian mean of its neighbours."""
    weights = [math.exp(-((place - KERNEL // 2) ** 2) / (2 * SMOOTH**2)) for place in range(KERNEL)]
    kept = sum(weight**2 for weight in weights) / sum(weights) ** 2  # of the variance, along each of two axes
    return math.sqrt(1 / 3) * kept
