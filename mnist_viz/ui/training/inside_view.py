"""Inside the training: gradients, dead ReLUs and the first filters at every step that is kept, in a fold."""

from collections.abc import Sequence

import streamlit as st

from mnist_viz import text
from mnist_viz.figures import channels
from mnist_viz.figures import inside as figures
from mnist_viz.runs import inside
from mnist_viz.runs.inside import Look
from mnist_viz.server.board import ACTIVE, Snapshot, board
from mnist_viz.text import _
from mnist_viz.ui import link
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn

LOOK_AGAIN = 2.0  # seconds, while it trains and somebody has the fold open


def show(snapshot: Snapshot) -> None:
    """The fold; what is in it is read and drawn only while it is open, and goes on with a training that goes on."""
    fold = st.expander(
        _("Inside the training: gradients, dead ReLUs, the first filters"),
        icon=":material/monitor_heart:",
        key="inside",
        on_change="rerun",
        bind="query-params",
    )
    if not fold.open:
        return
    live = snapshot.state in ACTIVE
    with fold:
        st.fragment(_content, run_every=LOOK_AGAIN if live else None)(snapshot.run.id, live)


def _content(run_id: str, live: bool) -> None:
    snapshot = board().snapshot(run_id)
    looks = inside.looks(snapshot.records)
    if not looks:
        st.caption(
            _("The first look inside comes with the first checkpoint.")
            if live
            else _("This run was trained before one looked inside: there is nothing to show.")
        )
        return
    now = looks[-1] if live else _chosen(looks)
    st.markdown(_sentence(now))
    at = None if live else now.step
    left, right = st.columns(2, gap="medium")
    with left:
        figure.show(_gradients(run_id, len(looks), at, text.language()), key="inside_gradients")
    with right:
        if now.dead:
            figure.show(_dead(run_id, len(looks), at, text.language()), key="inside_dead")
        else:
            st.caption(_("This network has no ReLU, so that none of its units can be dead."))
    _filters(snapshot, now)
    st.caption(_method(now))


def _filters(snapshot: Snapshot, now: Look) -> None:
    if inside.pictures(snapshot.run, now.step) is None:
        st.caption(_("The first layer has no filters to show: its weights are no pictures of pixels, or do not learn."))
        return
    places = st.columns(2, gap="medium")
    for which, (place, key) in enumerate(zip(places, ("inside_filters", "inside_filter_gradients"), strict=True)):
        with place:
            figure.show(_pictures(snapshot.run.id, now.step, which, text.language()), key=key)


def _chosen(looks: Sequence[Look]) -> Look:
    """The look at the checkpoint that is chosen, or the last one before it."""
    step = link.choice().step
    return next((look for look in reversed(looks) if step is None or look.step <= step), looks[-1])


def _sentence(look: Look) -> str:
    said = _("At step {step:,}, on {digits} training digits: ").format(step=look.step, digits=look.digits)
    longest = max(look.gradients, key=look.gradients.__getitem__, default="")
    parts = []
    if longest:
        parts.append(
            _("the longest gradient is that of **{layer}** ({length:.2g})").format(
                layer=longest, length=look.gradients[longest]
            )
        )
    if look.dead:
        few, units = (sum(one[place] for one in look.dead.values()) for place in range(2))
        parts.append(_("**{few}** of {units:,} units behind a ReLU are dead").format(few=few, units=units))
    return f"{said}{', '.join(parts)}." if parts else said


def _method(look: Look) -> str:
    """What the pictures show, and on what it was measured."""
    return _(
        "Measured at every checkpoint on the same {digits} training digits, on a copy of the network as in a step of "
        "training, but with nothing dropped out. A gradient's length is its Euclidean norm over all weights of a "
        "layer. A unit (a map of a convolution or a neuron) is dead if it is 0 for all these digits: no gradient "
        "passes it. Filters and their gradients stand each on one scale centred on 0."
    ).format(digits=look.digits)


def _looks(run_id: str, count: int) -> list[Look]:
    return inside.looks(board().snapshot(run_id).records)[:count]


@st.cache_data(max_entries=96, show_spinner=False)
def _gradients(run_id: str, count: int, at: int | None, language: str) -> Drawn:
    looks = _looks(run_id, count)
    names = dict.fromkeys(name for look in looks for name in look.gradients)
    lines = {name: [(one.step, one.gradients[name]) for one in looks if name in one.gradients] for name in names}
    return Drawn.of(figures.gradients(lines, at=at))


@st.cache_data(max_entries=96, show_spinner=False)
def _dead(run_id: str, count: int, at: int | None, language: str) -> Drawn:
    looks = _looks(run_id, count)
    names = dict.fromkeys(name for look in looks for name in look.dead)
    lines = {
        name: [(one.step, one.dead[name][0] / one.dead[name][1]) for one in looks if name in one.dead] for name in names
    }
    return Drawn.of(figures.dead(lines, at=at))


@st.cache_data(max_entries=128, show_spinner=False)
def _pictures(run_id: str, step: int, which: int, language: str) -> Drawn:
    both = inside.pictures(board().store.run(run_id), step)
    if both is None:
        raise FileNotFoundError(f"the pictures of step {step} are gone")
    title = (_("The first layer's filters"), _("Their gradients"))[which]
    return Drawn.of(channels.filters(both[which], title, width=channels.HALF))
