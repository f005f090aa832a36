"""What the window of the convolution page is: its operation, its kernel and how it slides, each a word of the link."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from mnist_viz.analysis import kernels
from mnist_viz.analysis.sliding import Sliding, Way
from mnist_viz.text import _
from mnist_viz.ui import words

if TYPE_CHECKING:
    from mnist_viz.analysis.window import First

NONE = "none"
_CELL = re.compile(r"(0|[1-9]\d?)-(0|[1-9]\d?)")  # row and column


@dataclass(frozen=True)
class Chosen:
    """What a visitor chose: `operation` is `filter`, `own`, `max` or `mean`, `number` the filter's, `word` that of a
    kernel of one's own, `then` what follows the sum, in order: `norm` (BatchNorm) or an activation.
    """

    operation: str
    number: int
    word: str
    sliding: Sliding
    then: tuple[str, ...]

    @property
    def way(self) -> Way:
        """What is done under the window."""
        return "max" if self.operation == "max" else "mean" if self.operation == "mean" else "weigh"


def choose(first: "First | None") -> Chosen:
    """The controls in one slim row; a network without a first convolution offers no filters."""
    operations = {
        "filter": _("Network's filter"),
        "own": _("Own kernel"),
        "max": _("Max pooling"),
        "mean": _("Mean pooling"),
    }
    if first is None:
        del operations["filter"]
    with st.container(horizontal=True, gap="xsmall", key="window_controls"):
        operation = _menu("operate", _("Operation"), operations, usual=next(iter(operations)), then=_as_usual, wide=175)
        number, word = _number(first), _own()
        usual = first.sliding if first is not None and operation == "filter" else _centred(len(kernels.parse(word)))
        if operation == "own":
            _side_of_own(word)
        elif operation != "filter":
            side = _count("pool_window", _("Window"), range(2, 8), 2, _("{n} × {n}"), wide=94)
            usual = Sliding(side, 0, side)
        padding = _count(
            "padding", _("Padding"), range(max(6, usual.padding) + 1), usual.padding, _("padding {n}"), wide=124
        )
        stride = _count(
            "stride", _("Stride"), range(1, max(6, usual.stride) + 1), usual.stride, _("stride {n}"), wide=112
        )
        dilation = 1
        if operation != "mean":  # which has none
            dilation = _count("dilation", _("Dilation"), range(1, 15), usual.dilation, _("dilation {n}"), wide=126)
        normed = operation == "filter" and first is not None and bool(first.norms)
        then = _menu("then", _("What follows"), _followers(normed), usual=NONE, wide=190)
    follows = () if then == NONE else tuple(then.split("-"))
    return Chosen(operation, number, word, Sliding(usual.side, padding, stride, dilation), follows)


def choose_kernel(first: "First | None", operation: str, event: Mapping[str, object]) -> None:
    """Take over the kernel that was clicked or changed in the browser. Only from a callback."""
    place, weights = event.get("kernel"), event.get("weights")
    side = len(kernels.parse(own_word()[0]))
    if isinstance(place, int) and operation == "own" and 0 <= place < len(kernels.PRESETS):
        st.session_state["weights"] = f"{list(kernels.PRESETS)[place]}{side}"
    elif isinstance(place, int) and first is not None and 0 <= place < len(first.weights):
        st.session_state["filter"] = str(place)
    elif isinstance(weights, str):
        try:
            st.session_state["weights"] = kernels.write(kernels.parse(weights))
        except ValueError:  # what no browser of ours sends
            return


def own_word() -> tuple[str, str]:
    """The word of one's own kernel, and the sentence that refuses what the link says, empty where it is fine."""
    word = str(st.session_state.get("weights", kernels.DEFAULT))
    try:
        kernels.parse(word)
    except ValueError as wrong:
        return kernels.DEFAULT, str(wrong)
    return word, ""


