"""What does it find similar? Every test digit a point, placed by what the network makes of it."""

import streamlit as st

from mnist_viz.text import _
from mnist_viz.ui import link, page
from mnist_viz.ui.inside import embedding

answer = page.title(_("What does it find similar?"))
choice = link.choice()

if choice.step is None:
    answer.markdown(_("This run has no checkpoint yet: its map can be drawn once it has begun to train."))
    st.stop()

seen = embedding.look(choice, embedding.controls())
answer.markdown(embedding.sentence(seen))

picture, digits = st.columns([3, 2], gap="medium")
with picture:
    embedding.computing(seen)
    chosen = embedding.picture(seen)
with digits:
    embedding.neighbours(seen)
    embedding.inside(seen, chosen)

page.how_made(
    _(
        "The numbers are the features: the activations before the last layer, from which the ten classes are read. "
        "PCA looks at them from the side where they differ most. UMAP (McInnes, Healy, Melville 2018, "
        "[arXiv 1802.03426](https://arxiv.org/abs/1802.03426); 15 neighbours, least distance 0.1, 500 epochs, begun "
        "from PCA) moves the points until near neighbours lie near; sizes of groups and distances between them are "
        "not to be measured, and computed again it would look somewhat different. The ten nearest are those with the "
        "smallest Euclidean distance in the features themselves, among all test digits; they are ringed on the map. "
        "Drag to draw a line around points, click a point to choose its digit, or walk with the arrow keys."
    )
)
