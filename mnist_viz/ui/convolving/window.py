"""One window: a picture, a kernel and what comes out of them, cell by cell, with every number that is needed."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.analysis import kernels, sliding
from mnist_viz.runs import digits
from mnist_viz.text import _
from mnist_viz.ui import caches, page
from mnist_viz.ui.components import window as part
from mnist_viz.ui.components.window import Link, Stage
from mnist_viz.ui.convolving import window_controls, window_words
from mnist_viz.ui.convolving.window_controls import Chosen
from mnist_viz.ui.link import Choice
from mnist_viz.ui.turns import heavy

if TYPE_CHECKING:
    from mnist_viz.analysis.window import First, Seen

KEY = "window"
DRAWN, PAPER = "window_drawing", "window_paper"  # kept in the session: the link carries no drawings


def show(choice: Choice) -> str:
    """Show the view; returns the sentence that says what is seen."""
    first = _first(choice)
    chosen = window_controls.choose(first)
    if refused := window_controls.own_word()[1]:
        st.info(refused)
    if first is None:
        st.caption(window_words.why_no_filter(choice))
    stage = _stage(choice, chosen, first)
    label = _("A window that moves over the digit, its numbers, and what comes out")
    part.show(stage, key=KEY, label=label, on_event=lambda: _take_over(first, chosen.operation))
    _size(stage, chosen)
    if chosen.way == "weigh":
        st.caption(
            _(
                "Strictly, this is a cross-correlation: a convolution would flip the kernel first. Networks learn the "
                "kernel as it is used, so nobody flips it, and everybody says convolution."
            )
        )
    page.how_made(window_words.explanation())
    return window_words.answer(chosen, stage, what=_what(choice), layer=first.name if first is not None else "")


def left_behind() -> str:
    """What is said on the other views of who has drawn a digit; empty where nobody has."""
    if _drawn() is None:
        return ""
    return _("Your drawing stays on “One window”: what is shown here is the digit that is chosen beside the page.")


def _first(choice: Choice) -> "First | None":
    if choice.step is None:
        return None
    return _first_of(choice.run.id, choice.step)


@st.cache_resource(max_entries=64, show_spinner=False)
def _first_of(run_id: str, step: int) -> "First | None":
    from mnist_viz.analysis import window  # noqa: PLC0415  brings torch

    return window.first(caches.network(run_id, step))


@st.cache_data(max_entries=512, show_spinner=False)
def _scaled(run_id: str, step: int, name: str, pixels: bytes) -> "Seen":
    from mnist_viz.analysis import window  # noqa: PLC0415  brings torch

    with heavy:
        return window.as_scaled(caches.network(run_id, step), name, np.frombuffer(pixels, np.uint8).reshape(28, 28))


def _drawn() -> NDArray[np.uint8] | None:
    """What this viewer drew in place of the digit, as it was drawn."""
    if not st.session_state.get(PAPER):
        return None
    drawn: NDArray[np.uint8] = st.session_state.get(DRAWN, np.zeros((28, 28), np.uint8))
    return drawn


def _image(choice: Choice, drawn: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """The digit, or what was drawn instead, as the run sees it."""
    if drawn is None:
        return digits.image(choice.run, choice.digit)
    seen: NDArray[np.uint8] = digits.prepared(choice.run, drawn[np.newaxis])[0]
    return seen


def _stage(choice: Choice, chosen: Chosen, first: "First | None") -> Stage:
    """All that is shown, computed by torch."""
    from mnist_viz.analysis import window  # noqa: PLC0415  brings torch

    drawn, slides, weights, bias = _drawn(), chosen.sliding, None, None
    image = _image(choice, drawn)
    kernel_pictures: list[NDArray[np.float32]] = []
    names, place = list[str](), -1
    if chosen.operation == "filter" and first is not None and choice.step is not None:
        seen = _scaled(choice.run.id, choice.step, first.name, image.tobytes())
        weights = first.weights[chosen.number]
        bias = None if first.bias is None else float(first.bias[chosen.number])
        kernel_pictures, place = list(first.weights), chosen.number
        names = [str(number) for number in range(len(first.weights))]
        title = _("{digit}, as {layer} gets it") if drawn is None else _("Your drawing, as {layer} gets it")
        title = title.format(digit=choice.digit, layer=first.name)
    else:
        seen, title = window.plain(image), str(choice.digit) if drawn is None else _("Your drawing")
    if chosen.operation == "own":
        weights = kernels.parse(chosen.word)
        presets = window_controls.preset_names()
        kernel_pictures = [kernels.preset(name, len(weights)) for name in presets]
        names = list(presets.values())
        place = list(presets).index(chosen.word[:-1]) if chosen.word[:-1] in presets else -1
    refusal = sliding.refusal(chosen.way, slides, len(seen.values))
    sums, winners = np.zeros((0, 0), np.float32), None
    if not refusal and weights is not None:
        sums = window.weigh(seen.values, weights, bias or 0.0, slides)
    elif not refusal and chosen.way == "max":
        sums, winners = window.largest(seen.values, slides)
    elif not refusal:
        sums = window.mean(seen.values, slides)
    wide = len(sums)
    lit = window_controls.lit(wide)
    return Stage(
        way=chosen.way,
        values=seen.values,
        paper=seen.paper,
        ink=seen.ink,
        sliding=slides,
        sums=sums,
        weights=weights,
        bias=bias,
        winners=winners,
        chain=_chain(chosen, first, sums) if wide else (),
        kernels=kernel_pictures,
        names=names,
        chosen=place,
        editable=chosen.operation == "own",
        drawn=drawn,
        drawable=seen.values.shape == image.shape,
        refusal=refusal,
        lit=lit,
        titles=(title, _("What comes out: {wide} × {wide}").format(wide=wide) if wide else _("What comes out")),
    )


def _chain(chosen: Chosen, first: "First | None", sums: NDArray[np.float32]) -> list[Link]:
    """What follows the sums, each step with its own numbers."""
    from mnist_viz.analysis import window  # noqa: PLC0415  brings torch

    chain: list[Link] = []
    for name in chosen.then:
        before = chain[-1].values if chain else sums
        if name == "norm" and first is not None:
            norm = first.norms[chosen.number]
            chain.append(Link("batch_norm", window.normalised(before, norm), norm._asdict()))
        else:
            chain.append(Link(name, window.activated(before, name), {}))
    return chain


def _what(choice: Choice) -> str:
    return str(choice.digit) if _drawn() is None else _("your drawing")


def _take_over(first: "First | None", operation: str) -> None:
    """What the browser asks for: another kernel, other weights, a drawing, or the digit again."""
    event = part.event(KEY)
    window_controls.choose_kernel(first, operation, event)
    window_controls.light(event)
    if "paper" in event:
        st.session_state[PAPER] = event["paper"] == "own"
    if "drawn" in event and (drawn := part.picture(event["drawn"])) is not None:
        st.session_state[DRAWN] = drawn


def _size(stage: Stage, chosen: Chosen) -> None:
    """The size formula with its numbers, and what they mean for the edge."""
    length = len(stage.values)
    formula = stage.sliding.formula(length)
    with st.container(key="window_size"):
        pieces = " ".join(f"${{{'' if not at else '='}{piece}}}$" for at, piece in enumerate(formula))  # broken between
        st.markdown(f"{_('Size of what comes out:')} {pieces}")
        st.caption(window_words.letters(normed="norm" in chosen.then))
        if stage.refusal:
            st.warning(stage.refusal)
        elif found := sliding.remark(stage.sliding, length):
            st.caption(found)
