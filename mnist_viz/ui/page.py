"""What every page begins and ends with: its question, today's answer, its exercises, how its pictures are made."""

from contextvars import ContextVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.text import _
from mnist_viz.ui import exercises

_page: ContextVar[str] = ContextVar("page", default="")  # whose exercises are still to be shown


def title(question: str, name: str = "", *, steady: bool = False) -> DeltaGenerator:
    """Show the page's question; returns the place for the one sentence that answers it with today's numbers.

    `name`: under which `EXERCISES` knows the page, where it has some. `steady`: the sentence has room for two lines, so
    that buttons that lead from one to the next stay under the pointer.
    """
    _page.set(name)
    st.title(question, anchor=False)
    with st.container(key="steady_answer" if steady else None):
        return st.empty()


def how_made(words: str) -> None:
    """The folds at the end of a page: its exercises, and how its pictures are made, with sources (Markdown)."""
    end()
    with st.expander(_("How is this made?"), icon=":material/help:"):
        st.markdown(words)


def end() -> None:
    """Show the page's exercises, where `how_made` has not yet: the last line of a page whose views may do without."""
    exercises.show(_page.get())
    _page.set("")
