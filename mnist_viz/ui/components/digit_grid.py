"""A grid of digits: pictures and a word each in, the address of the clicked one out."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "mnist_viz_digit_grid",
    html='<div class="mv-grid" role="group"></div>',
    css=(HERE / "digit_grid.css").read_text(encoding="utf-8"),
    js=(HERE / "digit_grid.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Tile:
    """One digit of the grid: its address, the word under it, and the sentence for hover and screen reader."""

    id: str
    text: str
    describe: str


def show(
    images: NDArray[np.uint8],
    tiles: Sequence[Tile],
    *,
    key: str,
    label: str,
    chosen: str,
    on_click: Callable[[], None],
    size: int = 86,
    reveals: str | None = None,
) -> None:
    """Show digits (N, 28, 28) with their tiles; `clicked` says which was chosen.

    A tile is at least `size` pixels wide at the usual type size. A click scrolls to the container with the key
    `reveals`.
    """
    _mount(
        key=key,
        data={
            "pixels": base64.b64encode(np.ascontiguousarray(images).tobytes()).decode(),
            "items": [asdict(tile) for tile in tiles],
            "chosen": chosen,
            "label": label,
            "size": size,
            "reveals": reveals,
        },
        on_click_change=on_click,
    )


def clicked(key: str) -> str | None:
    """The address that the last click on the grid of this key chose, for use inside its `on_click`."""
    address = st.session_state.get(key, {}).get("click")
    return address if isinstance(address, str) else None
