"""Where do I start? The newest run in three pictures, each the way into a part of the app."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import link, overview, page

answer = page.title(_("Look inside a neural network"))
run = link.snapshot()
answer.markdown(overview.sentence(run))
overview.newest(run)

see, learn, wrong = st.columns(3, gap="small", border=True)
with learn:  # first, since the browser needs longest for it
    overview.training(run)
with see:
    overview.digits()
with wrong:
    overview.mistakes(link.choice())

page.how_made(
    _(
        "A small network learns to read handwritten digits, here on this machine, with nothing fetched from outside. "
        "Its accuracy is measured on 10,000 test digits that it never learned from, and by which no setting was "
        "chosen. Another 10,000 digits would give a somewhat other accuracy: the 95 % interval (Wilson's) says how "
        "far off it may be. Runs, checkpoints and digits are in the link of every page: "
        "whoever opens the link sees the same picture."
    )
)
