"""The settings of a training: chosen in a slim row and a fold, checked at the one door, started by one button."""

from collections.abc import Callable, Iterable, Iterator

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.plan.words import BUILT
from mnist_viz.server.board import Snapshot, board
from mnist_viz.text import _
from mnist_viz.training import fields, launch, lineage
from mnist_viz.training.config import FIELDS, PRESETS, Choice, Number, Refused, TrainConfig, Value
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.ui import frame, link, words
from mnist_viz.ui.training import augmenting, builder, folding, refusals, setting_words, starting_point, steps_field

USUAL = ("epochs", "batch", "rate", "optimiser", "schedule", "momentum", "digits", "seed")
FINER = (
    *("nesterov", "weight_decay", "smoothing", "dropout"),
    *("averaging", "patience", "folds", "initialisation", "device"),
)
PREPARED = ("preparation", "scaling")
FOLDED = (*USUAL, *FINER, *AUGMENTATION, *PREPARED)


def settings(*, is_first: bool = True) -> TrainConfig | None:
    """The chosen settings; None where they make no sense, and then the sentence that says so is on the page.

    The start is the page's primary action where it `is_first`.
    """
    wrong = refusals.of_the_link(FOLDED)  # before the fields put right what the link says
    with st.container(horizontal=True, vertical_alignment="bottom"):
        from_checkpoint = starting_point.choice(then=_take_over_preset)
        if from_checkpoint:
            starting_point.in_the_row()
            preset = starting_point.PRESET
        else:
            preset = words.menu("preset", _("Recipe"), recipes(), default="live", width=185, then=_take_over_preset)
            _field("architecture", preset)
        own = not from_checkpoint and _value("architecture", preset) == BUILT
        impossible = own and not builder.take_up()
        fold = st.popover(_("Settings"), icon=":material/tune:", on_change="rerun", key="settings")
        # Closed, it would forget what a recipe sets meanwhile: the browser takes it up in mounted fields alone.
        with fold if fold.open else st.container(key="hidden_settings"):
            usual, finer, augmented, prepared = st.tabs([_("Usual"), _("Finer"), _("Augmentation"), _("Preparation")])
            with usual:
                columns = _columns()
                if from_checkpoint:
                    starting_point.in_the_fold(columns)
                _fields(USUAL, preset, columns)
            with finer:
                _fields(FINER, preset, _columns())
            with augmented:
                _fields(AUGMENTATION, preset, _columns(4, 640))
                if fold.open:
                    amounts = {name: float(_value(name, preset)) for name in AUGMENTATION}
                    augmenting.preview(amounts, str(_value("preparation", preset)))
            with prepared:
                _fields(PREPARED, preset, _columns(1))
        busy = board().training()
        if busy is None:
            _start_button(impossible, is_first)
    if busy is not None:
        _other_training(busy)
    refusals.show(wrong, {name: _value(name, preset) for name in FOLDED if _applies(name, preset)})
    if own:
        builder.show()
    if impossible:
        return None
    if "not_started" in st.session_state:
        st.warning(st.session_state.pop("not_started"))
    try:
        config = lineage.found(_chosen(), board().store)
    except Refused as refusal:
        st.warning(str(refusal))
        return None
    if said := setting_words.prepared(config):
        st.caption(_("Digits {prepared}").format(prepared=said))
    return config


def recipes() -> dict[str, str]:
    """The recipes of a training from nothing, by their names."""
    return {name: recipe.name for name, recipe in PRESETS.items() if name != starting_point.PRESET}


def _start_button(disabled: bool, is_first: bool) -> None:
    if frame.may_act():
        label = _("Start training")
        st.button(
            label,
            type="primary" if is_first else "secondary",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(_chosen,),
            disabled=disabled,
            key="start",
        )
    else:
        st.caption(_("Only the presenter starts trainings here."))


def _other_training(busy: Snapshot) -> None:
    """Where the start would be: what is going on, the way there, and the start again as soon as it has ended."""
    with st.container(horizontal=True, vertical_alignment="center"):
        sentence = _("Another training is going on: {network}.")
        st.markdown(sentence.format(network=folding.name(busy.config)), width="content")
        st.button(_("Watch it"), on_click=link.choose, kwargs={"run": busy.run.id}, key="watch_it")
    st.fragment(_wait_for_end, run_every=3.0)(busy.run.id)


def _wait_for_end(run_id: str) -> None:
    training = board().training()
    if training is None or training.run.id != run_id:
        st.rerun()


