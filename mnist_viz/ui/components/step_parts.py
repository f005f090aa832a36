"""Five cards that show a training step in its parts; the browser follows the newest step without running the page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from mnist_viz.figures import style
from mnist_viz.text import _

HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "mnist_viz_step_parts",
    html='<div class="mv-steptitle" role="status"></div><div class="mv-parts"></div>',
    css=(HERE / "step_parts.css").read_text(encoding="utf-8"),
    js=(HERE / "step_parts.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show(route: str, first: dict[str, Any], *, key: str, names: Sequence[str], turn: float) -> None:
    """Show the parts that the route answers, at once the `first`; `names` are those of the classes, and every `turn`
    seconds the next card of a new step lights up.
    """
    words = {
        "names": [_("batch"), _("forward"), _("loss"), _("backward"), _("update")],
        "title": _("Step {step} in its five parts"),
        "right": _("read as {read} with {share}, rightly"),
        "wrong": _("read as {read} with {share}, labelled {label}"),
        "digits": _("digits, the first of them above with their labels"),
        "accuracy": _("read rightly, before it learns from them"),
        "loss": _("nats, the mean of all their losses"),
        "gradient": _("length of the gradient, above that of each layer"),
        "update": _("of the length of all weights, at rate {rate}"),
    }
    colours = {"bar": style.TRAINING, "wrong": style.FOR}
    said = {"names": list(names), "words": words, "colours": colours, "turn": turn}
    _mount(key=key, data={"route": route, "first": first, **said})
