"""A measurement: how it is taken, in which unit, and what it shall reach."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """`take` returns the figure and a word on how it came about; `least` says that more is better."""

    take: Callable[[], tuple[float, str]]
    unit: str
    goal: float
    least: bool = False

    def is_met(self, figure: float) -> bool:
        return figure >= self.goal if self.least else figure <= self.goal
