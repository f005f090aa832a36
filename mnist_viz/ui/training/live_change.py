"""A small fold beside the buttons of a training that goes on: settings that change from the next step on."""

from collections.abc import Sequence

import streamlit as st

from mnist_viz.figures import changes as marks
from mnist_viz.server.board import Snapshot
from mnist_viz.text import _
from mnist_viz.training import changes
from mnist_viz.training.config import FIELDS, Number, Refused, TrainConfig, Value
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.training.fields import names as choices
from mnist_viz.ui import frame
from mnist_viz.ui.training import form, setting_words

REFUSED = "change_refused"


def fold(snapshot: Snapshot) -> None:
    """The settings of the moment, to be changed together by one button; nothing where they cannot be read."""
    try:
        now = changes.as_changed(TrainConfig.from_dict(snapshot.config), snapshot.records)
    except Refused:
        return
    count = len(marks.changes(snapshot.records))  # after a change it is closed, and its fields begin with what is now
    with (
        st.popover(_("Change …"), icon=":material/tune:", key=f"change_fold_{count}"),
        st.form(f"change_{count}", border=False, enter_to_submit=False),
    ):
        given = changes.changeable(now)
        steps, augmented = st.tabs([_("Steps"), _("Augmentation")])
        with steps:
            _fields([name for name in given if name not in AUGMENTATION], now, count, 2)
            st.caption(f"{_meaning(now)} {_('Pause holds the training while you choose.')}")
        with augmented:
            _fields([name for name in given if name in AUGMENTATION], now, count, 3)
        run, refusal = st.session_state.get(REFUSED, ("", ""))
        if run == snapshot.run.id:  # until the next try: a page that is live runs again at any moment
            st.warning(refusal)
        label = _("Apply from the next step on")
        st.form_submit_button(label, type="primary", on_click=_ask, args=(snapshot, now, given, count), key="apply")


def _fields(names: Sequence[str], now: TrainConfig, count: int, columns: int) -> None:
    for begin in range(0, len(names), columns):
        for name, place in zip(names[begin:], st.columns(columns, gap="small", width=390), strict=False):
            with place:
                _field(name, now, f"change_{name}_{count}")


def _field(name: str, now: TrainConfig, key: str) -> None:
    """One setting, without a question mark: Tab would open its words over the fields that come next."""
    field, value, label = FIELDS[name], now.as_dict()[name], form.names()[name]
    if name in setting_words.menus():
        menu, chosen = setting_words.menus()[name], setting_words.in_link(name, value)
        said = [*menu, *({chosen} - menu.keys())]
        st.selectbox(label, said, said.index(chosen), format_func=lambda one: menu.get(one, one), key=key)
    elif isinstance(field, Number):
        kind = int if field.whole else float
        st.number_input(
            label,
            value=kind(value),
            step=kind(field.step),
            format=None if field.whole else "%g",
            key=key,
        )
    else:
        options = list(getattr(field, "options", [value]))
        st.selectbox(label, options, options.index(value), format_func=lambda one: choices().get(one, one), key=key)


def _meaning(now: TrainConfig) -> str:
    """How a changed rate is meant, and what does not change with this optimiser."""
    said = (
        _("The rate stays as it is set.")
        if now.schedule == "constant"
        else _("The rate is the peak that its schedule goes on to follow ({schedule}).").format(
            schedule=choices()[now.schedule]
        )
    )
    if "momentum" in changes.changeable(now):
        return said
    return f"{said} {_('{optimiser} has no momentum to change.').format(optimiser=choices()[now.optimiser])}"


def _ask(snapshot: Snapshot, now: TrainConfig, given: tuple[str, ...], count: int) -> None:
    if not frame.may_act():
        return
    wanted: dict[str, Value] = {name: st.session_state[f"change_{name}_{count}"] for name in given}
    try:
        changes.ask(snapshot.run, now, wanted)
        st.session_state.pop(REFUSED, None)
    except Refused as refusal:
        st.session_state[REFUSED] = (snapshot.run.id, str(refusal))
    except OSError as error:
        said = _("The command could not be given ({why}): try again.")
        st.session_state[REFUSED] = (snapshot.run.id, said.format(why=error.strerror))
