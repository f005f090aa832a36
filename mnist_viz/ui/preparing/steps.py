"""The steps of preparation, one card at a time, and the pipeline that is made of them."""

import streamlit as st

from mnist_viz.analysis.scaling import SCALINGS
from mnist_viz.data.preparation import STEPS, Chosen
from mnist_viz.text import _
from mnist_viz.training.fields import AUGMENTATION
from mnist_viz.ui import page
from mnist_viz.ui.link import Choice
from mnist_viz.ui.preparing import card_of_augmentation, card_of_scaling, card_of_step, cards, pipeline


def show(choice: Choice) -> str:
    """The chosen step's card under the pipeline; returns the sentence with what the step did to the digit."""
    with st.container(horizontal=True, gap="small", key="prep_choice"):
        card = cards.choose()
    steps = pipeline.take_up()
    place = st.container()
    chosen, amounts = None, (0.0,) * len(AUGMENTATION)
    kept = None if card == cards.AUGMENT else pipeline.kept_amounts()
    if card in SCALINGS:
        answer = card_of_scaling.show(choice.digit, card)
    elif card == cards.AUGMENT:
        answer, amounts = card_of_augmentation.show(choice.digit)
    else:
        chosen, noised = _strengths(card)
        answer = card_of_step.show(choice.digit, chosen, noised)
    with place:
        pipeline.show(steps, card, chosen, kept or amounts)
    pipeline.strip(choice.digit, steps)  # below the card, which is what one looks at while a slider moves
    page.how_made(_how_made())
    return answer


def _strengths(card: str) -> tuple[Chosen, int]:
    """The step as its sliders say it, and how much noise is put into the digit before.

    All sliders have the same two places: one that moves to another place forgets in the browser that it is in the link.
    """
    if not STEPS[card].settings:
        return Chosen(card, None), 0
    left, right = st.columns(2, gap="medium", width=640)
    percent = 0
    if card in (cards.NOISE, *cards.FILTERS):
        with left:
            percent = cards.noise(first=card != cards.NOISE)
    if card == cards.NOISE:
        return Chosen(card, percent), 0
    with right if card in cards.FILTERS else left:
        return Chosen(card, cards.strength(card)), percent


def _how_made() -> str:
    return _(
        "The pictures are those that the trainer makes: `prepare` in `mnist_viz/data/preparation` runs before the "
        "network, on whole grey values after every step. Scaling is arithmetic inside the network, so that no page can "
        "forget it. Augmentation is `mnist_viz/training/augmentation.py`: new by chance each time in training, never "
        "in a test. Mean digits and histograms run over all 5,000 validation digits, counts on a "
        "logarithmic axis. The mean image on its card is that of all 55,000 training digits as they are; a run "
        "subtracts that of the very digits that train it, after its steps, and never of those held back.\n\n"
        "- Slant and centre are first and second moments of the ink (M.-K. Hu, *Visual pattern recognition by moment "
        "invariants*, 1962); deskewing is what Y. LeCun et al., *Gradient-based learning applied to document "
        "recognition*, 1998, compared with and without.\n"
        "- The bilateral filter is C. Tomasi and R. Manduchi's, 1998; median, Gaussian and bilateral are kornia's.\n"
        "- Error: the root of the mean squared difference to the clean digit over its 784 pixels (RMSE), in grey "
        "values."
    )
