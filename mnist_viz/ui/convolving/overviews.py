"""Where the network is shown as an overview, beside what its chosen layer does: both are seen on the first screen."""

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

if TYPE_CHECKING:
    from mnist_viz.analysis.features import Activation

_MOST = 4  # columns of a network that can be read in a little more than half of the page


def beside(layers: "tuple[Activation, ...]") -> tuple[DeltaGenerator, DeltaGenerator, bool]:
    """The places for the network and for its chosen layer, and whether the first is compact.

    A network of many columns has the page's whole width, and its layer follows below.
    """
    from mnist_viz.analysis import features  # noqa: PLC0415  brings torch

    if len(features.stages(layers)) > _MOST:
        return st.container(), st.container(), False
    left, right = st.columns([0.58, 0.42], gap="small")
    return left.container(key="overview"), right, True
