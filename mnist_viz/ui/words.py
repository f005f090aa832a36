"""Controls whose choice is a word of the link, the same in every language.

Streamlit writes what a control *shows* into the link. So the word itself lives in a hidden field that is bound to the
link, and the control in front of it shows names and never travels.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Literal

import streamlit as st


def segmented(
    word: str,
    label: str,
    names: Mapping[str, str],
    *,
    default: str,
    bare: bool = False,
    then: Callable[[], None] | None = None,
) -> str:
    """Side by side, one of `names` (word -> what is shown); `bare` keeps the label for screen readers alone, `then` is
    called after a visitor chose another.
    """
    value = _bound(word, names, default)
    st.segmented_control(
        label,
        list(names),
        required=True,
        wrap=True,
        format_func=names.__getitem__,
        label_visibility="collapsed" if bare else "visible",
        **_in_front_of(word, value, names, then),
    )
    return value


def menu(
    word: str,
    label: str,
    names: Mapping[str, str],
    *,
    default: str,
    width: int | Literal["stretch"] = "stretch",
    then: Callable[[], None] | None = None,
    hint: str | None = None,
) -> str:
    """One of `names` in a menu; `then` is called after a visitor chose another, `hint` is one question mark away."""
    value = _bound(word, names, default)
    options = list(names)
    front = _in_front_of(word, value, names, then)
    st.selectbox(label, options, format_func=names.__getitem__, width=width, help=hint, **front)
    return value


def slide(word: str, label: str, names: Mapping[str, str], *, default: str) -> str:
    """One of `names` on a slider, in their order."""
    value = _bound(word, names, default)
    st.select_slider(label, list(names), format_func=names.__getitem__, **_in_front_of(word, value, names))
    return value


def pair(word: str, labels: tuple[str, str], names: Mapping[str, str], *, default: str, width: int) -> tuple[str, str]:
    """Two of `names` from two menus, in the link as one word such as "4-9": one choice is one step of its history."""
    values = _bound(word, {f"{one}-{other}" for one in names for other in names}, f"{default}-{default}").split("-")
    shown = tuple(f"{word}_{place}_shown" for place in range(2))

    def take_over() -> None:
        chosen = [st.session_state[key] for key in shown]
        if all(one in names for one in chosen):
            st.session_state[word] = "-".join(chosen)

    for key, label, value in zip(shown, labels, values, strict=True):
        st.session_state[key] = value
        st.selectbox(label, list(names), format_func=names.__getitem__, key=key, width=width, on_change=take_over)
    return values[0], values[1]


def several(word: str, label: str, names: Mapping[str, str], *, default: Sequence[str], most: int) -> list[str]:
    """At least one and at most `most` of `names`, as pills; in the link as one word such as "4-9". The label is bare.

    What would leave none or take one too many is not done. The default is not written into the link, so it may
    follow what else is chosen.
    """
    shown = f"{word}_shown"
    with st.container(key=f"hidden_{word}"):
        linked = st.text_input(word, value="", key=word, bind="query-params").split("-")
    values = list(dict.fromkeys(one for one in linked if one in names))[:most] or list(default)
    st.session_state[shown] = values

    def take_over() -> None:
        chosen = [one for one in st.session_state[shown] if one in names]
        if 0 < len(chosen) <= most:
            st.session_state[word] = "-".join(chosen)

    st.pills(
        label,
        list(names),
        selection_mode="multi",
        format_func=names.__getitem__,
        key=shown,
        on_change=take_over,
        wrap=True,
        label_visibility="collapsed",
    )
    return values


def hidden(word: str, names: Container[str], *, default: str) -> str:
    """One of `names` without a control of its own: a click on a picture or another control chooses it."""
    return _bound(word, names, default)


def _bound(word: str, names: Container[str], default: str) -> str:
    """The word of the link, or the default where the link says something that is not there."""
    with st.container(key=f"hidden_{word}"):
        value = st.text_input(word, value=default, key=word, bind="query-params")
    return value if value in names else default


def _in_front_of(
    word: str, value: str, names: Mapping[str, str], then: Callable[[], None] | None = None
) -> dict[str, Any]:
    shown = f"{word}_shown"
    st.session_state[shown] = value

    def take_over() -> None:
        chosen = st.session_state[shown]
        if chosen not in names:  # the browser still showed a name that has changed meanwhile: nobody chose it
            return
        st.session_state[word] = chosen
        if then:
            then()

    return {"key": shown, "on_change": take_over}
