"""What is said of one window: the sentence above it, why a network has no filter, and how the view is made."""

import numpy as np

from mnist_viz.figures.numbers import written
from mnist_viz.text import _
from mnist_viz.ui.components.window import Stage
from mnist_viz.ui.convolving.window_controls import Chosen
from mnist_viz.ui.link import Choice


def why_no_filter(choice: Choice) -> str:
    """Why the network has no filter to show, and what there is instead."""
    architecture = str(choice.run.config["architecture"])
    if choice.step is None:
        return _("This run has no checkpoint yet, so it has no filter to show: here is a kernel of your own.")
    reasons = {
        "mlp": _(
            "**mlp** has no convolution: each of its first neurons weighs all 784 pixels at once. Here is a kernel of "
            "your own; for filters choose a run with a convolution."
        ),
        "lstm_rows": _(
            "**lstm_rows** has no convolution: it reads the digit row by row. Here is a kernel of your own; for "
            "filters choose a run with a convolution."
        ),
        "vit": _(
            "**vit** cuts the digit into patches and multiplies each by a matrix: a convolution whose stride is as "
            "large as its kernel, so that nothing overlaps. Here is a kernel of your own; for filters choose a run "
            "with a convolution."
        ),
    }
    return reasons.get(
        architecture,
        _(
            "The first layer of this network is no convolution over the digit. Here is a kernel of your own; for "
            "filters choose a run with a convolution."
        ),
    )


def answer(chosen: Chosen, stage: Stage, *, what: str, layer: str) -> str:
    """What the kernel does with this digit, in a sentence."""
    wide = len(stage.sums)
    if not wide:
        return _why_nothing(stage)
    if stage.drawn is not None and not stage.drawn.any():
        return _("Nothing is drawn yet: draw into the left picture, and what comes out of it follows.")
    if not stage.shown.any():
        return _("Nothing but 0 comes out of {digit} in {all} windows: no window finds anything.").format(
            digit=what, all=f"{wide * wide:,}"
        )
    row, column = (int(one) for one in np.unravel_index(np.abs(stage.shown).argmax(), stage.shown.shape))
    said = {
        "number": chosen.number,
        "layer": layer,
        "digit": what,
        "cells": chosen.sliding.side**2,
        "wide": wide,
        "all": f"{wide * wide:,}",
        "value": written(float(stage.shown[row, column])),
        "row": row,
        "column": column,
    }
    if wide == 1 and chosen.way == "weigh":
        words = _("At this size the kernel sees {digit} in a single window of {cells} pixels: {value}.")
    elif chosen.operation == "filter":
        words = _(
            "Filter **{number}** of {layer} sees {digit} in {all} windows of {cells} pixels; strongest in row {row}, "
            "column {column}: {value}."
        )
    elif chosen.operation == "own":
        words = _(
            "Your kernel sees {digit} in {all} windows of {cells} pixels; strongest in row {row}, column {column}: "
            "{value}."
        )
    elif chosen.operation == "max":
        words = _("Max pooling keeps the largest of {cells} pixels at a time: {digit} becomes {wide} × {wide}.")
    else:
        words = _("Mean pooling keeps the mean of {cells} pixels at a time: {digit} becomes {wide} × {wide}.")
    return words.format(**said)


def _why_nothing(stage: Stage) -> str:
    """Why nothing comes out, in a short sentence; the whole reason stands below the size formula."""
    sliding, length = stage.sliding, len(stage.values)
    if sliding.room(length) < 0:
        words = _("There is no place for the window: it spans **{reach}** pixels, and with padding only {wide} exist.")
    else:
        words = _("Nothing comes out: a padding of **{padding}** is more than half of the window's {side} pixels.")
    wide = length + 2 * sliding.padding
    return words.format(reach=sliding.reach, wide=wide, padding=sliding.padding, side=sliding.side)


def letters(*, normed: bool) -> str:
    """What the letters of the size formula mean, and those of BatchNorm where it is there."""
    size = _(
        "n: cells along the input; p: padding; d: dilation; k: cells along the kernel; s: stride; ⌊ ⌋ rounds down."
    )
    norm = _("μ, σ²: mean and variance kept from training; γ, β: scale and shift, both learned; ε: never divide by 0.")
    return f"{size} {norm}" if normed else size


def explanation() -> str:
    """How the view is made, with its sources."""
    return _(
        "The output is torch's own (`conv2d`, `max_pool2d`, `avg_pool2d`, `batch_norm` with the statistics kept from "
        "training); the browser multiplies and adds only to show the way there. A filter sees the digit as its layer "
        "gets it, read off the running network: paper is not 0 after scaling, but padding is. Rows and columns count "
        "from 0. Max pooling lets padding never win; mean pooling counts it as 0. The link does not carry drawings. "
        "Sizes and pictures of such windows: Dumoulin and Visin 2016, *A guide to convolution arithmetic*, "
        "[arXiv 1603.07285](https://arxiv.org/abs/1603.07285); BatchNorm: Ioffe and Szegedy 2015, "
        "[arXiv 1502.03167](https://arxiv.org/abs/1502.03167); edges: Sobel and Feldman 1968."
    )
