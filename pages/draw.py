"""Does it know my hand? Draw a digit and be read at once, or change a test digit until the answer flips."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import link, page, words
from mnist_viz.ui.inside import change, pad

answer = page.title(_("Does it know my hand?"), "draw")
choice = link.choice()

if choice.step is None:
    answer.markdown(_("This run has no checkpoint yet: it can read your hand once it has begun to train."))
    st.stop()

views = {"draw": pad.show, "change": change.show}
names = {"draw": _("Draw one"), "change": _("Take a test digit and change it")}
hand = words.segmented("hand", _("What is read"), names, default="draw", bare=True)

views[hand](choice, answer)

page.how_made(
    _(
        "A drawing becomes a picture as MNIST's makers made theirs: its ink is scaled into a box of 20 × 20 pixels, "
        "each the mean of what it covers, and moved by whole pixels until its centre of mass is where MNIST's digits "
        "have it in 28 × 28. While you draw, these 784 bytes are all that is sent. The picture that is explained after "
        "a stroke is held in the server's memory for a while, and never written down. The pixels that speak are "
        "found by saliency and by integrated gradients. Inside the network, each layer's output is taken down while "
        "the drawing goes through it once, as a digit's is under “Features”. The ten nearest digits are those of the "
        "10,000 test digits with the smallest Euclidean distance in the activations before the last layer, as under "
        "“Map”; they are shown as they are in the data.\n\n"
        "A test digit is first made thicker (grey dilation by a disc, thinner by erosion), then scaled, turned and "
        "moved in one step (bilinear), then changed in contrast, given grey, and made noisy last (Gaussian, the "
        "same pattern at every strength). The curve is the accuracy over the first 1,000 test digits with this one "
        "change and no other, its band the 95 % interval (Wilson's). Texts on MNIST disagree on whether a "
        "convolutional network withstands being moved, turned and scaled: here it is measured. No digit is centred "
        "again after a change, as a drawing on the pad is. What the run does to its digits before the network gets "
        "them it does to a drawing and to a changed digit too, last of all."
    )
)
