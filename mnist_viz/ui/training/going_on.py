"""Going on with the chosen run: to its planned end where it was left before, or for some epochs more."""

import streamlit as st

from mnist_viz.figures import changes as marks
from mnist_viz.runs import resume
from mnist_viz.runs.store import DamagedRun
from mnist_viz.server.board import Snapshot, board
from mnist_viz.text import _
from mnist_viz.training import fields, launch, lineage
from mnist_viz.training.config import Refused, TrainConfig
from mnist_viz.training.schedules import ROUNDS
from mnist_viz.ui import frame, link
from mnist_viz.ui.training import refusals

LEFT = ("stopped", "interrupted", "failed")
MORE = "more_epochs"
REFUSED = "not_gone_on"


def is_offered(snapshot: Snapshot) -> bool:
    """Whether this run was left before its end, so that going on is what one would do next."""
    if snapshot.state not in LEFT or board().training() is not None or not frame.may_act():
        return False
    return _settings(snapshot) is not None


def can_be_added_to(snapshot: Snapshot) -> bool:
    """Whether this run came to its end and may be given more epochs."""
    if snapshot.state != "finished" or board().training() is not None or not frame.may_act():
        return False
    return _settings(snapshot, 1) is not None


def to_the_end(snapshot: Snapshot) -> None:
    """The button that goes on with a run that was left, and what it will be like; nothing where none was left."""
    config = _settings(snapshot) if is_offered(snapshot) else None
    if config is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            _button(_("Go on"), snapshot, "primary")
            st.caption(_plan(snapshot, config))
    if REFUSED in st.session_state:
        st.warning(st.session_state.pop(REFUSED))


def beyond_the_end(snapshot: Snapshot) -> None:
    """The way to add epochs to a run that has come to its end."""
    if not can_be_added_to(snapshot):
        return
    with st.popover(_("Go on …"), type="tertiary", key="go_on_more"), st.container(width=360):
        more = st.number_input(_("More epochs"), min_value=1, max_value=100, value=1, key=MORE)
        try:
            config = lineage.gone_on(snapshot.run, more)
        except (Refused, DamagedRun) as refusal:
            st.caption(refusals.sentence(refusal))
            return
        st.caption(_plan(snapshot, config))
        label = _("Go on for 1 more epoch") if more == 1 else _("Go on for {more} more epochs").format(more=more)
        _button(label, snapshot, "secondary", more)


def words(snapshot: Snapshot) -> str:
    """That a run went on with another, and from where; nothing for one that did not."""
    marks = [record for record in snapshot.records if record["kind"] == "gone_on"]
    if not marks:
        return ""
    step = marks[-1]["step"]
    if marks[-1].get("remembers"):
        return _("It went on from step {step:,} of another run, as though that had not ended.").format(step=step)
    return _("It went on from step {step:,} of another run, with a fresh optimiser.").format(step=step)


def method_words() -> str:
    """What going on keeps, and what becomes of a schedule that had ended."""
    return _(
        "Who goes on does so in a new run, from the newest checkpoint of the old one, with its optimiser's moments, "
        "the raw weights behind averaged ones and the state of chance as they were: on the same processor the weights "
        "end as though it had never been left, to the last bit. Epochs that are added to a training that had come to "
        "its end get a round of their own of a schedule that ends (warm restart, Loshchilov and Hutter 2017), and the "
        "moments are kept; a constant or stepped rate goes on as though there had been no end. Patience begins to "
        "count again."
    )


def _plan(snapshot: Snapshot, config: TrainConfig) -> str:
    """From where it goes on, by what schedule, and whether its optimiser remembers anything."""
    if snapshot.state == "finished":
        said = (
            _("A new run adds them, with a round of the schedule of their own: {schedule}.")
            if config.schedule in ROUNDS
            else _("A new run adds them; the schedule ({schedule}) goes on as though there had been no end.")
        )
        said = said.format(schedule=fields.names()[config.schedule])
    else:
        last = snapshot.last("step")
        lost = last["step"] - config.from_step if last else 0
        said = (
            _(
                "In a new run, from step {step:,} of {steps:,} along the planned schedule; {lost:,} steps are taken "
                "again."
            )
            if lost > 0
            else _("In a new run, from step {step:,} of {steps:,} along the planned schedule.")
        )
        said = " ".join(
            [said.format(step=config.from_step, steps=config.steps, lost=lost), *_left_out(snapshot, config)]
        )
    return said if resume.is_there(snapshot.run, config.from_step) else f"{said} {_fresh()}"


def _left_out(snapshot: Snapshot, config: TrainConfig) -> list[str]:
    """That what was changed after the checkpoint must be changed once more, for it is of steps that are taken again."""
    late = [one for one in marks.changes(snapshot.records) if one["step"] > config.from_step + 1]
    if not late:
        return []
    named = ", ".join(_("{change} at step {step:,}").format(change=marks.label(one), step=one["step"]) for one in late)
    return [_("What was changed after that is not taken over: {changes}.").format(changes=named)]


def _fresh() -> str:
    return _("What its optimiser remembered was not kept, so it begins with a fresh one.")


def _settings(snapshot: Snapshot, more: int = 0) -> TrainConfig | None:
    """The settings to go on with, None where there is nothing to go on with."""
    try:
        return lineage.gone_on(snapshot.run, more)
    except (Refused, DamagedRun):
        return None


def _button(label: str, snapshot: Snapshot, kind: str, more: int = 0) -> None:
    st.button(
        label,
        type="primary" if kind == "primary" else "secondary",
        icon=":material/play_arrow:",
        on_click=_go_on,
        args=(snapshot, more),
        key="go_on",
    )


def _go_on(snapshot: Snapshot, more: int) -> None:
    """Start what goes on, and look at it; a second click finds it already going on."""
    if not frame.may_act() or board().training() is not None:
        return
    try:
        link.choose(run=launch.start(lineage.gone_on(snapshot.run, more), board().store).id)
    except (Refused, DamagedRun) as refusal:
        st.session_state[REFUSED] = refusals.sentence(refusal)
    except OSError as error:
        sentence = _("The training could not be started ({why}): is there room on the disk?")
        st.session_state[REFUSED] = sentence.format(why=error.strerror)
