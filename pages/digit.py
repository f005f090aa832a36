"""Why does it read this digit as it does? One digit, its ten probabilities, and the pixels that decided."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import digit_panel, link, page

answer = page.title(_("Why does it read this digit as it does?"))
choice = link.choice()

if choice.step is None:
    answer.markdown(_("This run has no checkpoint yet: choose another run, or wait until it has begun to train."))
    st.stop()

answer.markdown(_("Any digit can be looked at here: choose it on the left, or by a click on another page."))
digit_panel.show(choice)

page.how_made(digit_panel.method_words())
