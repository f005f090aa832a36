"""The settings of a training: chosen in a slim row and a fold, checked at the one door, started by one button."""

import streamlit as st

from mnist_viz import text
from mnist_viz.server.board import board
from mnist_viz.text import _
from mnist_viz.training import estimate, launch
from mnist_viz.training.config import FIELDS, PRESETS, Choice, Number, Refused, TrainConfig
from mnist_viz.ui import frame, link, words

FOLDED = ("epochs", "batch", "rate", "optimiser", "schedule", "momentum", "digits", "seed", "device")


def names() -> dict[str, str]:
    """The settings by their names on the page."""
    return {
        "architecture": _("Network"),
        "preset": _("Recipe"),
        "epochs": _("Epochs (looks at every digit)"),
        "batch": _("Batch (digits a step)"),
        "rate": _("Learning rate"),
        "optimiser": _("Optimiser"),
        "schedule": _("Course of the learning rate"),
        "momentum": _("Momentum (of SGD)"),
        "digits": _("Training digits"),
        "seed": _("Seed"),
        "device": _("Device"),
    }


def settings() -> TrainConfig | None:
    """The chosen settings; None where they make no sense, and then the sentence that says so is on the page."""
    recipes = {name: recipe.name for name, recipe in PRESETS.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        preset = words.menu("preset", _("Recipe"), recipes, default="live", width=210, then=_take_over_preset)
        _field("architecture", preset)
        with st.popover(_("Settings"), icon=":material/tune:"):
            for name in FOLDED:
                if name != "momentum" or _value("optimiser", preset) == "sgd":
                    _field(name, preset)
        _start_button()
    if "not_started" in st.session_state:
        st.warning(st.session_state.pop("not_started"))
    try:
        return _chosen(preset)
    except Refused as refusal:
        st.warning(str(refusal))
        return None


def duration(config: TrainConfig) -> None:
    """Say how long this will take on this machine; while that is being measured, look again every two seconds."""
    speed = estimate.read(board().store.cache)
    seconds = estimate.seconds(speed, config) if speed else None
    if seconds is None and not launch.is_measuring_speed():
        st.caption(_("How long it takes on this machine is not known."))
    elif seconds is None:
        st.fragment(_wait_for_speed, run_every=2.0)(text.language(), config.architecture)
    else:
        st.caption(_in_words(seconds))


def _wait_for_speed(language: str, architecture: str) -> None:
    text.use(language)
    if architecture not in estimate.unknown(board().store.cache) or not launch.is_measuring_speed():
        st.rerun()
    st.caption(_("How fast this machine is will be known in a moment: it is being measured."))


def _in_words(seconds: float) -> str:
    if seconds < 100:
        return _("On this machine it takes about {seconds:.0f} s.").format(seconds=max(1, seconds))
    return _("On this machine it takes about {minutes:.0f} min.").format(minutes=seconds / 60)


def _start_button() -> None:
    busy = board().training()
    label = _("Start training")
    if not frame.may_act():
        st.button(label, type="primary", disabled=True, help=_("Only the presenter starts trainings here."))
    elif busy is not None:
        st.button(label, type="primary", disabled=True, help=_("One training at a time: another one is going on."))
    else:
        st.button(label, type="primary", icon=":material/play_arrow:", on_click=_start, key="start")


def _start() -> None:
    """Start a training with what the form says now, and look at it; a second click finds it already going on."""
    preset = st.session_state["preset"] if st.session_state["preset"] in PRESETS else "live"
    if not frame.may_act() or board().training() is not None:
        return
    try:
        config = _chosen(preset)
    except Refused:
        return  # the page says why
    try:
        link.choose(run=launch.start(config, board().store).id)
    except OSError as error:
        sentence = _("The training could not be started ({why}): is there room on the disk?")
        st.session_state["not_started"] = sentence.format(why=error.strerror)


def _chosen(preset: str) -> TrainConfig:
    """What the form says now. Raises Refused."""
    return TrainConfig.from_preset(preset, **{name: _value(name, preset) for name in ("architecture", *FOLDED)})


def _value(name: str, preset: str) -> str | int | float:
    value: str | int | float = st.session_state.get(name, PRESETS[preset].settings[name])
    return value


def _take_over_preset() -> None:
    """A chosen recipe sets what it says, whatever was set before."""
    recipe = PRESETS[st.session_state["preset"]]
    names = ("architecture", *FOLDED) if recipe.its_network else FOLDED
    link.choose(**{name: recipe.settings[name] for name in names})


def _field(name: str, preset: str) -> None:
    """The widget of one setting, with the bounds of its field."""
    field, default, label = FIELDS[name], PRESETS[preset].settings[name], names()[name]
    if isinstance(field, Choice):
        st.selectbox(
            label,
            field.options,
            index=field.options.index(default),
            key=name,
            bind="query-params",
            width=230 if name == "architecture" else 240,
        )
    elif isinstance(field, Number):
        kind = int if field.whole else float
        st.number_input(
            label,
            min_value=kind(field.low),
            max_value=kind(field.high),
            value=kind(default),
            step=kind(field.step),
            format=None if field.whole else "%g",
            key=name,
            bind="query-params",
            width=240,
        )
