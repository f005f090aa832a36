"""Digits side by side, page by page: a click chooses one for every page of the app."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.data.address import Address, digit
from mnist_viz.text import _
from mnist_viz.ui import link
from mnist_viz.ui.components import digit_grid


def gallery(
    part: str,
    indices: Sequence[int] | NDArray[np.intp],
    *,
    key: str,
    label: str,
    word: Callable[[Address], str],
    describe: Callable[[Address], str],
    per_page: int = 40,
    size: int = 86,
    reveals: str | None = None,
) -> None:
    """Show the digits of a part as they are in the data, whatever a run makes of them (`as_seen` says why), each with a
    `word` under it and a sentence for hover and screen reader.

    A click chooses a digit and scrolls to the container with the key `reveals`.

    Which page of them is shown is in the link; another `key`, for other digits, begins with the first.
    """
    pages, place = -(-len(indices) // per_page), st.container()
    current = 1
    if pages > 1:
        if st.session_state.get("_paged", key) != key:
            st.session_state["page"] = 1
        st.session_state["_paged"] = key
        current = st.pagination(pages, key="page", max_visible_pages=5, bind="query-params")
    shown = [Address(part, int(index)) for index in indices[(current - 1) * per_page : current * per_page]]
    with place:
        _grid(shown, key=key, label=label, word=word, describe=describe, size=size, reveals=reveals)


def _grid(
    shown: Sequence[Address],
    *,
    key: str,
    label: str,
    word: Callable[[Address], str],
    describe: Callable[[Address], str],
    size: int,
    reveals: str | None,
) -> None:
    digit_grid.show(
        np.stack([digit(address)[0] for address in shown]),
        [digit_grid.Tile(str(address), word(address), describe(address)) for address in shown],
        key=key,
        label=label,
        chosen=str(link.digit()[0]),
        on_click=lambda: _choose(key),
        size=size,
        reveals=reveals,
    )


def _choose(key: str) -> None:
    address = digit_grid.clicked(key)
    if address is not None:
        link.choose(digit=address)


def plain_sentence(address: Address) -> str:
    """A digit's address and label."""
    return _("Digit {address}, labelled {label}").format(address=address, label=digit(address)[1])
