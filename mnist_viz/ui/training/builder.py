"""A network of one's own, layer by layer: each row a layer with its numbers, what it puts out and what it costs.

The layers live in the link, as the word of `plan.words`; every control is another way to write that word.
"""

from collections.abc import Callable, Mapping

import streamlit as st

from mnist_viz.plan import sizes
from mnist_viz.plan import words as grammar
from mnist_viz.plan.layers import KINDS, MOST_LAYERS, START, Bounds, Impossible, Layer, Plan
from mnist_viz.text import _
from mnist_viz.ui import link
from mnist_viz.ui.training import layer_menu, variants

WORD = "layers"
NOT_TAKEN = "number_not_taken"  # of this visitor: (the place of a layer, what is said of the number typed there)
_LEAST = 50  # pixels; style.css makes each as wide as its words, which grow for a projector


def word() -> str:
    """The word for the layers that the form says now."""
    return str(st.session_state.get(WORD) or grammar.write(START))


def take_up() -> bool:
    """Take up what the link says; whether these layers make a network."""
    with st.container(key=f"hidden_{WORD}"):
        st.text_input(WORD, value=grammar.write(START), key=WORD, bind="query-params")
    return not _read()[2]


def _read() -> tuple[Plan, tuple[sizes.Sized, ...], str]:
    """The layers, their sizes as far as they are possible, and the reason why no further, "" where all are."""
    try:
        plan = grammar.parse(word())
    except Impossible as why:
        return (), (), str(why)
    return plan, *sizes.as_far_as_possible(plan)


def show() -> None:
    """The rows of layers, all to be changed; where they make no network it is said why."""
    plan, rows, impossible = _read()
    wrong_place, why_not = st.session_state.pop(NOT_TAKEN, (None, ""))
    with st.expander(_summary(rows, impossible), expanded=True, icon=":material/construction:"):
        with st.container(gap=None, key="layers_of_ones_own"):
            if plan:
                _line("", _cells(_("puts out"), _("parameters"), _("multiply-adds")))
            for place, layer in enumerate(plan):
                if place == len(rows) and impossible:
                    st.warning(link.plain(impossible))
                _row(plan, place, layer, rows[place] if place < len(rows) else None)
                if place == wrong_place:
                    st.warning(link.plain(why_not))
            if impossible and len(rows) >= len(plan):
                st.warning(link.plain(impossible))
            elif not impossible:
                _line(_("head, to ten classes"), _sizes(rows[-1]))
        _ways_to_begin(plan)
        variants.show(word())


def _summary(rows: tuple[sizes.Sized, ...], impossible: str) -> str:
    if impossible:
        return _("Your network: these layers do not make one yet")
    return _("Your network: {parameters:,} parameters, {products:,} multiply-adds a digit").format(
        parameters=sum(row.parameters for row in rows), products=sum(row.multiply_adds for row in rows)
    )


def _row(plan: Plan, place: int, layer: Layer, sized: sizes.Sized | None) -> None:
    """One layer: its kind, its numbers, its sizes where they are possible, and the ways to move and remove it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"layer_{place}"):
        with st.container(horizontal=True, gap="small", width="stretch"):
            _choice(
                place,
                "kind",
                layer_menu.names(),
                layer_menu.called(layer),
                lambda said: layer_menu.of_kind(layer, said),
            )
            for name, allowed in KINDS[layer["kind"]].items():
                if isinstance(allowed, Bounds):
                    _number(place, layer, name, allowed)
        if sized:
            st.html(_sizes(sized), width="content")
        with st.container(horizontal=True, horizontal_alignment="right", gap=None, width=_LEAST, key=f"moves_{place}"):
            for icon, words, changed in (
                ("arrow_upward", _("Move layer {place} up"), _moved(plan, place, -1)),
                ("arrow_downward", _("Move layer {place} down"), _moved(plan, place, 1)),
                ("close", _("Remove layer {place}"), plan[:place] + plan[place + 1 :]),
            ):
                st.button(
                    words.format(place=place + 1),
                    icon=f":material/{icon}:",
                    type="tertiary",
                    disabled=not changed or changed == plan,
                    on_click=_say,
                    args=(changed,),
                    key=f"{icon}_{place}",
                )


def _number(place: int, layer: Layer, name: str, allowed: Bounds) -> None:
    """The menu of one number of a layer; a number that is typed counts too where it is within bounds."""

    def changed(said: str) -> Layer | None:
        number = layer_menu.number(said, allowed)
        if number is None:
            st.session_state[NOT_TAKEN] = (place, layer_menu.not_taken(name, said, allowed))
            return None
        return {**layer, name: number}

    options = layer_menu.numbers(name, layer[name])
    _choice(place, name, options, f"{layer[name]:g}", changed)


def _choice(
    place: int, name: str, options: Mapping[str, str], value: str, changed: Callable[[str], Layer | None]
) -> None:
    """A menu in a row; what `changed` makes of the choice takes the layer's place, None leaves all as it is."""
    key = f"layer_{place}_{name}"
    st.session_state[key] = value

    def take_over() -> None:
        layer, plan = changed(str(st.session_state[key])), grammar.parse(word())
        if layer is not None and place < len(plan):
            _say((*plan[:place], layer, *plan[place + 1 :]))

    st.selectbox(
        _("{setting} of layer {place}").format(setting=name, place=place + 1),
        list(options),
        format_func=lambda said: options.get(said, said),
        accept_new_options=name != "kind",
        label_visibility="collapsed",
        width=_LEAST,
        key=key,
        on_change=take_over,
    )


def _sizes(sized: sizes.Sized) -> str:
    shape = " × ".join(map(str, sized.shape))
    return _cells(shape, f"{sized.parameters:,}", f"{sized.multiply_adds:,}")


def _cells(*cells: str) -> str:
    return f'<div class="mv-sizes">{"".join(f"<span>{cell}</span>" for cell in cells)}</div>'


def _line(name: str, cells: str) -> None:
    """A row without controls: the names of the columns, and the head."""
    st.html(f'<div class="mv-line"><span>{name}</span>{cells}</div>')


def _ways_to_begin(plan: Plan) -> None:
    """One more layer at the end, or the layers of a known network instead."""
    known = {
        grammar.write(START): _("two pooled blocks"),
        "c16k3-m2-r-c32k3-m2-r-d128-r": _("the layers of conv16_32"),
        "c6k5p2-t-a2-c16k5-t-a2-d120-t-d84-t": _("LeNet-5, nearly as in 1998"),
        "d128-r": _("one dense layer"),
    }
    with st.container(horizontal=True, gap="small"):
        for key, label, options, then in (
            ("add_layer", _("Add a layer"), layer_menu.names(), lambda said: (*plan, layer_menu.of_kind({}, said))),
            ("begin_with", _("Begin anew with"), known, grammar.parse),
        ):
            st.session_state[key] = None
            st.selectbox(
                label,
                list(options),
                format_func=options.__getitem__,
                index=None,
                placeholder=f"{label} …",
                label_visibility="collapsed",
                width=230,
                disabled=key == "add_layer" and len(plan) >= MOST_LAYERS,
                key=key,
                on_change=_take,
                args=(key, then),
            )


def _take(key: str, then: Callable[[str], Plan]) -> None:
    if st.session_state[key] is not None:
        _say(then(st.session_state[key]))


def _say(plan: Plan) -> None:
    link.choose(**{WORD: grammar.write(plan)})


def _moved(plan: Plan, place: int, by: int) -> Plan:
    other = place + by
    if not 0 <= other < len(plan):
        return plan
    layers = list(plan)
    layers[place], layers[other] = layers[other], layers[place]
    return tuple(layers)
