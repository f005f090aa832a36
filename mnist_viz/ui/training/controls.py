"""The presenter's hand on a training that goes on: pause, one step, slow motion, other settings, stop."""

import streamlit as st

from mnist_viz.runs import commands
from mnist_viz.server.board import Snapshot
from mnist_viz.server.curve import moment, pace
from mnist_viz.text import _
from mnist_viz.ui import frame
from mnist_viz.ui.training import live_change

SLOW, SLOWER = 3.0, 0.2  # steps a second: each is seen; in five seconds there is time to speak of its five parts


def controls(snapshot: Snapshot) -> None:
    """The buttons that fit the moment of the run; without the right to act, a word on who has it."""
    if not frame.may_act():
        st.caption(_("The presenter leads this training; you see it live."))
        return
    if moment(snapshot) == "stopping":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("It takes no more commands."))
        return
    paused = snapshot.state == "paused"
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="commands"):
        if paused:
            _button(snapshot, "resume", _("Go on"), ":material/play_arrow:", kind="primary")
        else:
            _button(snapshot, "pause", _("Pause"), ":material/pause:", kind="primary")
        _button(snapshot, "step", _("One step"), ":material/skip_next:")
        if now := pace(snapshot):
            _button(snapshot, "pace", _("Full speed"), ":material/speed:", value=0.0)
        if now == SLOW:
            _button(snapshot, "pace", _("Slower"), ":material/slow_motion_video:", value=SLOWER)
        else:
            label = _("Less slow") if now else _("Slow motion")
            _button(snapshot, "pace", label, ":material/slow_motion_video:", value=SLOW)
        live_change.switch()
        _button(snapshot, "stop", _("Stop and keep"), ":material/stop:")
    live_change.row(snapshot)
    if "not_given" in st.session_state:
        st.warning(st.session_state.pop("not_given"))


def _button(
    snapshot: Snapshot, word: str, label: str, icon: str, *, kind: str = "secondary", value: float | None = None
) -> None:
    st.button(
        label,
        key=f"command_{word}_{value}",
        icon=icon,
        type="primary" if kind == "primary" else "secondary",
        on_click=_give,
        args=(snapshot, word, value),
    )


def _give(snapshot: Snapshot, word: str, value: float | None) -> None:
    if frame.may_act():
        try:
            commands.give(snapshot.run, word, value)
        except OSError as error:
            st.session_state["not_given"] = _("The command could not be given ({why}): try again.").format(
                why=error.strerror
            )
