"""What did the change change? Runs side by side: their curves, their settings, the digits on which they disagree."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import page, words
from mnist_viz.ui.comparing import curves, differences, disagreements, runs, scores, table

answer = page.title(_("What did the change change?"))
chosen = runs.choose()
views = {
    "curves": curves.show,
    "digits": disagreements.show,
    "classes": scores.classes,
    "together": scores.together,
    "runs": table.show,
}
names = {"curves": _("Curves"), "digits": _("Digits"), "classes": _("Classes"), "together": _("Together")}
if len(chosen) < 2:
    names = {"curves": names["curves"]}
if runs.are_several():
    names["runs"] = _("All runs")
aspect, row = "curves", st.container(horizontal=True, vertical_alignment="center")
if len(names) > 1:
    with row:
        aspect = words.segmented("aspect", _("What to compare"), names, default="curves", bare=True)
runs.way_to_a_second(chosen)
answer.markdown(views[aspect](chosen, row))
if len(chosen) > 1 and aspect != "runs":
    differences.show(chosen, folded=aspect != "curves")

page.how_made(
    _(
        "The marked points are measured on validation digits that no run learns from: on 1,000 of them within the "
        "first epoch, on all 5,000 later. The thin lines are the batches it learned from, each measured before it was "
        "learned; they are smoothed exponentially and freed of the pull towards 0 at the beginning, as TensorBoard "
        "does. Accuracy stands on an axis of errors: equal distances are equal ratios of wrong digits. The time is "
        "that of the training alone, and differs between machines. Seeds or folds together: the line is the mean "
        "of the runs whose settings differ in seed or fold alone, the band goes from their lowest to their highest "
        "value."
    )
    + "\n\n"
    + _(
        "On the test digits each run stands with its last checkpoint, after early stopping with its best. Whether a "
        "difference is chance is McNemar's exact test: only digits that one of both reads rightly count, and between "
        "equally good networks each of them falls to either side like a coin (McNemar 1947; Dietterich 1998, 3.1). It "
        "speaks of these two networks: the same settings with another seed give another network, and only several "
        "seeds tell a better recipe. Precision: how many of those read as a class are labelled so; recall: how many "
        "of those labelled so are read so; F1: their harmonic mean. Together the runs read what the mean of their "
        "probabilities says "
        "(Lakshminarayanan et al. 2017); what a run adds is how far that accuracy falls without it. Intervals "
        "are Wilson's, 95 %."
    )
)
