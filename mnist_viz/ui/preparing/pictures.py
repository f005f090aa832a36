"""Other features: what one could make of a digit by hand, and how far a simple reader gets with it."""

from dataclasses import dataclass

import streamlit as st

from mnist_viz import text
from mnist_viz.analysis import evaluation, handmade
from mnist_viz.analysis.probe import STRENGTHS, Reached
from mnist_viz.data.address import COUNTS
from mnist_viz.figures import handmade as drawn
from mnist_viz.jobs import probes
from mnist_viz.jobs.probes import EACH, NETWORK, Probe
from mnist_viz.jobs.queue import Progress, jobs
from mnist_viz.runs.store import Run
from mnist_viz.server.probing import route_of
from mnist_viz.server.waiting import phase
from mnist_viz.text import _, percent
from mnist_viz.training.config import Refused, TrainConfig
from mnist_viz.ui import as_seen, frame, page
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.link import Choice

TESTED = COUNTS["test"]


@dataclass(frozen=True)
class _Seen:
    """The pictures of a digit, and the numbers that are read off them."""

    projections: Drawn
    mirrored: Drawn
    edges: Drawn
    ink: str
    symmetry: str
    steepness: str


def show(choice: Choice) -> str:
    """Show the view; returns the sentence that says how far each description of a digit goes."""
    seen = _pictures(choice.run.id, str(choice.digit), text.language())
    digits, bars = st.columns([2, 3], gap="medium")
    with digits:
        figure.show(seen.projections, key="projections")
        st.caption(seen.ink)
        if steps := as_seen.said(choice.run.id):
            st.caption(_("All digits here are as this run sees them: {steps}.").format(steps=steps))
    with bars:
        reached = _regressions(choice)
    edges, mirrors = st.columns([3, 2], gap="medium")
    with edges:
        figure.show(seen.edges, key="edges")
        st.caption(seen.steepness)
    with mirrors:
        figure.show(seen.mirrored, key="mirrored")
        st.caption(seen.symmetry)
    page.how_made(_method())
    return _sentence(choice, reached)


@st.cache_data(max_entries=512, show_spinner=False)
def _pictures(run_id: str, address: str, language: str) -> _Seen:
    image = as_seen.image(run_id, address)
    one = image[None]
    ink, symmetry, sides = handmade.ink(one), handmade.symmetry(one), handmade.projections(one)
    sobel, laplacian, canny = handmade.sobel(one)[0], handmade.laplacian(one)[0], handmade.canny(one)[0]
    return _Seen(
        Drawn.of(drawn.projections(image, sides.rows[0], sides.columns[0])),
        Drawn.of(drawn.mirrored(image)),
        Drawn.of(drawn.edges(sobel, laplacian, canny)),
        _(
            "**Ink**: as much as {full} full pixels, spread over {share} of the picture. **Projections**: the sums of "
            "28 rows and 28 columns; dashed, the axes of symmetry."
        ).format(full=f"{ink.full[0]:.1f}", share=percent(float(ink.share[0]), 0)),
        _("**Symmetry**: the mirror image covers {across} of the ink left to right, {down} top to bottom.").format(
            across=percent(float(symmetry.left_right[0]), 0), down=percent(float(symmetry.top_bottom[0]), 0)
        ),
        _(
            "**Sobel**: how steeply the grey rises, at most {steep} of full ink a pixel. **Laplacian**: how much more "
            "ink the eight neighbours have than the pixel (red) or less (blue). **Canny**: {count} pixels make thin "
            "lines along the steepest places."
        ).format(steep=f"{sobel.max():.2f}", count=int(canny.sum())),
    )


def _regressions(choice: Choice) -> dict[str, Reached] | None:
    """The bars as far as they are known, with the button that has them computed; a checkpoint's are kept for good."""
    if choice.step is None:
        st.caption(_("This run has no checkpoint yet: what it has learned can be compared once it has begun to train."))
        return None
    job = Probe(choice.run, choice.step)
    progress, found = jobs().look(job), probes.known(choice.run, choice.step)
    live = None
    if found is None and progress and progress.alive:
        live = figure.Live(route_of(job.run.id, job.step, text.language()), 0, phase(progress), 0.0)
    shown = found or {}
    accuracies = [shown[kind].test / TESTED if kind in shown else None for kind in probes.KINDS]
    intervals = [
        evaluation.accuracy_interval(shown[kind].test, TESTED) if kind in shown else None for kind in probes.KINDS
    ]
    figure.show(drawn.reached(_names(shown), accuracies, intervals), key="reached", live=live)
    if found is None:
        _computing(job, progress)
    return found


