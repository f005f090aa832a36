"""A row under the buttons of a training that goes on: settings that change from the next step, the curve in sight."""

from collections.abc import Sequence

import streamlit as st

from mnist_viz.figures import changes as marks
from mnist_viz.server.board import Snapshot
from mnist_viz.text import _
from mnist_viz.training import changes
from mnist_viz.training.config import FIELDS, Number, Refused, TrainConfig, Value
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.training.fields import names as choices
from mnist_viz.training.kinds import OutOfBounds
from mnist_viz.ui import frame
from mnist_viz.ui.training import refusals, setting_words

OPEN, REFUSED = "change_is_open", "change_refused"
NARROW, WIDE = 2, 3  # shares of the row: of a number, and of words


def switch() -> None:
    """The button that opens and closes the row."""
    is_open = st.session_state.get(OPEN, False)
    icon = ":material/expand_less:" if is_open else ":material/tune:"
    st.button(_("Change …"), icon=icon, key="change_switch", on_click=_turn)


def row(snapshot: Snapshot) -> None:
    """The settings of the moment, to be changed together by one button; nothing while it is closed, or where they
    cannot be read.
    """
    if not st.session_state.get(OPEN):
        return
    try:
        now = changes.as_changed(TrainConfig.from_dict(snapshot.config), snapshot.records)
    except Refused:
        return
    count = len(marks.changes(snapshot.records))  # after a change its fields begin anew with what is now
    given = changes.changeable(now)
    steps = [name for name in given if name not in AUGMENTATION]
    shares = [
        NARROW if isinstance(FIELDS[name], Number) and name not in setting_words.menus() else WIDE for name in steps
    ]
    with st.form(f"change_{count}", border=False, enter_to_submit=False):
        *places, aside, button = st.columns([*shares, WIDE, NARROW], gap="small", vertical_alignment="bottom")
        for name, place in zip(steps, places, strict=True):
            with place:
                _field(name, now, f"change_{name}_{count}")
        with aside, st.popover(_("Augmentation"), width="stretch"):
            _in_rows([name for name in given if name in AUGMENTATION], now, count)
        with button:
            told = (snapshot, now, given, count)
            st.form_submit_button(_("Apply"), on_click=_ask, args=told, key="apply", width="stretch")
        run, refusal = st.session_state.get(REFUSED, ("", ""))
        if run == snapshot.run.id:  # until the next try: a page that is live runs again at any moment
            st.warning(refusal)


def _turn() -> None:
    st.session_state[OPEN] = not st.session_state.get(OPEN, False)


def _in_rows(names: Sequence[str], now: TrainConfig, count: int, columns: int = 3) -> None:
    for begin in range(0, len(names), columns):
        for name, place in zip(names[begin:], st.columns(columns, gap="small", width=390), strict=False):
            with place:
                _field(name, now, f"change_{name}_{count}")


def _field(name: str, now: TrainConfig, key: str) -> None:
    """One setting, without a question mark: Tab would open its words over the fields that come next."""
    field, value, label = FIELDS[name], now.as_dict()[name], _label(name, now)
    if name in setting_words.menus():
        menu, chosen = setting_words.menus()[name], setting_words.in_link(name, value)
        said = [*menu, *({chosen} - menu.keys())]
        st.selectbox(label, said, said.index(chosen), format_func=lambda one: menu.get(one, one), key=key)
    elif isinstance(field, Number):
        kind = int if field.whole else float
        st.number_input(
            label,
            value=kind(_in_field(name, float(value))),
            step=kind(_in_field(name, field.step)),
            format=None if field.whole else "%g",
            key=key,
        )
    else:
        options = list(getattr(field, "options", [value]))
        st.selectbox(label, options, options.index(value), format_func=lambda one: choices().get(one, one), key=key)


def _label(name: str, now: TrainConfig) -> str:
    if name == "rate" and now.schedule != "constant":
        return _("Learning rate (peak)")  # which the schedule goes on to follow
    return setting_words.names()[name]


def _in_field(name: str, value: float) -> float:
    """A number as its field holds it, in per cent where it is read so: the field can put no sign behind a share."""
    return round(100 * value, 6) if name in marks.IN_PERCENT else value


def _wanted(name: str, said: Value) -> Value:
    """What a field says as the setting that it stands for."""
    return float(said) / 100 if name in marks.IN_PERCENT else said


def _ask(snapshot: Snapshot, now: TrainConfig, given: tuple[str, ...], count: int) -> None:
    if not frame.may_act():
        return
    wanted = {name: _wanted(name, st.session_state[f"change_{name}_{count}"]) for name in given}
    try:
        changes.ask(snapshot.run, now, wanted)
        st.session_state.pop(REFUSED, None)
    except OutOfBounds as refusal:
        said = refusals.sentence(refusal, _label(refusal.name, now))
        st.session_state[REFUSED] = (snapshot.run.id, _("{sentence} Nothing was changed.").format(sentence=said))
    except Refused as refusal:
        st.session_state[REFUSED] = (snapshot.run.id, str(refusal))
    except OSError as error:
        said = _("The command could not be given ({why}): try again.")
        st.session_state[REFUSED] = (snapshot.run.id, said.format(why=error.strerror))
