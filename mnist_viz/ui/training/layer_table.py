"""A network as a table: each of its modules with what it puts out, what it has learned and what it costs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from mnist_viz.plan.sizes import Sized
from mnist_viz.text import _

if TYPE_CHECKING:
    from models.table import Layer


def show(rows: "Sequence[Layer | Sized]", *, alt: str, kinds: bool = True) -> None:
    """A row a module, measured on a network or reckoned from its plan; `alt` for those who do not see it.

    Without `kinds` there is room for two tables side by side.
    """
    st.dataframe(
        {
            _("Module"): [row.name for row in rows],
            **({_("Kind"): [row.kind for row in rows]} if kinds else {}),
            _("Output"): [" × ".join(map(str, row.shape)) for row in rows],
            _("Parameters"): [row.parameters for row in rows],
            _("Multiply-adds"): [row.multiply_adds for row in rows],
        },
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%,d") for name in (_("Parameters"), _("Multiply-adds"))
        },
        alt=alt,
    )
