"""How does a convolution see? One window at a time, then the whole way through the network, and the way back."""

from mnist_viz.text import _
from mnist_viz.ui import link, page, words
from mnist_viz.ui.convolving import back, way, window

answer = page.title(_("How does a convolution see?"), "convolution")
views = {"window": window.show, "way": way.show, "back": back.show}
names = {"window": _("One window"), "way": _("The whole way"), "back": _("And back")}
walk = words.segmented("walk", _("What to look at"), names, default="window", bare=True)
answer.markdown(views[walk](link.choice()))
page.end()