def lit(wide: int) -> str:
    """The cell of an output (wide, wide) that the link names, such as "8-7"; empty where it names none."""
    with st.container(key="hidden_cell_at"):
        word = st.text_input("cell_at", value="", key="cell_at", bind="query-params")
    found = _CELL.fullmatch(word)
    return word if found and max(map(int, found.groups())) < wide else ""


def light(event: Mapping[str, object]) -> None:
    """Take over the cell that a visitor chose in the browser. Only from a callback."""
    word = event.get("lit")
    if isinstance(word, str) and _CELL.fullmatch(word):
        st.session_state["cell_at"] = word


def preset_names() -> dict[str, str]:
    """The presets in the order in which they are shown."""
    return {
        "vertical": _("vertical edges"),
        "horizontal": _("horizontal edges"),
        "laplacian": _("Laplacian"),
        "blur": _("blur"),
        "sharpen": _("sharpen"),
        "identity": _("identity"),
    }


def _followers(normed: bool) -> dict[str, str]:
    """What may follow the sum; BatchNorm only where the checkpoint has its numbers."""
    plain = {"relu": _("ReLU"), "sigmoid": _("sigmoid"), "tanh": _("tanh")}
    names = {NONE: _("then nothing"), **{word: _("then {name}").format(name=name) for word, name in plain.items()}}
    if normed:
        names["norm"] = _("then BatchNorm")
        names |= {f"norm-{word}": _("BatchNorm, {name}").format(name=name) for word, name in plain.items()}
    return names


def _centred(side: int) -> Sliding:
    """The window whose output is as large as the picture."""
    return Sliding(side, side // 2)


def _number(first: "First | None") -> int:
    known = [str(place) for place in range(len(first.weights))] if first is not None else ["0"]
    return int(words.hidden("filter", known, default="0"))


def _own() -> str:
    with st.container(key="hidden_weights"):
        st.text_input("weights", value=kernels.DEFAULT, key="weights", bind="query-params")
    return own_word()[0]


def _side_of_own(word: str) -> None:
    """The size of one's own kernel is in its word: choosing another writes the word anew."""
    st.session_state["own_side"] = len(kernels.parse(word))

    def take_over() -> None:
        st.session_state["weights"] = kernels.resized(own_word()[0], st.session_state["own_side"])

    st.selectbox(
        _("Size"),
        kernels.SIDES,
        key="own_side",
        format_func=lambda side: _("{n} × {n}").format(n=side),
        width=94,
        label_visibility="collapsed",
        on_change=take_over,
    )


def _count(word: str, label: str, numbers: range, usual: int, name: str, *, wide: int) -> int:
    shown = {str(number): name.format(n=number) for number in numbers}
    return int(_menu(word, label, shown, usual=str(usual), wide=wide))


def _menu(
    word: str,
    label: str,
    names: Mapping[str, str],
    *,
    usual: str,
    wide: int,
    then: Callable[[str, str], None] | None = None,
) -> str:
    """One of `names`, which say what they are, so that the label is only heard. What is usual here is not written into
    the link: it follows what else is chosen. `then` gets the word before and the one that was chosen.
    """
    with st.container(key=f"hidden_{word}"):
        linked = st.text_input(word, value="", key=word, bind="query-params")
    value = linked if linked in names else usual
    shown = f"{word}_shown"
    st.session_state[shown] = value

    def take_over() -> None:
        chosen = st.session_state[shown]
        if chosen not in names:  # the browser still showed a name that has changed meanwhile
            return
        st.session_state[word] = "" if chosen == usual else chosen
        if then:
            then(value, chosen)

    st.selectbox(
        label,
        list(names),
        format_func=names.__getitem__,
        key=shown,
        width=wide,
        label_visibility="collapsed",
        on_change=take_over,
    )
    return value


def _as_usual(before: str, chosen: str) -> None:
    """Another operation begins with what is usual for it; two poolings slide alike, but a mean has no dilation."""
    alike = {before, chosen} == {"max", "mean"}
    for word in ("dilation",) if alike else ("padding", "stride", "dilation"):
        st.session_state[word] = ""
