"""How right the compared runs are: class by class, and all together as an ensemble."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.analysis import comparison, evaluation
from mnist_viz.analysis.comparison import Ensemble
from mnist_viz.data import mnist
from mnist_viz.figures import scores
from mnist_viz.text import _, percent
from mnist_viz.ui import caches
from mnist_viz.ui.comparing.disagreements import PART, logits, readable, too_few
from mnist_viz.ui.comparing.runs import Compared
from mnist_viz.ui.components import figure


def classes(runs: tuple[Compared, ...], _row: DeltaGenerator) -> str:
    """Precision, recall and F1 of each class for each run; returns which class differs most."""
    able = readable(runs)
    if len(able) < 2:
        return too_few()
    labels = mnist.digits(PART).labels
    found = np.stack([comparison.class_scores(evaluation.confusion(logits(one), labels)) for one in able], axis=1)
    title = _("How well each run reads each digit")
    figure.show(scores.by_class(found, [one.look for one in able], title), key="compared_classes")
    st.caption(
        _("There are about 1,000 test digits of each class, so that one digit is 0.1 points of recall."),
    )
    f1 = found[2]
    label = int(np.ptp(f1, axis=0).argmax())  # every class has test digits, so that each has its F1
    return _(
        "The runs differ most in the **{label}**: its F1 is **{most}** with **{best}** and **{fewest}** with "
        "**{worst}**."
    ).format(
        label=label,
        most=percent(float(np.max(f1[:, label]))),
        best=able[int(np.argmax(f1[:, label]))].letter,
        fewest=percent(float(np.min(f1[:, label]))),
        worst=able[int(np.argmin(f1[:, label]))].letter,
    )


def together(runs: tuple[Compared, ...], _row: DeltaGenerator) -> str:
    """What the runs read by the mean of their probabilities, and what each adds to it; returns what that gains."""
    able = readable(runs)
    if len(able) < 2:
        return too_few()
    for one in able:
        logits(one)  # says what is being read
    found = _ensemble(tuple((one.id, one.step) for one in able if one.step is not None))
    total = len(mnist.digits(PART))
    intervals = np.array([evaluation.accuracy_interval(round(share * total), total) for share in found.members])
    title = _("The runs alone, all together, and all but one")
    looks = [one.look for one in able]
    drawn = scores.ensemble(found.together, found.members, found.without, intervals, looks=looks, title=title)
    figure.show(drawn, key="compared_ensemble")
    st.caption(
        _(
            "On 10,000 digits, differences below about 0.2 points between single runs mean nothing: another seed "
            "changes as much."
        )
    )
    return _gain(found, able)


def _gain(found: Ensemble, runs: tuple[Compared, ...]) -> str:
    best = int(found.members.argmax())
    added = found.together - found.without
    words = {"together": percent(found.together), "best": runs[best].letter, "alone": percent(found.members[best])}
    words |= {"gain": _points(found.together - found.members[best])}
    if len(runs) > 2:
        most = int(added.argmax())
        said = _(
            "Together the {count} runs read **{together}**, the best alone (**{best}**) {alone}: "
            "**{gain} points**. Most is added by **{most}**: {added} points."
        )
        words |= {"most": runs[most].letter}
        return said.format(count=len(runs), added=_points(added[most]), **words)
    said = _("Together both runs read **{together}**, the better alone (**{best}**) {alone}: **{gain} points**.")
    return said.format(**words)


def _points(share: float) -> str:
    """A difference of accuracies with its sign, in points of a percent."""
    return f"{100 * share:+.2f}".replace("-", "−")


@st.cache_data(max_entries=128, show_spinner=False)
def _ensemble(checkpoints: tuple[tuple[str, int], ...]) -> Ensemble:
    labels = mnist.digits(PART).labels
    return comparison.ensemble([caches.logits(run_id, step, PART) for run_id, step in checkpoints], labels)
