"""Why this digit is read as it is: numbers of one digit in, a few whole sentences out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis.disputed import Dispute
from mnist_viz.analysis.evaluation import softmax
from mnist_viz.text import _, percent, probability

SURE = 0.9  # probability from which on a reading is called sure
_BORDERS = (0, 11, 17)  # where the thirds of the 20x20 field for digits begin; the margin goes to the outer ones
_UNCERTAIN = 0.05  # in the scores: more than two maps of integrated gradients can miss them by
_STANDS_OUT = 0.25, 1.2  # a region is named if it has this share, and this much more than the second


@dataclass(frozen=True)
class Facts:
    """What the sentences may say of one digit, each from a number.

    `other`: the label if the digit is misread, else the runner-up. `lead`: by how much the score (logit) of
    `predicted` is above that of `other`; `from_ink` of it comes from the pixels (None: unknown), the rest is there
    on an empty image.
    `region`: (row, column) in a 3x3 grid, None where none stands out; `share`: its part of the ink's evidence.
    """

    label: int
    predicted: int
    other: int
    probability: float
    other_probability: float
    lead: float
    from_ink: float | None
    region: tuple[int, int] | None
    share: float
    disputed: Dispute | None = None

    @property
    def right(self) -> bool:
        """Whether it is read as it is labelled."""
        return self.predicted == self.label

    @property
    def sure(self) -> bool:
        """Whether the network leaves little to any other class."""
        return self.probability >= SURE

    @property
    def from_nothing(self) -> float:
        """The part of the lead that is there without any ink, as far as is known."""
        return self.lead - (self.lead if self.from_ink is None else self.from_ink)


def rivals(logits: NDArray[Any], label: int) -> tuple[int, int]:
    """The two classes to compare: the one it is read as, and its label or, if read rightly, the runner-up."""
    order = np.argsort(-np.asarray(logits, dtype=np.float64), kind="stable")
    predicted, second = int(order[0]), int(order[1])
    return predicted, second if predicted == label else label


def facts(logits: NDArray[Any], label: int, evidence: NDArray[Any] | None, disputed: Dispute | None = None) -> Facts:
    """Gather the facts from the logits (K,), the label and the evidence (28, 28) for one rival against the other.

    `evidence`: integrated gradients, from a black baseline, of the class it is read as minus those of the other
    one of `rivals`. It adds up to the lead of the first minus their lead on an empty image. None: nobody knows.
    """
    predicted, other = rivals(logits, label)
    probabilities = softmax(logits)
    region, share, from_ink = None, 0.0, None
    if evidence is not None:
        region, share = _strongest_region(np.asarray(evidence, dtype=np.float64))
        from_ink = float(np.sum(evidence, dtype=np.float64))
    return Facts(
        label=label,
        predicted=predicted,
        other=other,
        probability=float(probabilities[predicted]),
        other_probability=float(probabilities[other]),
        lead=float(logits[predicted]) - float(logits[other]),
        from_ink=from_ink,
        region=region,
        share=share,
        disputed=disputed,
    )


def sentence(facts: Facts) -> str:
    """What can be said of the digit: how it is read, where the evidence lies, and whether its label is disputed."""
    said = [_reading(facts), _evidence(facts), _dispute(facts)]
    return " ".join(text.format(**_words(facts)) for text in said if text)


def _strongest_region(evidence: NDArray[np.float64]) -> tuple[tuple[int, int] | None, float]:
    positive = np.maximum(evidence, 0)
    thirds = np.add.reduceat(np.add.reduceat(positive, _BORDERS, axis=0), _BORDERS, axis=1)
    total = thirds.sum()
    if total <= 0:
        return None, 0.0
    second, first = np.sort(thirds, axis=None)[-2:]
    least, margin = _STANDS_OUT
    if first < least * total or first < margin * second:
        return None, float(first / total)
    row, column = np.unravel_index(int(thirds.argmax()), thirds.shape)
    return (int(row), int(column)), float(first / total)


def _words(facts: Facts) -> dict[str, object]:
    seen = facts.disputed.seen if facts.disputed else None
    return {
        "label": facts.label,
        "predicted": facts.predicted,
        "other": facts.other,
        "probability": probability(facts.probability),
        "other_probability": probability(facts.other_probability),
        "share": percent(facts.share, 0),
        "lead": f"{facts.lead:.1f}",
        "from_nothing": f"{facts.from_nothing:.1f}",
        "seen": seen,
    }


def _reading(facts: Facts) -> str:
    if facts.right and facts.sure:
        return _("Read rightly as {predicted} with {probability}; next comes {other} with {other_probability}.")
    if facts.right:
        return _("Read rightly as {predicted}, but with only {probability}; {other} got {other_probability}.")
    if facts.sure:
        return _("Read as {predicted} with {probability}; its label {label} got {other_probability}.")
    return _("Read as {predicted}, but with only {probability}; its label {label} got {other_probability}.")


def _evidence(facts: Facts) -> str:
    if facts.from_ink is None:
        return ""
    if facts.from_ink < -_UNCERTAIN:
        return _(
            "Taken together the ink speaks for {other} rather than {predicted}: "
            "{predicted} stays ahead only because it leads on an empty image already."
        )
    if facts.from_ink < facts.from_nothing:
        return _(
            "The ink decides little here: of the lead of {lead} that {predicted} has over {other} in the scores, "
            "{from_nothing} are there on an empty image already."
        )
    if facts.region is None:
        return ""
    return _places()[facts.region]


def _places() -> dict[tuple[int, int], str]:
    return {
        (0, 0): _(
            "By integrated gradients, the ink in the upper left speaks most for {predicted} against {other}: "
            "{share} of the evidence for {predicted} lies there."
        ),
        (0, 1): _(
            "By integrated gradients, the ink at the top speaks most for {predicted} against {other}: "
            "{share} of the evidence for {predicted} lies there."
        ),
        (0, 2): _(
            "By integrated gradients, the ink in the upper right speaks most for {predicted} against {other}: "
            "{share} of the evidence for {predicted} lies there."
        ),
        (1, 0): _(
            "By integrated gradients, the ink on the left speaks most for {predicted} against {other}: "
            "{share} of the evidence for {predicted} lies there."
        ),
        (1, 1): _(
            "By integrated gradients, the ink in the middle speaks most for {predicted} against {other}: "
            "{share} of the evidence for {predicted} lies there."
        ),
        (1, 2): _(
            "By integrated gradients, the ink on the right speaks most for {predicted} against {other}: "
            "{share} of the evidence for {predicted} lies there."
        ),
        (2, 0): _(
            "By integrated gradients, the ink in the lower left speaks most for {predicted} against {other}: "
            "{share} of the evidence for {predicted} lies there."
        ),
        (2, 1): _(
            "By integrated gradients, the ink at the bottom speaks most for {predicted} against {other}: "
            "{share} of the evidence for {predicted} lies there."
        ),
        (2, 2): _(
            "By integrated gradients, the ink in the lower right speaks most for {predicted} against {other}: "
            "{share} of the evidence for {predicted} lies there."
        ),
    }


def _dispute(facts: Facts) -> str:
    if facts.disputed is None:
        return ""
    if facts.disputed.seen is None:
        return _("Its label {label} is disputed: of five people who were asked, fewer than three confirmed it.")
    if facts.disputed.seen == facts.predicted:
        return _(
            "Its label {label} is disputed: of five people who were asked, most saw a {seen}, as the network does."
        )
    return _("Its label {label} is disputed: of five people who were asked, most saw a {seen}.")
