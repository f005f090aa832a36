"""A cross-validation in words: how well each fold is read, and mean and spread once there are several."""

import streamlit as st

from mnist_viz.analysis.seeds import spread
from mnist_viz.server.board import Snapshot, board
from mnist_viz.text import _, percent
from mnist_viz.ui.comparing.runs import BETWEEN, WORD


def is_one(snapshot: Snapshot) -> bool:
    """Whether the run is looked at on a fold, and has come to its end."""
    return snapshot.state == "finished" and bool(snapshot.config.get("fold"))


def sentence(snapshot: Snapshot) -> str:
    """How well this fold is read, and what all folds that have ended say together."""
    ending = snapshot.last("finished")
    said = _("Fold {fold} of {folds}: it reads **{accuracy}** of the digits of its fold rightly.").format(
        fold=snapshot.config["fold"],
        folds=snapshot.config["folds"],
        accuracy=percent(ending["val_accuracy"]) if ending else "–",
    )
    return f"{said} {_together(snapshot)}"


def way_to_comparison(snapshot: Snapshot) -> None:
    """The folds side by side on the page of comparisons, as soon as there are two."""
    ids = [run_id for run_id, _accuracy in _ended(snapshot)]
    if len(ids) < 2:
        return
    with st.container(key="to_folds", width="content"):
        st.page_link(
            "pages/compare.py",
            label=_("The folds on one chart"),
            icon=":material/stacked_line_chart:",
            query_params={WORD: BETWEEN.join(ids[:8]), "seeds": "true"},
        )


def _together(snapshot: Snapshot) -> str:
    accuracies = [accuracy for _run, accuracy in _ended(snapshot)]
    folds = snapshot.config["folds"]
    if len(accuracies) < 2:
        return _("The other folds follow.")
    mean, deviation = spread(accuracies)
    words = (
        _(
            "{folds}-fold cross-validation: validation accuracy **{mean}**, standard deviation **{deviation:.2f} "
            "points** ({folds} folds)."
        )
        if len(accuracies) == folds
        else _("{count} of {folds} folds: validation accuracy **{mean}**, standard deviation {deviation:.2f} points.")
    )
    return words.format(folds=folds, count=len(accuracies), mean=percent(mean), deviation=100 * deviation)


def _ended(snapshot: Snapshot) -> list[tuple[str, float]]:
    """The runs of the same cross-validation that have finished, fold after fold, and how well each reads its fold."""
    if not snapshot.config.get("fold"):
        return []
    first = snapshot.config.get("first_fold", snapshot.run.id)
    members = [one for one in board().summaries() if first in (one.run.id, one.first_fold) and one.state == "finished"]
    endings = [
        (one, board().snapshot(one.run.id).last("finished")) for one in sorted(members, key=lambda one: one.fold)
    ]
    return [(one.run.id, float(ending["val_accuracy"])) for one, ending in endings if ending]
