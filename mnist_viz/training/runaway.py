"""When a loss has run away and never comes back: the sentence that says so, and what to try."""

from mnist_viz.text import _
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Diverged
from mnist_viz.training.fields import names

RUNAWAY = 10_000.0  # nats, at the start it is 2.3; of 144 trainings none that got there learned more than 25 %
UNREADABLE = 1e12  # a loss with more digits than anybody reads
SAFE = 0.01  # the learning rate of every recipe: no advice is above it


def refuse(config: TrainConfig, step: int, loss: float) -> None:
    """Raises Diverged if the loss of this step is no number or beyond RUNAWAY."""
    if loss <= RUNAWAY:
        return
    sentence = (
        _(
            "The loss ran away ({loss} at step {step:,}): the learning rate (rate={rate:g}) is too large for "
            "{optimiser} here: try {less:g}."
        )
        if loss < UNREADABLE
        else _(
            "The loss grew beyond all numbers at step {step:,}: the learning rate (rate={rate:g}) is too large for "
            "{optimiser} here: try {less:g}."
        )
    )
    raise Diverged(
        sentence.format(
            loss=f"{float(f'{loss:.3g}'):,.0f}",
            step=step,
            rate=config.rate,
            optimiser=names()[config.optimiser],
            less=min(config.rate / 10, SAFE),
        )
    )
