"""Digits side by side, page by page: a click chooses one for every page of the app."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from mnist_viz.data.address import Address, digit
from mnist_viz.text import _
from mnist_viz.ui import link
from mnist_viz.ui.components import digit_grid


def gallery(
    addresses: Sequence[Address],
    *,
    key: str,
    label: str,
    word: Callable[[Address], str],
    describe: Callable[[Address], str],
    per_page: int = 40,
    size: int = 86,
) -> None:
    """Show digits, each with a `word` under it and a sentence that describes it for hover and screen reader."""
    pages = -(-len(addresses) // per_page)
    current = min(st.session_state.get(f"{key}_page", 1), max(1, pages))
    shown = addresses[(current - 1) * per_page : current * per_page]
    digit_grid.show(
        np.stack([digit(address)[0] for address in shown]),
        [digit_grid.Tile(str(address), word(address), describe(address)) for address in shown],
        key=key,
        label=label,
        chosen=str(link.digit()[0]),
        on_click=lambda: _choose(key),
        size=size,
    )
    if pages > 1:
        st.pagination(pages, key=f"{key}_page", max_visible_pages=5)


def _choose(key: str) -> None:
    address = digit_grid.clicked(key)
    if address is not None:
        link.choose(digit=address)


def plain_sentence(address: Address) -> str:
    """A digit's address and label."""
    return _("Digit {address}, labelled {label}").format(address=address, label=digit(address)[1])