def _names(found: dict[str, Reached]) -> list[str]:
    names = {
        "pixels": _("pixels ({width} numbers)"),
        "numbers": _("ink, symmetry, projections ({width})"),
        "edges": _("Sobel's edges ({width})"),
        NETWORK: _("what the network learned ({width})"),
    }
    return [names[kind].format(width=found[kind].width if kind in found else "…") for kind in probes.KINDS]


def _computing(job: Probe, progress: Progress | None) -> None:
    """The button that has the regressions fitted, or gives them up."""
    alive = progress is not None and progress.alive
    if progress and progress.state == "failed":
        st.warning(progress.reason)
    if not frame.may_act():
        st.caption(_("This checkpoint's are not computed yet; the presenter can start it."))
    elif alive:
        st.button(_("Cancel"), icon=":material/close:", on_click=_cancel, args=(job,))
    else:
        label = _("Fit the regressions")
        st.button(label, icon=":material/linear_scale:", type="primary", on_click=_ask, args=(job,))
        st.caption(_("Nobody has looked at this checkpoint yet. It takes about 15 seconds."))


def _sentence(choice: Choice, reached: dict[str, Reached] | None) -> str:
    if reached is None:
        return _(
            "Edges, ink, symmetry and projections of {digit} are numbers that someone thought of; a network finds "
            "numbers of its own."
        ).format(digit=choice.digit)
    steps = as_seen.said(choice.run.id)
    sentence = (
        _(
            "A simple reader, fitted to {count:,} digits, gets **{pixels}** of the test digits right from their "
            "pixels (prepared: {steps}), **{numbers}** from {width} hand-made numbers, **{edges}** from edges, "
            "**{network}** from what {name} had learned by step {step:,}."
        )
        if steps
        else _(
            "A simple reader, fitted to {count:,} digits, gets **{pixels}** of the test digits right from their "
            "pixels, **{numbers}** from {width} hand-made numbers, **{edges}** from edges, **{network}** from what "
            "{name} had learned by step {step:,}."
        )
    )
    return sentence.format(
        **{kind: percent(one.test / TESTED) for kind, one in reached.items()},
        width=reached["numbers"].width,
        count=10 * EACH,
        steps=steps,
        name=_network(choice.run),
        step=choice.step,
    )


def _network(run: Run) -> str:
    """The network, and how many digits it was trained on, where its settings are whole."""
    name = str(run.config["architecture"])
    try:
        shown = TrainConfig.from_dict(run.config).shown
    except Refused:  # another hand wrote into the run's config.json
        return name
    return _("{name} (trained on {count:,} digits)").format(name=name, count=shown)


def _method() -> str:
    return _(
        "With x from 0 (paper) to 1 (full ink): ink is $\\sum x$ and the share of pixels above 0; symmetry is "
        "$1-\\sum|x-x'|\\,/\\,2\\sum x$ with $x'$ the mirror image about the middle of the picture; projections are "
        "the sums of rows and columns. Sobel is $\\sqrt{{g_x^2+g_y^2}}$ of half the differences between the "
        "neighbours on either side, smoothed across by 1, 2, 1; the Laplacian is the mean of the eight neighbours "
        "less the pixel; Canny smooths by a Gaussian of 1 pixel and keeps what is by Sobel's "
        "measure steeper than {steep}, and what is steeper than {less} and hangs on to it; all three by kornia "
        "([kornia.filters](https://kornia.readthedocs.io/en/latest/filters.html)).\n\n"
        "The reader is a logistic regression (scikit-learn), fitted to {count:,} training digits, {each} of each "
        "label, every number standardised by their mean and deviation. How strongly it is held back (C of {strengths}) "
        "was chosen on the 5,000 validation digits, never on the test digits, which are counted once; the bars' ends "
        "are 95 % intervals (Wilson's). What the network learned is its features, the activations before its last "
        "layer (a linear probe: Alain and Bengio 2016, [arXiv 1610.01644](https://arxiv.org/abs/1610.01644)); they "
        "come from all the digits that it was trained with, so they know more labels than the regression itself."
    ).format(
        steep=handmade.STEEP,
        less=handmade.LESS_STEEP,
        count=10 * EACH,
        each=EACH,
        strengths=", ".join(f"{one:g}" for one in STRENGTHS),
    )


def _ask(job: Probe) -> None:
    if frame.may_act():
        jobs().ask(job)


def _cancel(job: Probe) -> None:
    if frame.may_act():
        jobs().cancel(job)
