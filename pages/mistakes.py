"""Where is it wrong, and why? From the confusion matrix to the digits, from a digit to the pixels that decided."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import confusions, digit_panel, link, page

answer = page.title(_("Where is it wrong, and why?"), "mistakes")
choice = link.choice()

if choice.step is None:
    answer.markdown(_("This run has no checkpoint yet: what it gets wrong can be seen once it has begun to train."))
    st.stop()

chosen = confusions.controls()
seen = confusions.look(choice, chosen)
answer.markdown(confusions.sentence(seen))

matrix, digits = st.columns([1, 1], gap="large")
with matrix:
    confusions.matrix(seen, chosen.scale)
with digits:
    confusions.digits(seen)
digit_panel.show(choice)
with st.expander(
    _("Precision and recall of each class"), icon=":material/bar_chart:", key="classes", on_change="rerun"
) as fold:
    if fold.open:
        confusions.classes(seen)

page.how_made(
    _(
        "Every digit of the chosen part is read by the chosen checkpoint as what it finds most probable. "
        "Rows of the matrix are the labels, columns what was read. The surest mistake is the one with the highest "
        "probability for the wrong class. Precision: how many of those read as a class are labelled so. Recall: "
        "how many of those labelled so are read so. Intervals are Wilson's, 95 %."
    )
    + "\n\n"
    + digit_panel.method_words()
)
