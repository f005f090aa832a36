"""Small grids of weights with their numbers written in, coloured by sign and size, side by side."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.figures.numbers import written

STYLE = Path(__file__).with_name("convolving.css")
MOST = 5  # rows and columns that are written as numbers


def show(panels: Sequence[tuple[str, NDArray[np.floating], float]]) -> None:
    """Grids (rows, columns) of at most `MOST` each, with a name and the number that has the full colour."""
    wide = panels[0][1].shape[1]
    figures = "".join(
        f'<figure><figcaption>{escape(name)}</figcaption><div class="mv-grid">{_cells(values, largest)}</div></figure>'
        for name, values, largest in panels
    )
    st.html(f'<div class="mv-grids" style="--wide: {wide}">{figures}</div>')


def _cells(values: NDArray[np.floating], largest: float) -> str:
    return "".join(
        f'<span title="{float(value):.9g}" style="--sign: {style.FOR if value > 0 else style.AGAINST}; '
        f'--share: {min(1.0, abs(float(value)) / (largest or 1)):.3f}">{_short(float(value))}</span>'
        for value in values.flat
    )


def _short(value: float) -> str:
    """Three digits that count, two and no room around the point where a power of ten stands beside them."""
    said = written(value)
    return written(value, 2).replace("\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}", "·") if "×" in said else said
