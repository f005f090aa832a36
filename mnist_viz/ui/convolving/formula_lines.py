"""Formulas on the page: side by side where there is room, else below each other, and broken only where a reader would.

A browser may break a line of LaTeX after any sign that does not stand in braces.
"""

import streamlit as st

_BREAKS = (" = ", " + ")


def show(*formulas: str) -> None:
    """Formulas in LaTeX, each a block of its own; an empty one is left out."""
    with st.container(key="way_formula"):
        st.markdown("\n\n".join(f"$$\n{breakable(one)}\n$$" for one in formulas if one))


def breakable(formula: str) -> str:
    r"""The formula with braces around all that stays on one line: "{L} = {-\ln 0.5} = {0.693}".

    It can be broken after an = or a + that stands in no brackets, so never inside a number.
    """
    depth, begin, said = 0, 0, ""
    for at, sign in enumerate(formula):
        depth += (sign in "{(") - (sign in "})")
        if depth == 0 and (found := formula[at : at + 3]) in _BREAKS:
            said += f"{{{formula[begin:at]}}}{found}"
            begin = at + 3
    return f"{said}{{{formula[begin:]}}}"
