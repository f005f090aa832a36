"""What a training is doing, in words: its state, its result or its failure, and the network it trains."""

import streamlit as st

from mnist_viz.analysis import evaluation
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server.board import Snapshot
from mnist_viz.text import _, percent
from mnist_viz.training.config import TrainConfig
from mnist_viz.ui import caches


def heading(snapshot: Snapshot) -> str:
    """The title of the curve: which run it is."""
    if snapshot.run.id == PRETRAINED:
        return _("{network}, the run that ships with the app").format(network=snapshot.config["architecture"])
    return _("{network}, run {run}").format(network=snapshot.config["architecture"], run=snapshot.run.id)


def sentence(snapshot: Snapshot) -> str:
    """The answer under the question: what happens, or how well the run reads."""
    waiting = {
        "starting": _("The training is getting ready …"),
        "running": _("It is learning now: every point is a look at one batch of digits."),
        "paused": _("It is paused. Go on, or take one step at a time."),
        "interrupted": _("This training was interrupted: its process is gone. What it had learned until then is kept."),
        "failed": _("This training failed."),
    }
    if snapshot.state in waiting:
        return waiting[snapshot.state]
    tested, step = snapshot.last("evaluation", part="test"), snapshot.last("step")
    if tested is None or step is None:
        return _("This training was stopped before it had learned anything.")
    low, high = evaluation.accuracy_interval(round(tested["accuracy"] * tested["digits"]), tested["digits"])
    words = _(
        "After {seconds:.1f} s of training and {steps:,} steps it reads **{accuracy}** of {total:,} test digits "
        "rightly (95 % interval {low} to {high})."
    )
    return words.format(
        seconds=step["seconds"],
        steps=step["step"],
        accuracy=percent(tested["accuracy"]),
        total=tested["digits"],
        low=percent(low),
        high=percent(high),
    )


def device(snapshot: Snapshot) -> str:
    """What a training that goes on computes on, and on how many digits."""
    start = snapshot.last("start")
    if start is None:
        return ""
    return _("{digits:,} training digits, {parameters:,} parameters, on {device}.").format(**start)


def refusal(snapshot: Snapshot) -> None:
    """Where a run failed or broke off: why, and its log one click away."""
    failed = snapshot.last("failed")
    if failed is not None:
        st.warning(failed["reason"])
    if failed is not None or snapshot.state == "interrupted":
        with st.expander(_("What the trainer printed"), icon=":material/article:"):
            st.code(snapshot.run.log or _("nothing"), language=None)


def network_table(config: TrainConfig | None, snapshot: Snapshot) -> None:
    """The layers of the network that is chosen, or that trains: output shape, parameters, multiply-adds."""
    name = config.architecture if config else snapshot.config["architecture"]
    layers = caches.layers(name)
    total = sum(layer.parameters for layer in layers)
    words = _("The network {name}: {layers} layers, {total:,} parameters")
    with st.expander(words.format(name=name, layers=len(layers), total=total), icon=":material/layers:"):
        st.dataframe(
            {
                _("Layer"): [layer.name for layer in layers],
                _("Kind"): [layer.kind for layer in layers],
                _("Output"): [" × ".join(map(str, layer.shape)) for layer in layers],
                _("Parameters"): [layer.parameters for layer in layers],
                _("Multiply-adds"): [layer.multiply_adds for layer in layers],
            },
            hide_index=True,
            alt=_("The layers of the network, in the order a digit passes them"),
        )
