"""What a checkpoint stands: how many digits it still reads when they are distorted, and where one digit flips."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis.distortions import RANGES, Distortion, distort
from mnist_viz.data import mnist
from mnist_viz.runs import derived, digits
from mnist_viz.runs.logits import predict
from mnist_viz.runs.store import Run

if TYPE_CHECKING:
    from torch import nn

VERSION = 1
DIGITS = 1000  # the first of the test digits
POINTS = 17  # of a curve, at most
ALONE = nullcontext()  # for whoever shares the machine with nobody


@dataclass(frozen=True)
class Span:
    """From the value `low` to the value `high` of a slider a digit is read as `read`."""

    low: float
    high: float
    read: int


def grid(kind: str) -> list[float]:
    """The amounts of a kind at which accuracy is measured: slider stops, evenly spread, the neutral one among them."""
    values = RANGES[kind].values
    middle, stride = values.index(RANGES[kind].neutral), -(-(len(values) - 1) // (POINTS - 1))
    return values[middle % stride :: stride]


def right_counts(
    run: Run, step: int, kind: str, model: "nn.Module", turn: AbstractContextManager[object] = ALONE
) -> NDArray[np.int64]:
    """How many of the first 1,000 test digits are read rightly at each value of `grid(kind)`, computed once.

    The run's preparation comes after the distortion. `model` is the network of that step; every value is computed in a
    `turn` of its own: all of them take seconds.
    """
    amounts = grid(kind)
    known = derived.get(run, step, f"endurance_{kind}", VERSION)
    if known is not None and known.shape == (len(amounts),) and known.dtype == np.int64:
        return known
    import torch  # noqa: PLC0415  heavy

    images, labels = mnist.digits("test").images[:DIGITS], mnist.digits("test").labels[:DIGITS]
    quicker = deepcopy(model).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    counts = []
    for amount in amounts:
        with turn:
            changed = digits.prepared(run, distort(images, Distortion().along(kind, amount)))
            read = predict(quicker, changed).argmax(axis=1)
        counts.append(int((read == labels).sum()))
    found = np.array(counts, dtype=np.int64)
    derived.put(run, step, f"endurance_{kind}", VERSION, found)
    return found


def readings(run: Run, model: "nn.Module", image: NDArray[np.uint8], amount: Distortion, kind: str) -> list[Span]:
    """As what one raw digit (28, 28) is read along the whole slider of a kind, all else as in `amount`."""
    values = RANGES[kind].values
    changed = np.concatenate([distort(image[np.newaxis], amount.along(kind, value)) for value in values])
    seen = digits.prepared(run, changed)
    return spans(values, [int(read) for read in predict(model, seen).argmax(axis=1)])


def spans(values: Sequence[float], read: Sequence[int]) -> list[Span]:
    """Neighbouring values with the same reading joined."""
    found: list[Span] = []
    for value, digit in zip(values, read, strict=True):
        if found and found[-1].read == digit:
            found[-1] = Span(found[-1].low, value, digit)
        else:
            found.append(Span(value, value, digit))
    return found


def flips(found: Sequence[Span], value: float) -> tuple[Span | None, Span, Span | None]:
    """The span that a value lies in, between the one below and the one above it; None where the slider ends."""
    here = next(place for place, span in enumerate(found) if span.low <= value <= span.high)
    below = found[here - 1] if here > 0 else None
    above = found[here + 1] if here + 1 < len(found) else None
    return below, found[here], above


def stands(amounts: Sequence[float], shares: NDArray[np.floating], least: float, neutral: float) -> tuple[float, float]:
    """From where to where, around the neutral amount, no share is below `least`; the first is larger if it is never."""
    middle = list(amounts).index(neutral)
    low, high = middle + 1, middle
    while low > 0 and shares[low - 1] >= least:
        low -= 1
    while low <= middle and high + 1 < len(amounts) and shares[high + 1] >= least:
        high += 1
    return (amounts[low], amounts[high]) if low <= middle else (np.inf, -np.inf)
