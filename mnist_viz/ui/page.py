"""What every page begins and ends with: its question, today's answer, and how its pictures are made."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.text import _


def title(question: str) -> DeltaGenerator:
    """Show the page's question; returns the place for the one sentence that answers it with today's numbers."""
    st.title(question, anchor=False)
    return st.empty()


def how_made(words: str) -> None:
    """A fold at the end of a page: how its pictures are made, with sources (Markdown)."""
    with st.expander(_("How is this made?"), icon=":material/help:"):
        st.markdown(words)
