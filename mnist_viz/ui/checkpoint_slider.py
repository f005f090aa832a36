"""The frame's slider over the checkpoints of a run, and the button that plays them one after the other."""

import time

import streamlit as st

from mnist_viz.runs.records import shown_step
from mnist_viz.server.board import Snapshot
from mnist_viz.text import _
from mnist_viz.ui import link

PAUSE = 0.5  # seconds between two checkpoints, and as long as a page needs to show one


def show(snapshot: Snapshot, page: str) -> None:
    """The slider with its play button; a sentence where there is nothing to choose. Playing ends with the `page`."""
    steps = snapshot.run.steps
    if len(steps) < 2:
        pause()
        if steps:
            st.caption(_("Its only checkpoint is that of step {step:,}.").format(step=steps[0]))
        else:
            st.caption(_("It has no checkpoint yet."))
        return
    shown = shown_step(snapshot.run)
    default = shown if shown in steps else steps[-1]  # another may have come meanwhile
    at = _named(steps, default)
    playing = st.session_state.get("_playing") == page
    if not playing:
        pause()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="checkpoint_row"):
        label = _label(snapshot, at)
        st.select_slider(label, steps, value=default, key="step", bind="query-params", width="stretch")
        st.button(
            _("Pause") if playing else _("Play"),  # heard, not seen (style.css)
            icon=":material/pause:" if playing else ":material/play_arrow:",
            help=_("Pause") if playing else _("Play the checkpoints"),
            key="play_checkpoints",
            on_click=pause if playing else _play,
            args=() if playing else (steps, page),
        )
    if playing:
        st.session_state["_next_at"] = time.monotonic() + PAUSE / 2
        st.fragment(_advance, run_every=PAUSE)(snapshot.run.id)


def pause() -> None:
    """Stop playing, wherever it plays."""
    st.session_state["_playing"] = None


def _named(steps: list[int], default: int) -> int:
    """The checkpoint that is chosen; in the first script run of a visit only the link says which."""
    said = st.session_state.get("step", st.query_params.get("step"))
    return next((step for step in steps if str(step) == str(said)), default)


def _label(snapshot: Snapshot, step: int) -> str:
    known = snapshot.last("checkpoint", step=step)
    if known is None or "epoch" not in known:
        return _("Checkpoint")
    return _("Checkpoint (epoch {epoch})").format(epoch=f"{known['epoch']:.2f}".rstrip("0").rstrip("."))


def _play(steps: list[int], page: str) -> None:
    """From here to the last checkpoint, from the first where it is at the last, as long as this page is looked at."""
    st.session_state["_playing"] = page
    if st.session_state["step"] == steps[-1]:
        link.choose(step=steps[0])


def _advance(run_id: str) -> None:
    """Called by the browser's clock while it plays, once in every run of the page, which is too early, and once more
    where it was paused meanwhile.
    """
    if not st.session_state.get("_playing") or time.monotonic() < st.session_state["_next_at"]:
        return
    later = [step for step in link.steps(run_id) if step > st.session_state["step"]]
    if later:
        link.choose(step=later[0])
    if len(later) < 2:
        pause()
    st.rerun()
