"""Sentences that say what the numbers say, and no more."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mnist_viz.analysis.disputed import Dispute, dispute
from mnist_viz.analysis.explanation import Facts, facts, rivals, sentence
from mnist_viz.analysis.saliency import METHODS
from mnist_viz.data.mnist import digits


def scores(**shares: float) -> NDArray[np.float64]:
    """Scores of ten classes with these probabilities, as `c4=0.9`; the rest is shared by the others."""
    wanted = np.full(10, (1 - sum(shares.values())) / (10 - len(shares)))
    for name, share in shares.items():
        wanted[int(name[1:])] = share
    logits: NDArray[np.float64] = np.log(wanted)
    return logits


def evidence(**spots: float) -> NDArray[np.float64]:
    """A map with these values in the middle of regions, as `lower_left=2.0`, and a little against elsewhere."""
    rows, columns = {"upper": 5, "middle": 14, "lower": 22}, {"left": 5, "centre": 14, "right": 22}
    made = np.zeros((28, 28))
    for name, value in spots.items():
        row, column = name.split("_")
        made[rows[row], columns[column]] = value
    return made


def said(logits: NDArray[np.float64], label: int, map_: NDArray[np.float64], disputed: Dispute | None = None) -> str:
    return sentence(facts(logits, label, map_, disputed))


MISREAD = scores(c4=0.992, c6=0.001)


def test_a_sure_mistake_names_both_classes_and_the_place() -> None:
    map_ = evidence(lower_left=3.8, upper_right=3.1, middle_centre=3.1, lower_right=-3.0)
    assert said(MISREAD, 6, map_) == (
        "Read as 4 with 99.2\u00a0%; its label 6 got 0.1\u00a0%. "
        "By integrated gradients, the ink in the lower left speaks most for 4 against 6: "
        "38\u00a0% of the evidence for 4 lies there."
    )


@pytest.mark.parametrize(
    ("spot", "place"),
    [
        ("upper_left", "in the upper left"),
        ("upper_centre", "at the top"),
        ("upper_right", "in the upper right"),
        ("middle_left", "on the left"),
        ("middle_centre", "in the middle"),
        ("middle_right", "on the right"),
        ("lower_left", "in the lower left"),
        ("lower_centre", "at the bottom"),
        ("lower_right", "in the lower right"),
    ],
)
def test_the_place_is_where_the_evidence_is(spot: str, place: str) -> None:
    text = said(MISREAD, 6, evidence(**{spot: 7.0}))
    assert f"By integrated gradients, the ink {place} speaks most for 4 against 6: 100\u00a0% of the evidence" in text


def test_right_and_sure_right_and_unsure_and_wrong_and_unsure_read_differently() -> None:
    ink = evidence(upper_left=9.0)
    assert said(scores(c7=0.98, c1=0.01), 7, ink).startswith(
        "Read rightly as 7 with 98.0\u00a0%; next comes 1 with 1.0\u00a0%."
    )
    assert said(scores(c7=0.6, c1=0.3), 7, ink).startswith(
        "Read rightly as 7, but with only 60.0\u00a0%; 1 got 30.0\u00a0%."
    )
    assert said(scores(c7=0.6, c1=0.3), 1, ink).startswith(
        "Read as 7, but with only 60.0\u00a0%; its label 1 got 30.0\u00a0%."
    )


def test_shares_too_close_to_none_or_all_are_not_rounded_to_them() -> None:
    text = said(scores(c4=0.99999, c6=5e-6), 4, evidence(upper_left=30.0))
    assert text.startswith("Read rightly as 4 with >\u00a099.9\u00a0%; next comes 6 with <\u00a00.1\u00a0%.")


def test_evidence_that_is_spread_evenly_names_no_place() -> None:
    assert said(MISREAD, 6, np.full((28, 28), 0.01)) == "Read as 4 with 99.2\u00a0%; its label 6 got 0.1\u00a0%."
    two = evidence(upper_left=3.5, lower_right=3.5)
    assert said(MISREAD, 6, two) == "Read as 4 with 99.2\u00a0%; its label 6 got 0.1\u00a0%."


def test_a_map_of_zeros_leaves_the_lead_to_the_empty_image() -> None:
    assert said(MISREAD, 6, np.zeros((28, 28))) == (
        "Read as 4 with 99.2\u00a0%; its label 6 got 0.1\u00a0%. "
        "The ink decides little here: of the lead of 6.9 that 4 has over 6 in the scores, "
        "6.9 are there on an empty image already."
    )


def test_little_ink_against_much_empty_image_is_said() -> None:
    text = said(MISREAD, 6, evidence(lower_left=2.0))
    assert "of the lead of 6.9 that 4 has over 6 in the scores, 4.9 are there on an empty image" in text
    assert "lower left" not in text


def test_ink_that_speaks_for_the_other_class_is_said() -> None:
    text = said(MISREAD, 6, evidence(lower_left=2.0, upper_left=-3.0))
    assert "Taken together the ink speaks for 6 rather than 4: 4 stays ahead only because it leads on an empty" in text


def test_a_disputed_label_is_mentioned_with_what_people_saw() -> None:
    ink = evidence(upper_left=9.0)
    assert said(MISREAD, 6, ink, Dispute(None)).endswith(
        "of five people who were asked, fewer than three confirmed it."
    )
    assert said(MISREAD, 6, ink, Dispute(9)).endswith("of five people who were asked, most saw a 9.")
    assert said(MISREAD, 6, ink, Dispute(4)).endswith("most saw a 4, as the network does.")
    assert "disputed" not in said(MISREAD, 6, ink)


def test_fifteen_test_labels_are_disputed_and_none_of_the_others() -> None:
    found = [index for index in range(10_000) if dispute("test", index)]
    assert len(found) == 15
    assert all(dispute(part, 2462) is None for part in ("train", "val", "own"))
    labels = digits("test").labels
    assert all((known := dispute("test", index)) and known.seen != labels[index] for index in found)
    assert (int(labels[2462]), dispute("test", 2462)) == (2, Dispute(0))


def test_the_rivals_are_the_reading_and_the_label_or_the_runner_up() -> None:
    assert rivals(MISREAD, 6) == (4, 6)
    assert rivals(scores(c4=0.9, c9=0.05), 4) == (4, 9)


def test_the_facts_of_a_real_digit_add_up(trained: nn.Module, images: Tensor, targets: Tensor) -> None:
    for image, label in zip(images[:4], targets[:4].tolist(), strict=True):
        logits = trained(image[None])[0].numpy()
        pair = torch.tensor(rivals(logits, label))
        maps = METHODS["integrated_gradients"](trained, image.expand(2, 1, 28, 28), pair)
        known = facts(logits, label, maps[0] - maps[1])
        empty = trained(torch.zeros(1, 1, 28, 28))[0].numpy()
        assert known.lead == pytest.approx(np.log(known.probability / known.other_probability), abs=1e-4)
        assert known.from_nothing == pytest.approx(empty[known.predicted] - empty[known.other], abs=0.3)
        assert "{" not in sentence(known)


def test_no_number_in_a_sentence_is_without_its_fact() -> None:
    plain = Facts(
        label=6,
        predicted=4,
        other=6,
        probability=0.95,
        other_probability=0.02,
        lead=4.0,
        from_ink=3.9,
        region=(1, 1),
        share=0.4,
    )
    assert "40\u00a0% of the evidence for 4" in sentence(plain)
    assert "50\u00a0% of the evidence for 4" in sentence(replace(plain, share=0.5))
    assert "evidence" not in sentence(replace(plain, region=None))
    assert sentence(replace(plain, predicted=9)).count("9") >= 3


def test_without_evidence_nothing_is_said_of_it() -> None:
    known = facts(MISREAD, 6, None)
    assert sentence(known) == sentence(replace(known, lead=99.0))
    assert not any(word in sentence(known) for word in ("ink", "evidence", "empty image"))
