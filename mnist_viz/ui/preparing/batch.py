"""A batch as the network gets it: from bytes over stacking, scaling and every layer to logits and one loss."""

from math import isfinite

import streamlit as st

from mnist_viz import text
from mnist_viz.analysis.stages import Stage, memory
from mnist_viz.data.address import Address
from mnist_viz.figures import journey as drawing
from mnist_viz.text import _
from mnist_viz.ui import as_seen, caches, page, words
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.link import Choice
from mnist_viz.ui.preparing import labels
from mnist_viz.ui.preparing.block import block, raw
from mnist_viz.ui.turns import heavy

SIZES = ("1", "16", "64", "256")


def show(choice: Choice) -> str:
    """Every tensor of the way of the batch in which the digit stands; a click on one shows how it was made."""
    if choice.step is None:
        st.info(_("This run has no checkpoint yet: its layers are measured here after the first."))
        return _("A batch is a stack of digits: one more length in front of every shape.")
    sizes = {one: _("{count} digits").format(count=one) if one != "1" else _("1 digit") for one in SIZES}
    count = int(words.segmented("batch_of", _("Digits in the batch"), sizes, default="64", bare=True))
    stages = measured(choice.run.id, choice.step, str(choice.digit), count)
    steps = [one.name for one in stages]
    chosen = steps.index(words.hidden("tensor", steps, default="scale"))
    figure.show(
        _drawn(choice.run.id, choice.step, str(choice.digit), count, text.language()),
        key="batch_journey",
        cells=(len(stages), 1),
        chosen=(chosen, 0),
        marks=[drawing.outline(chosen)],
        on_click=lambda: _choose("batch_journey", steps),
    )
    _detail(stages[chosen])
    page.how_made(
        _(
            "All is measured on the tensors themselves: the batch of the part's own order in which the digit stands, "
            "through the chosen run's network at the chosen checkpoint, in eval mode, by a hook at each layer. Memory "
            "is the numbers times the bytes of one: 1 for uint8, 4 for float32, 8 for int64. An empty bar is a "
            "tensor that is the one before, seen with another shape: nothing is copied. While it learns, a network "
            "keeps nearly all of these until the gradients are computed, so that a batch of twice as many digits "
            "takes twice the memory. The axis of the ranges is the inverse hyperbolic sine, linear around 0, "
            "logarithmic far from it."
        )
    )
    here = {one.name: one for one in stages}
    if not isfinite(here["loss"].mean):
        return labels.no_numbers()
    many = here["labels"].shape[0]
    sentence = (
        _(
            "One digit is {bytes} of grey values, {floats} as the network wants it, and {all} with every layer's "
            "answer; what is left in the end is one number, the loss {loss:.4f}."
        )
        if many == 1
        else _(
            "Only {count} digits are left for the last batch of this part: they are {bytes} of grey values, {floats} "
            "as the network wants them, and {all} with every layer's answer; what is left in the end is one number, "
            "the loss {loss:.4f}."
        )
        if many < count
        else _(
            "{count} digits are {bytes} of grey values, {floats} as the network wants them, and {all} with every "
            "layer's answer; what is left in the end is one number, the loss {loss:.4f}."
        )
    )
    return sentence.format(
        count=many,
        bytes=drawing.size(here["stack"].bytes),
        floats=drawing.size(here["unit"].bytes),
        all=drawing.size(memory(stages)),
        loss=here["loss"].mean,
    )


def names(stages: tuple[Stage, ...]) -> dict[str, str]:
    """What each step is called on the page; a layer keeps its own name, with its kind."""
    known = {
        "digit": _("one digit, in bytes"),
        "stack": _("stacked"),
        "prepare": _("prepared"),
        "unit": _("float, / 255"),
        "channel": _("one channel"),
        "scale": _("scaled in the model"),
        "flatten": _("flattened"),
        "rearrange": _("rearranged"),
        "head": _("head: logits"),
        "labels": _("labels"),
        "loss": _("loss"),
    }
    return {one.name: known.get(one.name, one.name.removeprefix("blocks.")) for one in stages}


@st.cache_data(max_entries=256, show_spinner=False)
def measured(run_id: str, step: int, address: str, count: int) -> tuple[Stage, ...]:
    """The stages of the batch of `count` in which a digit stands."""
    from mnist_viz.analysis.journey import journey  # noqa: PLC0415  brings torch

    batch, word = raw(block(Address.parse(address), count)), as_seen.steps(run_id)
    prepared = as_seen.prepared(run_id, batch.images) if word else None
    with heavy:
        return journey(caches.network(run_id, step), batch.images, batch.labels, prepared=prepared, word=word)


@st.cache_data(max_entries=256, show_spinner=False)
def _drawn(run_id: str, step: int, address: str, count: int, language: str) -> Drawn:
    stages = measured(run_id, step, address, count)
    title = _("A batch of {count} on its way to the loss, tensor by tensor").format(count=stages[1].shape[0])
    return Drawn.of(drawing.journey(stages, names(stages), title))


def _detail(stage: Stage) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.code(stage.code, language="python", wrap_lines=True)
    if sum(stage.histogram) < 2:
        return
    with right:
        figure.show(Drawn.of(drawing.histogram(stage, names((stage,))[stage.name])), key="batch_histogram")


def _choose(key: str, steps: list[str]) -> None:
    event = figure.clicked(key)
    if event and isinstance(event.get("y"), (int, float)) and -0.5 <= event["y"] < len(steps) - 0.5:
        st.session_state["tensor"] = steps[round(event["y"])]
