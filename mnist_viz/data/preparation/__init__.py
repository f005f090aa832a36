"""Digits prepared by a list of steps before any network sees them: the one function that trains, tests and shows.

What only scales grey values lives in the network itself (`models.classifier`); everything else is a step here.
"""

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data.preparation.steps import STEPS, Step, apply, names, said, strength
from mnist_viz.data.preparation.words import MOST, Chosen, UnknownStep, parse, write

__all__ = ["MOST", "STEPS", "Chosen", "Step", "UnknownStep", "names", "parse", "prepare", "said", "strength", "write"]

CHUNK = 512  # digits at a time: what one takes stays in the processor's cache


def prepare(images: NDArray[np.uint8], word: str) -> NDArray[np.uint8]:
    """The images (N, 28, 28), 0 paper to 255 ink, after the steps of `word` one by one; themselves for "".

    Grey values are whole after every step, so a list is its steps one after the other, and a digit alone comes out as
    in a batch, bit for bit. Raises UnknownStep for another word, ValueError for other images.

    55,000 digits take 0.1 s to binarise, 0.8 s to deskew, 1.1 s by a median of 3 x 3, 1.3 s with noise, 3.0 s to
    centre, 3.8 s by a median of 5 x 5, 1.3 to 5.3 s by a Gaussian and 5.1 s bilaterally (two x86-64 cores, 20 % of
    them measured).
    """
    steps = parse(word)
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (28, 28):
        raise ValueError(f"images are {images.dtype} of shape {images.shape}, not uint8 of shape (N, 28, 28).")
    if not steps:
        return images
    import torch  # noqa: PLC0415  heavy, and needed only where digits are prepared

    prepared = np.empty_like(images)
    for start in range(0, len(images), CHUNK):
        chunk = torch.from_numpy(images[start : start + CHUNK].copy())
        for name, setting in steps:
            chunk = apply(name, setting, chunk)
        prepared[start : start + CHUNK] = chunk.numpy()
    return prepared
