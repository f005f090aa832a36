"""The frame around every page: navigation, chosen run, checkpoint and digit, and one sentence where a page fails."""

import logging
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from mnist_viz import text
from mnist_viz.data.address import COUNTS, Address
from mnist_viz.data.idx import DamagedData
from mnist_viz.runs.records import shown_step
from mnist_viz.runs.store import PRETRAINED, DamagedRun, UnknownRun
from mnist_viz.server import access
from mnist_viz.server.board import ACTIVE, Snapshot, Summary, board
from mnist_viz.server.start import first_page_shown
from mnist_viz.text import _, percent
from mnist_viz.training import fields
from mnist_viz.ui import checkpoint_slider, keys, link, words
from mnist_viz.ui.components import figure

log = logging.getLogger("mnist_viz")
STYLE = Path(__file__).with_name("style.css")
HISTORY = Path(__file__).with_name("history.html")
SIDEBAR = 300  # pixels
ECHO = 5.0  # seconds until every browser has heard of a new checkpoint
LOOK_AGAIN = 15.0  # seconds between two looks for the end of a training: each is a rerun for each of hundreds
PROJECTOR = Path(__file__).with_name("projector.css")


def begin() -> None:
    """Configure the page and speak the visitor's language; first in every script run."""
    text.use(st.query_params.get("lang", "en"))
    title = _("Look inside a neural network")
    st.set_page_config(page_title=title, page_icon="🔢", layout="wide", initial_sidebar_state=SIDEBAR)


def show(pages: Mapping[str, Sequence[StreamlitPage]]) -> None:
    """Draw the frame and the chosen page in it."""
    page = st.navigation(pages, expanded=True)
    st.html(STYLE)
    with st.container(key="hidden_history"):
        st.html(HISTORY, unsafe_allow_javascript=True)
        keys.listen()
    figure.get_ready()
    try:
        strangers = link.refused_words()  # before the fields put right what the link says
        with st.sidebar:
            _controls(page.url_path)
        _address, refusal = link.digit()
        for sentence in [*strangers, *([link.plain(refusal)] if refusal else [])]:
            st.info(sentence)
        page.run()
    except (DamagedRun, UnknownRun, DamagedData) as refusal:
        st.error(str(refusal))
    except Exception:  # a visitor gets a sentence, the log gets the traceback
        log.exception("the page %s failed", page.url_path)
        st.error(_("This page could not be shown. Reload it; if that does not help, the server's log says why."))
    first_page_shown.set()


def may_act() -> bool:
    """Whether this viewer may start, stop and delete: everyone here, on a shared server the presenter."""
    return not access.is_shared() or bool(st.session_state.get("presenter"))


def _controls(page: str) -> None:
    words.menu("run", _("Run"), run_labels(board().summaries()), default=PRETRAINED, then=_to_its_last)
    _follow_newest_step()  # of the run that the link names, which its field has just taken up
    chosen = link.snapshot()
    data = chosen.run.data
    if data != "mnist" and data in fields.names():
        st.caption(_("It learned from {data}; the pages show it MNIST's.").format(data=fields.names()[data]))
    checkpoint_slider.show(chosen, page)
    if chosen.state in ACTIVE and page != "train" and _is_at_the_newest(chosen):  # that page hears of it by itself
        st.fragment(_come_to_its_end, run_every=LOOK_AGAIN)()
    _forget_step_of_another_run()
    _digit_field()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="view_row"):
        st.toggle(_("Projector: larger type"), key="projector", bind="query-params", width="stretch")
        keys.button()
    if st.session_state["projector"]:
        st.html(PROJECTOR)
    if access.is_shared() and not may_act():
        _presenter_field()


def run_labels(summaries: Iterable[Summary]) -> dict[str, str]:
    """Runs by id, each in a line of plain text, no two alike: menus tell them apart by it."""
    labels: dict[str, str] = {}
    for one in summaries:
        label = run_label(one)
        labels[one.run.id] = f"{label} · {one.run.id[-4:]}" if label in labels.values() else label
    return labels


def run_label(summary: Summary) -> str:
    """A run in a line: how well it reads, its own name or when it was started, what it is, and whether another came
    before it. It is plain text, in which anybody may have written anything.
    """
    accuracy = summary.test_accuracy
    result = state_word(summary.state) if accuracy is None else percent(accuracy)
    words = _("{result} · {name} · {architecture}")
    said = words.format(architecture=summary.architecture, result=result, name=name_of(summary))
    if summary.beside:
        return _("{run} · from nothing, beside another").format(run=said)
    if summary.fold[0]:
        return _("{run} · fold {fold} of {folds}").format(run=said, fold=summary.fold[0], folds=summary.fold[1])
    if summary.goes_on:
        return _("{run} · gone on").format(run=said)
    return _("{run} · fine-tuned").format(run=said) if summary.parent else said


