"""Test digits whose label a majority of people did not confirm, and what they saw instead.

Northcutt, Athalye, Mueller 2021, arXiv 2103.14749: 15 of the 10,000. The votes of five people a digit are in
github.com/cleanlab/label-errors, mturk/mnist_mturk.json, Apache-2.0: those with fewer than three for the label.
"""

from dataclasses import dataclass

# Index in the test part -> the class that most of the five saw, None where no class had a majority.
_DISPUTED: dict[int, int | None] = {
    947: 9,
    1621: 6,
    1901: 4,
    2130: None,
    2462: 0,
    2597: 3,
    2654: None,
    3520: None,
    3558: 0,
    5937: 3,
    6651: 6,
    6783: 6,
    8527: None,
    9679: None,
    9729: 6,
}


@dataclass(frozen=True)
class Dispute:
    """Fewer than three of five people confirmed the label; `seen` is the class that most of them saw, if any."""

    seen: int | None


def dispute(part: str, index: int) -> Dispute | None:
    """What is known against the label of a digit; None where nothing is, as for all but 15 test digits."""
    return Dispute(_DISPUTED[index]) if part == "test" and index in _DISPUTED else None
