"""What happens inside? The network as a picture, and what each of its layers makes of the digit."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import link, page
from mnist_viz.ui.inside import attention, features

answer = page.title(_("What happens inside?"), "features")
choice = link.choice()

if choice.step is None:
    answer.markdown(_("This run has no checkpoint yet: what happens inside can be seen once it has begun to train."))
    st.stop()

layer = features.chosen(choice)
answer.markdown(features.sentence(choice, layer))
features.network(choice, layer)
if attention.exists(choice):
    left, right = st.columns(2, gap="medium")
    with left:
        attention.show(choice)
    with right:
        features.opened(choice, layer, narrow=True)
else:
    features.opened(choice, layer)
    attention.show(choice)

page.how_made(
    _(
        "The digit goes once through the chosen checkpoint, and each layer's output is taken down on the way: feature "
        "maps, one a channel, or plain numbers, one a neuron. All channels of a layer share one colour scale, from 0 "
        "(or the least value, where one is below 0) to the largest; the small pictures above have such a scale of "
        "their own each. Silent is a channel that is 0 everywhere, which a ReLU makes of all that is below 0. "
        "A filter is the set of weights by which a channel weighs the pixels it looks at, red for and blue against, "
        "all on one scale that is symmetric around 0; for a fully connected first layer these are 28 × 28 weights a "
        "neuron. Move the checkpoint on the left, by mouse, by arrow keys or by its play button, to see all this being "
        "learned."
    )
    + " "
    + features.scaling(choice)
    + "\n\n"
    + _(
        "Feature maps of single digits: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document "
        "recognition, 1998, figure 2. First-layer filters as pictures: Krizhevsky, Sutskever and Hinton, ImageNet "
        "classification with deep convolutional neural networks, 2012, figure 3. Looking into every layer: Zeiler and "
        "Fergus, Visualizing and understanding convolutional networks, 2014."
    )
)
