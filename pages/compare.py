"""What did the change change? Runs side by side: their curves, their settings, the digits on which they disagree."""

from mnist_viz.text import _
from mnist_viz.ui import compare_views, compared_runs, differences, page

answer = page.title(_("What did the change change?"))
runs = compared_runs.choose()
answer.markdown(compared_runs.sentence(runs))
compared_runs.way_to_a_second(runs)
compare_views.curves(runs)
if len(runs) > 1:
    differences.table(runs)

page.how_made(
    _(
        "The marked points are measured on validation digits that no run learns from: on 1,000 of them within the "
        "first epoch, on all 5,000 later. The thin lines are the batches it learned from, each measured before it was "
        "learned; they are smoothed exponentially and freed of the pull towards 0 at the beginning, as TensorBoard "
        "does. Accuracy stands on an axis of errors: equal distances are equal ratios of wrong digits. The time is "
        "that of the training alone, and differs between machines."
    )
)
