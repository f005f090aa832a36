"""The state that travels in the link: which run, which checkpoint, which digit.

Streamlit binds each widget's key to the word in the link; here is what the words mean, and what is said of a wrong one.
"""

import re
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mnist_viz.data.address import Address
from mnist_viz.runs.records import shown_step
from mnist_viz.runs.store import PRETRAINED, DamagedRun, Run, UnknownRun
from mnist_viz.server.board import DIGITS, Snapshot, board
from mnist_viz.text import _

FIRST_DIGIT = Address("test", 3520)  # a six that networks like to misread: interesting before anything is chosen


@dataclass(frozen=True)
class Choice:
    """What the visitor looks at: a run, one of its checkpoints (None before the first) and a digit."""

    run: Run
    step: int | None
    digit: Address


def choice() -> Choice:
    """What the link says, with the default for each word that it does not say or says wrongly."""
    run = snapshot().run
    steps = run.steps
    step = st.session_state.get("step")
    return Choice(run, step if step in steps else shown_step(run), digit()[0])


def snapshot() -> Snapshot:
    """The chosen run as it is now; the one that ships where there is none or it reads something else than digits."""
    try:
        found = board().snapshot(st.session_state.get("run", PRETRAINED))
        return found if found.run.classes == DIGITS else board().snapshot(PRETRAINED)
    except (UnknownRun, DamagedRun):
        return board().snapshot(PRETRAINED)


def digit() -> tuple[Address, str]:
    """The chosen digit, and the sentence that refuses what the link says, empty where it is fine.

    What is refused leaves the digit that was chosen before.
    """
    words = str(st.session_state.get("digit", FIRST_DIGIT)).strip().lower()
    try:
        address, refusal = Address.parse(words), ""
    except ValueError as wrong:
        address, refusal = st.session_state.get("_last_digit", FIRST_DIGIT), str(wrong)
    st.session_state["_last_digit"] = address
    return address, refusal


def choose(**words: Any) -> None:
    """Set words of the link. Only from a callback, before the widgets of the run are made.

    Who names a run and no step means its last (or best): a step of the run before says nothing of this one.
    """
    if "run" in words and "step" not in words and (known := usual_step(words["run"])) is not None:
        words["step"] = known
    for word, value in words.items():
        st.session_state[word] = value


def plain(words: str) -> str:
    """Words from outside, so that Markdown shows them as they are: no picture or link is made of them."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", words)


def steps(run_id: str) -> list[int]:
    """The checkpoints of this run, none where there is no such run."""
    try:
        return board().store.run(run_id).steps
    except UnknownRun:
        return []


def usual_step(run_id: str) -> int | None:
    """The checkpoint of this run that is shown where none is named, None where there is none."""
    try:
        return shown_step(board().store.run(run_id))
    except UnknownRun:
        return None


def refused_words() -> list[str]:
    """One sentence for a word of the link that names a run or a checkpoint that is not here."""
    run, step = st.query_params.get("run"), st.query_params.get("step")
    if run is not None and run not in {one.run.id for one in board().summaries()}:
        return [
            _("The link names the run “{run}”, which is not here; you see the run that ships with the app.").format(
                run=plain(run[:60])
            )
        ]
    known = steps(run or PRETRAINED)
    if step is not None and step not in map(str, known):
        return [
            _("The link names step “{step}”, where this run has no checkpoint; you see its last.").format(
                step=plain(step[:20])
            )
        ]
    return []
