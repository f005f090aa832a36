"""A cross-validation in words: how well each fold is read, and mean and spread once there are several."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mnist_viz.analysis.seeds import spread
from mnist_viz.figures import changes
from mnist_viz.figures.comparison import LOOKS
from mnist_viz.server.board import ACTIVE, Snapshot, Summary, board
from mnist_viz.text import _, percent
from mnist_viz.ui.comparing.runs import BETWEEN, WORD


def name(config: Mapping[str, Any]) -> str:
    """What trains: the network, and where it is cross-validated on which fold."""
    if not config.get("fold"):
        return str(config["architecture"])
    words = _("{network}, fold {fold} of {folds}")
    return words.format(network=config["architecture"], fold=config["fold"], folds=config["folds"])


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
    return f"{said} {together(snapshot)}"


def way_to_comparison(snapshot: Snapshot) -> bool:
    """The way to all folds on one chart, as soon as there are two; whether there is one."""
    ids = [run_id for run_id, _accuracy in _ended(snapshot)]
    if len(ids) > 1:
        label, said = _("The folds on one chart"), {WORD: BETWEEN.join(ids[: len(LOOKS)]), "seeds": "true"}
        st.page_link("pages/compare.py", label=label, icon=":material/stacked_line_chart:", query_params=said)
    return len(ids) > 1


def together(snapshot: Snapshot) -> str:
    """Mean and spread of all folds that have ended, none where settings were changed on the way; where there is one,
    whether others follow.
    """
    ended = _ended(snapshot)
    accuracies = [accuracy for _run, accuracy in ended]
    if len(accuracies) < 2:
        active = any(one.state in ACTIVE for one in _members(snapshot))
        return _("The other folds follow.") if active else ""
    folds = snapshot.config["folds"]
    led = sum(bool(changes.changes(board().snapshot(run_id).records)) for run_id, _accuracy in ended)
    if led:
        return _(
            "In {led} of the {count} folds so far settings were changed on the way, which the other folds do not take "
            "over: they were not trained alike, so mean and deviation would say nothing."
        ).format(led=led, count=len(accuracies))
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


def first(snapshot: Snapshot) -> str:
    """The run of the first fold, by which a cross-validation is known; none for a run of no fold."""
    return str(snapshot.config.get("first_fold", snapshot.run.id)) if snapshot.config.get("fold") else ""


def _members(snapshot: Snapshot) -> list[Summary]:
    """The runs of the same cross-validation, one for each fold: the newest of those that none went on with."""
    known = first(snapshot)
    found = [one for one in board().summaries() if known in (one.run.id, one.first_fold)] if known else []
    left = [one.config.get("parent") for one in found if one.goes_on]
    newest = {one.fold: one for one in reversed(found) if one.run.id not in left}
    return [newest[fold] for fold in sorted(newest)]


def _ended(snapshot: Snapshot) -> list[tuple[str, float]]:
    """Those of them that have finished, and how well each reads its fold."""
    endings = [
        (one.run.id, board().snapshot(one.run.id).last("finished"))
        for one in _members(snapshot)
        if one.state == "finished"
    ]
    return [(run_id, float(ending["val_accuracy"])) for run_id, ending in endings if ending]