def comparison() -> None:
    """Offer what pre-training brings, in one click: ten digits a class, pre-trained and beside it from nothing."""
    if frame.may_act() and board().training() is None and not starting_point.is_checkpoint():
        label = _("Does pre-training help? 10 digits a class")
        st.button(
            label, type="tertiary", icon=":material/compare_arrows:", on_click=_start, args=(_compared,), key="both"
        )


def _compared() -> TrainConfig:
    return TrainConfig.from_preset(starting_point.PRESET)


def _start(wanted: Callable[[], TrainConfig]) -> None:
    """Start a training with what is wanted, and look at it; a second click finds it already going on."""
    if not frame.may_act() or board().training() is not None:
        return
    try:
        link.choose(run=launch.start(wanted(), board().store).id)
    except Refused:
        return  # the page says why
    except OSError as error:
        sentence = _("The training could not be started ({why}): is there room on the disk?")
        st.session_state["not_started"] = sentence.format(why=error.strerror)


def _preset() -> str:
    """The recipe that the form says now."""
    if starting_point.is_checkpoint():
        return starting_point.PRESET
    said = str(st.session_state.get("preset", "live"))
    return said if said in recipes() else "live"


def _chosen() -> TrainConfig:
    """What the form says now. Raises Refused."""
    preset = _preset()
    folded = {name: _value(name, preset) for name in FOLDED if _applies(name, preset)}
    if preset == starting_point.PRESET:
        return TrainConfig.from_preset(preset, **{**folded, **starting_point.chosen()})
    architecture = _value("architecture", preset)
    layers = builder.word() if architecture == BUILT else ""
    return TrainConfig.from_preset(preset, **{**folded, "architecture": architecture, "layers": layers})


def _applies(name: str, preset: str) -> bool:
    """Whether a setting has a meaning beside the others; one that has none is not shown and says nothing."""
    match name:
        case "momentum":
            return _value("optimiser", preset) == "sgd"
        case "nesterov":
            return _applies("momentum", preset) and _value("momentum", preset) != 0
        case "digits" | "initialisation" | "patience" | "folds" | "scaling":
            return preset != starting_point.PRESET
    return True


def _value(name: str, preset: str) -> Value:
    """What the form says of a setting; a choice or a number that the link says wrongly is the recipe's."""
    default: Value = PRESETS[preset].settings[name]
    field, value = FIELDS[name], st.session_state.get(name, default)
    try:
        return field.checked(name, value) if isinstance(field, Choice | Number) else value
    except Refused:
        return default


def _take_over_preset() -> None:
    """A chosen recipe sets what it says, whatever was set before."""
    recipe = PRESETS[_preset()]
    names = ("architecture", *FOLDED) if recipe.its_network else FOLDED
    link.choose(**{name: setting_words.in_link(name, recipe.settings[name]) for name in names})


def _columns(count: int = 2, width: int = 520) -> Iterator[DeltaGenerator]:
    """Places side by side, `count` a row, so that on a phone they keep their order."""
    while True:
        yield from st.columns(count, gap="medium", width=width)


def _fields(wanted: Iterable[str], preset: str, columns: Iterator[DeltaGenerator]) -> None:
    """Those settings that have a meaning now, each in the next column."""
    for name in wanted:
        if _applies(name, preset):
            with next(columns):
                _field(name, preset)


def _field(name: str, preset: str) -> None:
    """The widget of one setting, with the bounds of its field."""
    field, default, label = FIELDS[name], PRESETS[preset].settings[name], setting_words.names()[name]
    hint = setting_words.hints().get(name)
    if isinstance(field, Choice):
        called = fields.names()
        shown = {option: called.get(option, option) for option in field.options}
        words.menu(name, label, shown, default=default, width=200 if name == "architecture" else "stretch", hint=hint)
    elif name == steps_field.WORD:
        steps_field.field(label, hint)
    elif name in setting_words.menus():
        words.menu(name, label, setting_words.menus()[name], default=setting_words.in_link(name, default), hint=hint)
    elif name in AUGMENTATION and isinstance(field, Number):
        augmenting.slider(name, field, label, hint, default)
    elif isinstance(field, Number):
        kind = int if field.whole else float
        st.number_input(
            label,
            min_value=kind(field.low),
            max_value=kind(field.high),
            value=kind(default),
            step=kind(field.step),
            format=None if field.whole else "%g",
            help=hint,
            key=name,
            bind="query-params",
        )
