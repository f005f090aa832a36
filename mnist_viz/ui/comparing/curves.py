"""The learning curves of the compared runs on one chart."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz import text
from mnist_viz.analysis.seeds import band, groups
from mnist_viz.analysis.smoothing import smoothed
from mnist_viz.figures import comparison
from mnist_viz.figures.comparison import LOOKS, Band, Line, Look
from mnist_viz.server.board import board
from mnist_viz.text import _
from mnist_viz.ui import words
from mnist_viz.ui.comparing.differences import recipe, settings
from mnist_viz.ui.comparing.runs import Compared, active, are_here, sentence
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.training import folding

LOOK_AGAIN = 2  # seconds, while one of the runs trains


def show(runs: tuple[Compared, ...], row: DeltaGenerator) -> str:
    """Validation loss or accuracy of the runs by step, epoch or time, over their thin training curves.

    Its controls go into the `row`. Returns which run reads the test digits best.
    """
    with row:
        measure = words.segmented(
            "measure", _("Measure"), {"loss": _("Loss"), "accuracy": _("Accuracy")}, default="accuracy", bare=True
        )
        axes = {"step": _("Step"), "epoch": _("Epoch"), "seconds": _("Time")}
        by = words.segmented("by", _("Horizontal axis"), axes, default="step", bare=True)
        seeds = _has_seeds(runs) and st.toggle(
            _("Folds together") if _has_folds(runs) else _("Seeds together"),
            key="seeds",
            bind="query-params",
            help=_(
                "Runs that differ in seed or fold alone become one line, their mean, in a band from lowest to highest."
            ),
        )
        training = not seeds and st.toggle(_("Training"), key="training", bind="query-params")
        weight = 0.9
        if training:
            weight = st.slider(
                _("Smoothing"),
                0.0,
                0.99,
                weight,
                0.01,
                key="smooth",
                bind="query-params",
                width=170,
                help=_(
                    "Of the training curves alone, exponential: each batch counts this many times as much as the next "
                    "one. 0 shows every batch as it was. Validation is measured on many digits and never smoothed."
                ),
            )

    moving = active(runs)

    def draw() -> None:
        if moving and not (are_here(runs) and active(runs)):
            st.rerun()
        drawn = _chart(runs, measure=measure, by=by, weight=weight if training else None, seeds=seeds)
        figure.show(drawn, key="compare_curves")

    if moving:
        st.fragment(draw, run_every=LOOK_AGAIN)()
    else:
        draw()
    data = {one.snapshot.run.data for one in runs}
    if len(data) > 1:
        st.caption(
            _("These runs learned from different data, and each is measured on validation digits of its own data.")
        )
    if _has_folds(runs):
        each = {folding.first(one.snapshot): folding.together(one.snapshot) for one in runs}
        st.markdown(" ".join(filter(None, each.values())))
        st.caption(_("What is cross-validated is measured on its own fold, each on other digits."))
    return sentence(runs)


def _has_folds(runs: tuple[Compared, ...]) -> bool:
    return any(one.snapshot.config.get("fold") for one in runs)


def _has_seeds(runs: tuple[Compared, ...]) -> bool:
    return any(len(places) > 1 for places in groups([recipe(settings(one.snapshot)) for one in runs]))


def _chart(runs: tuple[Compared, ...], *, measure: str, by: str, weight: float | None, seeds: bool) -> Drawn:
    counts = tuple(len(board().snapshot(one.id).records) for one in runs)
    return _curves(
        tuple(one.id for one in runs),
        counts,
        tuple(one.name for one in runs),
        measure=measure,
        by=by,
        weight=weight,
        seeds=seeds,
        language=text.language(),
    )


@st.cache_data(max_entries=96, show_spinner=False)
def _curves(
    ids: tuple[str, ...],
    counts: tuple[int, ...],
    names: tuple[str, ...],
    *,
    measure: str,
    by: str,
    weight: float | None,
    seeds: bool,
    language: str,
) -> Drawn:
    validation, training = [], []
    for run_id, count in zip(ids, counts, strict=True):
        records = board().snapshot(run_id).records[:count]
        looks = [one for one in records if one["kind"] == "evaluation" and one["part"] == "val"]
        validation.append(_line(looks, measure, by, 0))
        if weight is not None:
            training.append(_line([one for one in records if one["kind"] == "step"], measure, by, weight))
    title = {"loss": _("Validation loss of each run"), "accuracy": _("Validation accuracy of each run")}[measure]
    if not seeds:
        return Drawn.of(comparison.curves(validation, training, names=names, measure=measure, by=by, title=title))
    known = [settings(board().snapshot(run_id), count) for run_id, count in zip(ids, counts, strict=True)]
    found = groups([recipe(one) for one in known])
    lines, bands, shown = _together(validation, found)
    called = [names[places[0]] if len(places) == 1 else _("mean of several runs") for places in found]
    return Drawn.of(
        comparison.curves(lines, [], looks=shown, bands=bands, names=called, measure=measure, by=by, title=title)
    )


def _together(lines: list[Line], found: list[tuple[int, ...]]) -> tuple[list[Line], list[Band], list[Look]]:
    """A line a group of runs, the mean of its members with a band around it where there are several."""
    means, bands, looks = [], [], []
    for places in found:
        members = [lines[place] for place in places]
        look = LOOKS[places[0]]._replace(letter="".join(LOOKS[place].letter for place in places))
        looks.append(look)
        if len(members) == 1:
            means.append(members[0])
            continue
        steps, (low, mean, high) = band([one.steps for one in members], [one.y for one in members])
        along = band([one.steps for one in members], [one.x for one in members])[1][1]
        means.append(Line(along, mean, steps))
        bands.append(Band(look, along, low, high))
    return means, bands, looks


def _line(records: list[dict[str, float]], measure: str, by: str, weight: float) -> Line:
    return Line(
        np.array([one[by] for one in records], dtype=np.float64),
        smoothed([one[measure] for one in records], weight),
        np.array([one["step"] for one in records], dtype=np.int64),
    )
