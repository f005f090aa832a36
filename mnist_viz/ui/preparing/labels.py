"""Labels: the matrix of a batch of one-hot vectors, and why cross-entropy on indices is the same as on vectors."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz import text
from mnist_viz.analysis import labelling
from mnist_viz.data.address import Address, digit
from mnist_viz.figures import one_hot
from mnist_viz.figures.numbers import written, written_share
from mnist_viz.text import _
from mnist_viz.ui import as_seen, caches, link, page
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.link import Choice
from mnist_viz.ui.preparing.block import block, raw

ROWS = 10  # digits of the matrix


def show(choice: Choice) -> str:
    """The matrix of the batch in which the digit stands, and its own cross-entropy both ways."""
    if choice.step is None:
        st.info(_("This run has no checkpoint yet: its answers, and with them the losses, are here after the first."))
        return _("A label as a vector: 1 in the column of its class, 0 in the nine others.")
    answer = caches.answer(choice.run.id, choice.step, str(choice.digit))
    if not np.isfinite(answer).all():
        st.info(no_numbers())
        return _("A label as a vector: 1 in the column of its class, 0 in the nine others.")
    digits = block(choice.digit, ROWS)
    place = digits.index(choice.digit)
    left, right = st.columns([11, 9], gap="medium")
    with left:
        figure.show(
            _matrix(choice.run.id, choice.step, str(digits[0]), text.language()),
            key="one_hot_matrix",
            cells=(len(digits), 1),
            chosen=(place, 0),
            marks=[one_hot.outline(place)],
            on_click=lambda: _choose("one_hot_matrix", digits),
        )
    with right:
        figure.show(_ways(choice.run.id, choice.step, str(choice.digit), text.language()), key="both_ways")
    st.code(lines(choice.run.id, choice.step, str(choice.digit)), language="python", wrap_lines=True)
    page.how_made(
        _(
            "One-hot: $y_k = 1$ where $k$ is the label, else 0. Cross-entropy of a digit with the probabilities $p$ is "
            "$-\\sum_k y_k \\ln p_k$. Nine of the ten products are 0, so it is $-\\ln p_{label}$: the row that the "
            "index names, looked up instead of multiplied. That is why torch takes labels as whole numbers and no "
            "vector is ever made in this project's training. $p$ is the softmax of the logits, and $-\\ln p_k = \\ln "
            "\\sum_j e^{z_j} - z_k$ is computed without $p$, so that no tiny one is rounded to 0. Vectors are needed "
            "where a label is more than one class: smoothed, or mixed of two digits. The loss of a batch is the mean "
            "of its digits'; in nats. The last four lines of code are run by torch in 32 bits, the rest is computed "
            "in 64."
        )
    )
    ways = labelling.both_ways(answer, digit(choice.digit)[1])
    label = int(ways.vector.argmax())
    return _(
        "Digit {address} is labelled {label}: a 1 in the column of its class and nine zeros, so of ten products only "
        "one is left: p = {share} and −ln p = {loss}, with the vector or with the index."
    ).format(
        address=choice.digit,
        label=label,
        share=written_share(ways.by_index, 5),
        loss=written(ways.by_index, 5),
    )


def no_numbers() -> str:
    """What is said of a network whose weights ran away."""
    return _("The network's answers at this checkpoint are no numbers any more: choose an earlier one.")


@st.cache_data(max_entries=1024, show_spinner=False)
def lines(run_id: str, step: int, address: str) -> str:
    """Code that runs as it is: the digit's logits, its label as an index and as a vector, and four lines for the same
    number, each with what torch answers to it.
    """
    logits, label = caches.answer(run_id, step, address), digit(Address.parse(address))[1]
    answers = labelling.by_torch(logits, label)
    longest = max(map(len, answers))
    return "\n".join(
        [
            "import torch",
            "from torch.nn import functional as F",
            "",
            f"logits = torch.tensor([[{', '.join(map(str, logits))}]])",
            f"index = torch.tensor([{label}])",
            f"vector = F.one_hot(index, {len(logits)}).float()",
            *(f"{line:<{longest}}  # {value:.4f}" for line, value in answers.items()),
        ]
    )


def surprises(run_id: str, step: int, digits: tuple[Address, ...]) -> NDArray[np.float64]:
    """-ln p of the label of each of these digits, in nats."""
    logits = np.stack([caches.answer(run_id, step, str(one)) for one in digits])
    return np.asarray(labelling.surprises(logits)[np.arange(len(digits)), raw(digits).labels])


@st.cache_data(max_entries=512, show_spinner=False)
def _matrix(run_id: str, step: int, first: str, language: str) -> Drawn:
    digits = block(Address.parse(first), ROWS)
    batch = raw(digits)
    drawn = one_hot.matrix(
        as_seen.prepared(run_id, batch.images),
        labelling.one_hot(batch.labels),
        surprises(run_id, step, digits).tolist(),
        [str(one) for one in digits],
        _("A batch of {count} labels as a matrix, and what each digit adds to the loss").format(count=len(digits)),
    )
    return Drawn.of(drawn)


@st.cache_data(max_entries=512, show_spinner=False)
def _ways(run_id: str, step: int, address: str, language: str) -> Drawn:
    ways = labelling.both_ways(caches.answer(run_id, step, address), digit(Address.parse(address))[1])
    title = _("Digit {address}: a sum of ten products, or one row by its index")
    return Drawn.of(one_hot.both_ways(ways, title.format(address=address)))


def _choose(key: str, digits: tuple[Address, ...]) -> None:
    event = figure.clicked(key)
    if event and isinstance(event.get("y"), (int, float)) and -0.5 <= event["y"] < len(digits) - 0.5:
        link.choose(digit=str(digits[round(event["y"])]))
