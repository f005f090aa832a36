"""How does it learn? Choose a network and a recipe, start, and watch it; or replay what was recorded."""

import streamlit as st

from mnist_viz.server.board import ACTIVE, board
from mnist_viz.text import _
from mnist_viz.ui import downloads, link, page
from mnist_viz.ui.training import (
    controls,
    fine_tuned,
    folding,
    form,
    going_on,
    inside_view,
    setting_words,
    state,
    step_view,
    time_needed,
)
from mnist_viz.ui.training.learning_curve import axis_choice, learning_curve

answer = page.title(_("How does it learn?"), "train")
run = link.snapshot()
answer.markdown(state.sentence(run))

config, beside = None, board().beside(run)
trains = next((one for one in (run, beside) if one and one.state in ACTIVE), None)
if trains:
    controls.controls(trains)
else:
    going_on.to_the_end(run)
    config = form.settings(is_first=not going_on.is_offered(run))
state.refusal(run)
step_view.show(trains or run)
widths = [1, 2] if config and going_on.can_be_added_to(run) else [4, 5]
words, choices = st.columns(widths, gap="small", vertical_alignment="center")
with words:
    if config:
        time_needed.duration(config)
    elif trains:
        st.caption(state.device(trains))
with choices.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
    if not folding.way_to_comparison(run) and config:
        going_on.beyond_the_end(run)
        form.comparison()
    by = axis_choice()
learning_curve(run, key="curve", by=by, title=state.heading(run))
inside_view.show(trains or run)
fine_tuned.old_task(run)
state.log(run)
if config or trains:  # else the settings make no network
    state.network_table(config, run)
downloads.downloads(run, link.choice().step)

page.how_made(
    _(
        "Every step shows the network one batch of digits; the thin line is its loss and its accuracy on that batch, "
        "before it learned from it. The loss is the cross-entropy in nats, the unit of the natural logarithm: whoever "
        "guesses among ten digits pays ln 10 = 2.3. The marked points are measured on validation digits that "
        "it never learns from (in cross-validation on those of its fold): on 1,000 of them within the first epoch, on "
        "all after each, or after every few "
        "where that would be more than 40 times. Each of them is a checkpoint that can be opened on the other pages. "
        "Where the training accuracy of the last epoch is clearly above that of the validation digits, the gap is "
        "named: so much of what it learned holds for its own digits only. The test digits are read once, at the end; "
        "nothing is decided by them. The time is that of the training alone, without pauses and without reading "
        "validation digits."
    )
    + "\n\n"
    + setting_words.method()
    + "\n\n"
    + fine_tuned.method_words()
    + "\n\n"
    + going_on.method_words()
    + "\n\n"
    + step_view.method()
)
