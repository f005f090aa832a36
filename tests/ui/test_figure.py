"""The figure part's Python side: what a selection means, and which one does not count."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_viz.ui.components.figure import selected


def packed(chosen: list[int], count: int, version: str = "one") -> dict[str, str]:
    """A selection as the browser sends it: a bitset, lowest bit first."""
    bits = bytearray((count + 7) // 8)
    for index in chosen:
        bits[index >> 3] |= 1 << (index & 7)
    return {"version": version, "bits": base64.b64encode(bytes(bits)).decode()}


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1)))))
def test_a_selection_is_the_points_that_were_chosen(case: tuple[int, set[int]]) -> None:
    count, chosen = case
    assert selected(packed(sorted(chosen), count), count, "one").tolist() == sorted(chosen)


@pytest.mark.parametrize(
    "selection",
    [None, [], "x", {}, {"version": "one"}, {"version": "one", "bits": "?"}, {"version": "one", "bits": "AAAA"}],
)
def test_what_is_no_selection_selects_nothing(selection: object) -> None:
    assert selected(selection, 10, "one").size == 0


def test_a_selection_of_other_data_does_not_count() -> None:
    assert selected(packed([1, 2], 10, "old"), 10, "new").dtype == np.intp
    assert selected(packed([1, 2], 10, "old"), 10, "new").size == 0