def name_of(summary: Summary) -> str:
    """What a run is called where other words say what it is: its own name, else when it was started. Anybody may have
    written anything.
    """
    if summary.run.id == PRETRAINED:
        return _("shipped")
    started = begun(summary.run.id)
    today = started.date() == datetime.now().astimezone().date()
    when = _("{started:%H:%M:%S}") if today else _("{started:%d %b %H:%M}")
    return summary.notes.name or when.format(started=started)


def begun(run_id: str) -> datetime:
    """When a run was started, in the time of this machine; the one that ships has no such time."""
    return datetime.strptime(run_id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC).astimezone()


def state_word(state: str) -> str:
    """The state of a run as a visitor reads it."""
    return {
        "starting": _("starting"),
        "running": _("training"),
        "paused": _("paused"),
        "finished": _("finished"),
        "stopped": _("stopped"),
        "failed": _("failed"),
        "interrupted": _("interrupted"),
    }[state]


def _follow_newest_step() -> None:
    """Whoever looks at the newest checkpoint of a run that trains goes on looking at the newest one, and at the best
    once its ending names that; so does who waited for its first. A click that a browser sent before it heard of a new
    checkpoint still names the one before.
    """
    run, now = link.snapshot().run, time.monotonic()
    newest, at = shown_step(run), st.session_state.get("step")
    of_run, until = st.session_state.get("_newest_steps", (run.id, {}))  # when each ceased to be the newest
    known = {step: end for step, end in until.items() if of_run == run.id and now - end < ECHO}
    if newest is not None and at is not None and (at in known or None in known or at not in run.steps):
        st.session_state["step"] = newest
    ended = {step: min(end, now) for step, end in known.items()}
    st.session_state["_newest_steps"] = (run.id, {**ended, newest: math.inf})


def _come_to_its_end() -> None:
    """Called by the browser's clock: who looks at the newest checkpoint of a run sees its last one without a click."""
    chosen = link.snapshot()
    if chosen.ended and _is_at_the_newest(chosen) and shown_step(chosen.run) != st.session_state.get("step"):
        st.rerun()


def _is_at_the_newest(chosen: Snapshot) -> bool:
    """Whether this viewer looks at what was the newest checkpoint of the run when the page was made."""
    of_run, until = st.session_state["_newest_steps"]
    return bool(of_run == chosen.run.id and until.get(st.session_state.get("step")) == math.inf)


def _forget_step_of_another_run() -> None:
    """Where a link names a run that is not here, its step says nothing of the one that is shown instead.

    Streamlit takes a link's words up where their fields are made, so that only the next script run can put it right.
    """
    shown, named = link.snapshot().run, st.session_state["run"]
    if named != shown.id and st.session_state.get("_refused_run") != named:
        st.session_state["_refused_run"] = named
        st.session_state["_newest_steps"] = (shown.id, {st.session_state.get("step"): math.inf})
        st.rerun()


def _to_its_last() -> None:
    """Another run is looked at from its last checkpoint."""
    link.choose(run=st.session_state["run"])


def _digit_field() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="digit_row"):
        st.text_input(
            _("Digit"),
            key="digit",
            bind="query-params",
            value=str(link.FIRST_DIGIT),
            max_chars=20,
            width="stretch",
            help=_("Part and number: train-0 to train-{train}, val-0 to val-{val}, test-0 to test-{test}.").format(
                **{part: count - 1 for part, count in COUNTS.items()}
            ),
        )
        address, _refusal = link.digit()
        for icon, name, step in (("chevron_left", _("Previous digit"), -1), ("chevron_right", _("Next digit"), 1)):
            chosen = str(Address(address.part, (address.index + step) % COUNTS[address.part]))
            st.button(
                "",
                icon=f":material/{icon}:",
                help=name,
                key=f"digit_{step}",
                on_click=link.choose,
                kwargs={"digit": chosen},
            )


def _presenter_field() -> None:
    with st.popover(_("I am the presenter")):
        st.text_input(
            _("Presenter's code"), type="password", key="presenter_guess", max_chars=20, on_change=_check_presenter
        )
        if st.session_state.get("presenter") is False:
            st.warning(_("That is not the code. It is printed where the server was started."))


def _check_presenter() -> None:
    """Once for each code that is given, not on every click after it."""
    st.session_state["presenter"] = access.is_code(st.session_state["presenter_guess"])
