"""The panel of one digit: what it is read as, how surely, and which pixels say so; the same on every page."""

import numpy as np
import streamlit as st

from mnist_viz.analysis import evaluation
from mnist_viz.data.address import digit
from mnist_viz.figures import attribution, probabilities
from mnist_viz.figures import digits as pictures
from mnist_viz.text import _
from mnist_viz.ui import caches
from mnist_viz.ui.components import figure
from mnist_viz.ui.link import Choice


def show(choice: Choice) -> None:
    """Picture, ten probabilities, and the maps for two classes on one scale, under a sentence made from the numbers."""
    from mnist_viz.analysis import explanation, saliency  # noqa: PLC0415  brings torch and captum

    assert choice.step is not None
    image, label = digit(choice.digit)
    where = (choice.run.id, choice.step, str(choice.digit))
    shares = evaluation.softmax(caches.answer(*where)[np.newaxis])[0]
    facts = caches.facts(*where)
    with st.container(border=True, key="digit_panel"):
        st.markdown(f"**{choice.digit}** · {explanation.sentence(facts)}")
        left, right = st.columns([3, 5], gap="small")
        with left:
            figure.show(pictures.digit(image, _("Labelled {label}").format(label=label), pixel=8), key="panel_digit")
            figure.show(probabilities.probabilities(shares, label=label), key="panel_probabilities")
        with right:
            fitting = [name for name, method in saliency.METHODS.items() if method.fits(caches.network(*where[:2]))]
            targets = (facts.predicted, facts.other)
            maps = np.stack([caches.attributions(*where, name, targets) for name in fitting], axis=1)
            figure.show(
                attribution.attribution(
                    maps,
                    image,
                    classes=[str(target) for target in targets],
                    methods=[saliency.METHODS[name].title for name in fitting],
                ),
                key="panel_maps",
                version=str(choice.digit),
            )
            for name, method in saliency.METHODS.items():
                if name not in fitting:
                    st.caption(_("{method} needs a convolution; this network has none.").format(method=method.title))


def method_words() -> str:
    """How the maps are made, for the fold of a page (Markdown)."""
    from mnist_viz.analysis import saliency  # noqa: PLC0415  brings torch and captum

    return "\n".join(f"- **{method.title}**: {method.description}" for method in saliency.METHODS.values())
