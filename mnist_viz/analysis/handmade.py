"""Features that someone thought of: digits (N, 28, 28) in; edges, ink, symmetry and projections out, in shares of ink.

From the article on features and labels; what its "feature pictures" are is said here in formulas. x is a pixel from 0
(paper) to 1 (full ink), and a "full pixel" is the ink of one pixel at 1.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

Images = NDArray[np.uint8]
Floats = NDArray[np.float32]
CHUNK = 2500  # digits whose edges are computed at once
STEEP, LESS_STEEP = 0.025, 0.0125  # of Canny's edges, in shares of full ink a pixel; kornia's usual 0.2 and 0.1
_SUMMED = 8  # times as large: kornia's Canny does not divide Sobel's differences by the sum of their weights


class Ink(NamedTuple):
    """Of each digit: all its ink in full pixels (N,), and the share (N,) of its pixels that carry any."""

    full: Floats
    share: Floats


class Symmetry(NamedTuple):
    """How much of a digit (N,) its mirror image covers, from 0 to 1: swapped left and right, and top and bottom."""

    left_right: Floats
    top_bottom: Floats


class Projections(NamedTuple):
    """The ink of each row and of each column of a digit, in full pixels: (N, 28) each."""

    rows: Floats
    columns: Floats


def ink(images: Images) -> Ink:
    """How much ink there is and how far it is spread."""
    return Ink(shares(images).sum(axis=(1, 2)), (images > 0).mean(axis=(1, 2)).astype(np.float32))


def symmetry(images: Images) -> Symmetry:
    """1 - sum |x - mirrored x| / (2 sum x): 1 for a mirror image of itself, 0 where no ink meets ink.

    The axis is the middle of the picture. An empty picture is its own mirror image.
    """
    x = shares(images)
    twice = 2 * x.sum(axis=(1, 2))
    apart = (np.abs(x - mirrored).sum(axis=(1, 2)) for mirrored in (x[:, :, ::-1], x[:, ::-1]))
    return Symmetry(*(1 - np.divide(one, twice, out=np.zeros_like(one), where=twice > 0) for one in apart))


def projections(images: Images) -> Projections:
    """What is seen of a digit from its side and from above."""
    x = shares(images)
    return Projections(x.sum(axis=2), x.sum(axis=1))


def sobel(images: Images) -> Floats:
    """How steeply the grey rises at each pixel, in shares of full ink a pixel: (N, 28, 28). Sobel and Feldman 1968."""
    from kornia import filters  # noqa: PLC0415  heavy

    return _filtered(images, lambda x: filters.sobel(x, eps=1e-12))


def laplacian(images: Images) -> Floats:
    """How far the mean of a pixel's eight neighbours lies above it, in shares of full ink: (N, 28, 28), signed."""
    from kornia import filters  # noqa: PLC0415  heavy

    return _filtered(images, lambda x: filters.laplacian(x, 3, normalized=False) / 8)


def canny(images: Images) -> Floats:
    """Thin lines along the steepest places, 1 or 0: (N, 28, 28). Canny 1986: a Gaussian of 1 pixel, then what is
    steeper than STEEP, and what is steeper than LESS_STEEP and hangs on to it, in the unit of `sobel`.
    """
    from kornia import filters  # noqa: PLC0415  heavy

    return _filtered(images, lambda x: filters.canny(x, _SUMMED * LESS_STEEP, _SUMMED * STEEP)[1])


def pixels(images: Images) -> Floats:
    """The pixels as they are, in one row a digit: (N, 784)."""
    return shares(images).reshape(len(images), -1)


def numbers(images: Images) -> Floats:
    """Ink (2), symmetry (2) and projections (56) in one row a digit: (N, 60)."""
    table: Floats = np.column_stack([*ink(images), *symmetry(images), *projections(images)])
    return table


def edges(images: Images) -> Floats:
    """Sobel's steepness in one row a digit: (N, 784)."""
    return sobel(images).reshape(len(images), -1)


TABLES = {"pixels": pixels, "numbers": numbers, "edges": edges}
"""What a digit can be described by without having learned anything: name -> images (N, 28, 28) to numbers (N, D)."""


def shares(images: Images) -> Floats:
    """Pixels in shares of full ink."""
    return images.astype(np.float32) / np.float32(255)


def _filtered(images: Images, filtered: "Callable[[Tensor], Tensor]") -> Floats:
    import torch  # noqa: PLC0415  heavy

    with torch.inference_mode():
        chunks = (torch.from_numpy(shares(images[at : at + CHUNK]))[:, None] for at in range(0, len(images), CHUNK))
        return np.concatenate([filtered(chunk)[:, 0].numpy() for chunk in chunks]).astype(np.float32)
