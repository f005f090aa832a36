"""Which pixels decided? One digit under every method, for the classes that compete for it, on one scale."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import link, page
from mnist_viz.ui.inside import saliency

answer = page.title(_("Which pixels decided?"))
choice = link.choice()

if choice.step is None:
    answer.markdown(_("This run has no checkpoint yet: choose another run, or wait until it has begun to train."))
    st.stop()

seen = saliency.look(choice, saliency.controls(choice))
answer.markdown(saliency.sentence(seen))
saliency.show(seen)
saliency.sums(seen)

page.how_made(saliency.method_words())
