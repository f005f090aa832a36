"""What whoever may act does with a run of the table: a name and tags for it, or its end. Each in a dialog."""

import streamlit as st

from mnist_viz.runs import deletion, notes
from mnist_viz.runs.deletion import NotDeleted
from mnist_viz.runs.notes import BETWEEN, LONGEST_NAME, LONGEST_TAG, MOST_TAGS, Notes, RefusedNotes
from mnist_viz.runs.store import PRETRAINED, UnknownRun
from mnist_viz.server.board import ACTIVE, Summary, board
from mnist_viz.text import _
from mnist_viz.ui import frame, link
from mnist_viz.ui.comparing.runs import BETWEEN as BETWEEN_RUNS
from mnist_viz.ui.comparing.runs import WORD

ASKED, REFUSED = "asked_of_a_run", "refused_of_a_run"  # (what, which run); why it was not done
NAME, TAGS = "noted_name", "noted_tags"


def names() -> list[str]:
    """What can be done with a run, in the order of its menu."""
    return [f":material/edit: {_('Name and tags')}", f":material/delete: {_('Delete …')}"]


def ask(key: str, ids: tuple[str, ...]) -> None:
    """Open the dialog that a click in the table asks for; `key` is where the table keeps the click."""
    click = st.session_state[key]
    if click and click["label"] in names() and 0 <= click["row"] < len(ids):
        st.session_state[ASKED] = (("note", "delete")[names().index(click["label"])], ids[click["row"]])


def show(summaries: list[Summary]) -> None:
    """The dialog that was asked for, until it is answered or closed."""
    what, run_id = st.session_state.get(ASKED, ("", ""))
    summary = next((one for one in summaries if one.run.id == run_id), None)
    if summary is None or not frame.may_act():
        _close()
    elif what == "note":
        st.dialog(_("Name and tags"), icon=":material/edit:", on_dismiss=_close)(_note)(summary)
    else:
        st.dialog(_("Delete this run?"), icon=":material/delete:", on_dismiss=_close)(_delete)(summary)


def _note(summary: Summary) -> None:
    run, known = summary.run, summary.notes
    st.caption(link.plain(run.id))
    st.session_state.setdefault(NAME, known.name)
    st.session_state.setdefault(TAGS, f"{BETWEEN} ".join(known.tags))
    st.text_input(_("Name"), key=NAME, max_chars=LONGEST_NAME)
    st.text_input(
        _("Tags, separated by commas"),
        key=TAGS,
        max_chars=MOST_TAGS * (LONGEST_TAG + 2),
        placeholder=_("lecture 3, dropout"),
    )
    _why_not()
    st.button(_("Save"), type="primary", key="note_run", on_click=_take_note, args=(run.id,))
    _close_when_done()


def _delete(summary: Summary) -> None:
    run_id = summary.run.id
    said = _("**{name}** ({run}) goes for good, with its curve, its checkpoints and all that was computed from them.")
    st.markdown(said.format(name=link.plain(frame.name_of(summary)), run=link.plain(run_id)))
    later = [one for one in board().family(run_id) if one.run.id != run_id]
    if later:
        said = _(
            "Runs that belong to it stay as they are: {names}. But nobody sees any more what they started from or "
            "are compared with, and they cannot be trained again from there."
        )
        st.warning(said.format(names=", ".join(link.plain(frame.name_of(one)) for one in later)))
    _why_not()
    with st.container(horizontal=True):
        st.button(
            _("Delete it for good"),
            type="primary",
            key="delete_run",
            on_click=_end,
            args=(run_id,),
            icon=":material/delete:",
        )
        st.button(_("Keep it"), key="keep_run", on_click=_close)
    _close_when_done()


def _take_note(run_id: str) -> None:
    if not frame.may_act():
        return
    try:
        run = board().store.run(run_id)
        notes.write(run, Notes(st.session_state[NAME], notes.tags_of(st.session_state[TAGS])))
    except (RefusedNotes, UnknownRun) as refusal:
        st.session_state[REFUSED] = str(refusal)
    except OSError as error:
        st.session_state[REFUSED] = _("It could not be noted ({why}): try again.").format(why=error.strerror)
    else:
        _close()


def _end(run_id: str) -> None:
    """Delete the run, and take it out of what this visitor looks at."""
    if not frame.may_act():
        return
    trains = any(one.state in ACTIVE for one in board().family(run_id))
    try:
        deletion.delete(board().store, run_id, trains=trains)
    except UnknownRun:  # another viewer was faster
        pass
    except NotDeleted as refusal:
        st.session_state[REFUSED] = str(refusal)
        return
    compared = [one for one in st.session_state.get(WORD, "").split(BETWEEN_RUNS) if one.strip() != run_id]
    link.choose(**{WORD: BETWEEN_RUNS.join(compared)})
    if st.session_state.get("run") == run_id:
        link.choose(run=PRETRAINED)
    _close()


def _close() -> None:
    for key in (ASKED, REFUSED, NAME, TAGS):
        st.session_state.pop(key, None)


def _why_not() -> None:
    if REFUSED in st.session_state:
        st.warning(link.plain(st.session_state.pop(REFUSED)))


def _close_when_done() -> None:
    """A dialog is closed by running the whole page, from which it is missing then."""
    if ASKED not in st.session_state:
        st.rerun()
