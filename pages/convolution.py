"""How does a convolution see? One window at a time, then the whole way through the network, and the way back."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import link, page, words
from mnist_viz.ui.convolving import back, way, window

answer = page.title(_("How does a convolution see?"), "convolution", steady=True)
views = {"window": window.show, "way": way.show, "back": back.show}
names = {"window": _("One window"), "way": _("The whole way"), "back": _("And back")}
walk = words.segmented("walk", _("What to look at"), names, default="window", bare=True)
if walk != "window" and (said := window.left_behind()):
    st.caption(said)
answer.markdown(views[walk](link.choice()))
page.end()
