"""What an exercise is: what an article says, a question, and an answer that is computed when it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass

from mnist_viz.ui.link import Choice


@dataclass(frozen=True)
class Exercise:
    """`said`: the article's idea in words of our own; `asked`: the question; `answer`: Markdown with today's numbers.

    `reads`: the answer needs a checkpoint and is of that network; `of_digit`: of the digit of the link too. `shows`
    puts a picture below the answer.
    """

    said: str
    asked: str
    answer: Callable[[Choice], str]
    reads: bool = False
    of_digit: bool = False
    shows: Callable[[Choice], None] | None = None
