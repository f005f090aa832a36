"""How the learning rate goes over a training: functions of the step, as shares of the rate that was set."""

import math
from collections.abc import Callable

WARM_UP = 0.1  # share of the steps in which one_cycle climbs; of 0.1, 0.2 and 0.3 the best on validation digits
START = 1 / 25  # of the peak rate, where one_cycle begins
FALL = 0.7  # what is left after each epoch, as in PyTorch's own example of MNIST


def one_cycle(step: int, steps: int, _steps_per_epoch: int) -> float:
    """Two straight lines, up to 1 in the first 10 % of the steps and down almost to 0. Smith & Topin 2018."""
    done = (step - 1) / steps
    if done < WARM_UP:
        return START + (1 - START) * done / WARM_UP
    return (1 - done) / (1 - WARM_UP)


def constant(_step: int, _steps: int, _steps_per_epoch: int) -> float:
    """Always 1."""
    return 1.0


def cosine(step: int, steps: int, _steps_per_epoch: int) -> float:
    """Half a period of a cosine, from 1 down almost to 0. Loshchilov & Hutter 2017, arXiv 1608.03983."""
    return (1 + math.cos(math.pi * (step - 1) / steps)) / 2


def stairs(step: int, _steps: int, steps_per_epoch: int) -> float:
    """1 in the first epoch, and after each epoch 0.7 of what it was."""
    return float(FALL ** ((step - 1) // steps_per_epoch))


ROUNDS = ("one_cycle", "cosine")
"""Those that end: what is added to a training that had come to its end is another round of them (warm restart,
Loshchilov & Hutter 2017). The others go on as though there had been no end.
"""

SCHEDULES: dict[str, Callable[[int, int, int], float]] = {
    "one_cycle": one_cycle,
    "constant": constant,
    "cosine": cosine,
    "step": stairs,
}
"""(step 1, 2, ... steps, steps, steps an epoch) -> share of the rate."""
