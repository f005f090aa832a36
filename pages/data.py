"""What does the network see? Browse the digits; how many there are of each, and what their pixels say."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import data_views, page, words

answer = page.title(_("What does the network see?"), "data")

with st.container(horizontal=True, vertical_alignment="bottom"):
    view = words.segmented("view", _("Show"), data_views.names(), default="digits")
    part = words.segmented("part", _("Part"), data_views.parts(), default="train")

answer.markdown(data_views.VIEWS[view](part))

page.how_made(
    _(
        "MNIST (LeCun, Cortes and Burges, CC BY-SA 3.0): 60,000 digits to train on, of which 5,000 are held back for "
        "validation, evenly over the labels and always the same ones, and 10,000 to test with. Every digit was "
        "scaled into a box of 20 × 20 pixels and centred by its centre of mass in 28 × 28. Statistics are over all "
        "digits of the chosen part, in grey values from 0 (paper) to 255 (ink); the standard deviation divides by N. "
        "The distance to a mean image is Euclidean: the root of the summed squares of 784 differences of grey values."
    )
)
