"""Where do I start? The newest run in three pictures, each the way into a part of the app."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import overview, page

answer = page.title(_("Look inside a neural network"))
newest = overview.newest()
answer.markdown(overview.sentence(newest))

see, learn, wrong = st.columns(3, gap="small", border=True)
with learn:  # first, since the browser needs longest for it
    overview.training(newest)
with see:
    overview.digits()
with wrong:
    overview.mistakes(newest)

page.how_made(
    _(
        "A network of a few thousand numbers learns to read handwritten digits, here on this machine, with nothing "
        "fetched from outside. Its accuracy is measured on 10,000 test digits that it never learned from and that "
        "chose nothing; the interval is Wilson's, 95 %. Runs, checkpoints and digits are in the link of every page: "
        "whoever opens the link sees the same picture."
    )
)
