"""The digit that is looked at as the network would see it under the augmentation that the form says now."""

import contextlib
from collections.abc import Mapping

import numpy as np
import streamlit as st

from mnist_viz import text
from mnist_viz.data.address import Address, digit
from mnist_viz.data.preparation import UnknownStep, prepare
from mnist_viz.figures import sheet
from mnist_viz.figures.changes import IN_PERCENT
from mnist_viz.text import _
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.training.kinds import Number
from mnist_viz.ui import link
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn

SAMPLES = 18
SEED = 0  # of the preview: the same pictures for all, so that a slider moves nothing but its own strength


def slider(name: str, field: Number, label: str, hint: str | None, default: float) -> None:
    """The widget of one amount, which begins with what the recipe says."""
    st.slider(
        label,
        float(field.low),
        float(field.high),
        float(default),
        float(field.step),
        format="percent" if name in IN_PERCENT else "%g",
        help=hint,
        key=name,
        bind="query-params",
    )


def preview(amounts: Mapping[str, float], preparation: str = "") -> None:
    """Some of the pictures that these amounts make of the frame's digit after its preparation, if that makes sense;
    where all are 0, what there will be to see.
    """
    said = tuple(float(amounts[name]) for name in AUGMENTATION)
    if not any(said):
        st.caption(_("All are off: each digit is learned from as it is. Move a slider, and here is what it does."))
        return
    with contextlib.suppress(UnknownStep):  # the page says why
        figure.show(drawn(str(link.digit()[0]), said, text.language(), preparation), key="augmented")


@st.cache_data(max_entries=256, show_spinner=False)
def drawn(address: str, amounts: tuple[float, ...], language: str, preparation: str = "") -> Drawn:
    """SAMPLES pictures of a prepared digit under these amounts, in the order of AUGMENTATION, made by the trainer's
    functions. Raises UnknownStep.
    """
    import torch  # noqa: PLC0415  heavy

    from mnist_viz.training import augmentation  # noqa: PLC0415  brings torch

    image = prepare(digit(Address.parse(address))[0][np.newaxis], preparation)[0]
    changed = augmentation.samples(
        torch.tensor(image).float() / 255, dict(zip(AUGMENTATION, amounts, strict=True)), SAMPLES, SEED
    )
    title = _("Digit {address} as it would be learned from").format(address=address)
    return Drawn.of(sheet.sheet(np.round(255 * changed.numpy()).astype(np.uint8), title))
