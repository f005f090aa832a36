"""What starting from a checkpoint brought, in words: both accuracies, the gain, and what became of the old task."""

import streamlit as st

from mnist_viz.analysis import evaluation
from mnist_viz.data.sets import DATASETS
from mnist_viz.figures import changes
from mnist_viz.runs.store import PRETRAINED, PRINTED, DamagedRun, UnknownRun
from mnist_viz.server.board import Snapshot, board
from mnist_viz.text import _, percent
from mnist_viz.training import fields
from mnist_viz.training.config import Refused, TrainConfig
from mnist_viz.ui import caches, frame, link


def heading(config: TrainConfig) -> str:
    """The title of the curve: where it started, what it was shown, which layers learned."""
    words = (
        _("{parent}, then {count:,} digits a class of {data} ({trains})")
        if config.per_class
        else _("{parent}, then all digits of {data} ({trains})")
    )
    called = fields.names()
    return words.format(
        parent=_parent(config.begins_with),
        count=config.per_class,
        data=called[config.data],
        trains=called[config.trains],
    )


def sentence(snapshot: Snapshot) -> str:
    """How well a run reads that started from another, and how well the same does from nothing."""
    tested = snapshot.last("evaluation", part="test")
    other = board().beside(snapshot)
    reads = percent(tested["accuracy"]) if tested else "–"
    if other is None or tested is None:
        said = _("Started from the checkpoint it reads **{reads}** of {total:,} test digits rightly.")
        return said.format(reads=reads, total=tested["digits"] if tested else 0)
    beside = other.last("evaluation", part="test")
    if other.state != "finished" or beside is None:
        said = _(
            "Started from the checkpoint it reads **{reads}** of {total:,} test digits rightly. Beside it, dashed: the "
            "same network, the same digits, from nothing."
        )
        return said.format(reads=reads, total=tested["digits"])
    if changes.changes(snapshot.records) or changes.changes(other.records):
        said = _(
            "Started from the checkpoint it reads **{reads}** of {total:,} test digits rightly, from nothing "
            "**{nothing}**. Settings were changed on the way, which the other run does not take over: the two were not "
            "trained alike, so the difference is not what the checkpoint brought."
        )
        return said.format(reads=reads, nothing=percent(beside["accuracy"]), total=tested["digits"])
    data = snapshot.run.data
    gain, low, high = evaluation.gain_interval(
        caches.rightly_tested(other.run.id, beside["step"], data),
        caches.rightly_tested(snapshot.run.id, tested["step"], data),
    )
    said = _(
        "Started from the checkpoint it reads **{reads}** of {total:,} test digits rightly, from nothing "
        "**{nothing}**: a gain of **{gain:+.1f} points** (95 % interval {low:+.1f} to {high:+.1f})."
    )
    return said.format(
        reads=reads,
        nothing=percent(beside["accuracy"]),
        total=tested["digits"],
        gain=100 * gain,
        low=100 * low,
        high=100 * high,
    )


def old_task(snapshot: Snapshot) -> None:
    """Say what became of what it could read before, where a run started from another."""
    config = _config(snapshot)
    if config is None:
        return
    looks, new = (
        [one for one in snapshot.records if one["kind"] == "evaluation" and one["part"] == part]
        for part in ("old", "val")
    )
    parent = link.plain(_parent(config.begins_with))
    if looks:
        said = _(
            "Its old task: of the validation digits of {parent} it reads **{after}** now, and read **{before}** before."
        )
        before, after = (percent(look["accuracy"], 1) for look in (looks[0], looks[-1]))
        said = said.format(parent=parent, before=before, after=after)
        brought = _(
            "Of the new validation digits it read **{before}** before its first step, and **{after}** at the end."
        )
        before, after = (percent(look["accuracy"], 1) for look in (new[0], new[-1]))
        st.markdown(f"{said} {brought.format(before=before, after=after)}")
    elif _classes(config.begins_with) not in (None, DATASETS[config.data].classes):
        said = _(
            "Its head was replaced, as the classes are others ({parent}): what it could name before it can name no "
            "more, so there is no accuracy of the old task."
        )
        st.caption(said.format(parent=parent))


def method_words() -> str:
    """How the comparison is made."""
    return _(
        "Who starts from a checkpoint takes over its weights; layers that do not learn stay as they were to the last "
        "bit. Few digits a class are drawn by the seed. The same network then learns from nothing: the same digits, "
        "steps, rate and seed, all layers, drawn dashed. The gain is that in test accuracy on the same digits; its "
        "95 % interval is that of the paired differences and says nothing of other seeds. The printed characters are "
        "62 classes (0-9, A-Z, a-z) rendered from DejaVu and STIX fonts. scikit-learn's digits are 1,797 of 8 x 8 "
        "pixels (Alpaydin and Kaynak, UCI), brought to the size and place of MNIST's."
    )


def _parent(run_id: str) -> str:
    if run_id == PRINTED:
        return _("printed characters")
    if run_id == PRETRAINED:
        return _("the run that ships with the app")
    name = next((frame.name_of(one) for one in board().summaries() if one.run.id == run_id), run_id)
    return _("run {run}").format(run=name)


def _classes(run_id: str) -> tuple[str, ...] | None:
    """What a run can name, None where it is not there any more."""
    try:
        data = board().store.run(run_id).data
    except (UnknownRun, DamagedRun):
        return None
    return DATASETS[data].classes if data in DATASETS else None


def _config(snapshot: Snapshot) -> TrainConfig | None:
    """The settings of a run that started from another, None for any other run."""
    try:
        config = TrainConfig.from_dict(snapshot.config)
    except Refused:
        return None
    return config if config.begins_with else None


def is_one(snapshot: Snapshot) -> bool:
    """Whether the run started from another's checkpoint and has come to its end."""
    return snapshot.state == "finished" and _config(snapshot) is not None
