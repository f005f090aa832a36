"""What the settings of a training that goes on with another mean: whose it was, and which round of its schedule it is.

`goes_on` = yes: it begins where `parent` was at `from_step`, and all of it but the end is as the parent's settings say.
`began_with` is the run whose weights the first step of all began with, as `parent` is for who does not go on.
`cycle_from` is the epoch from which on epochs were added to a training that had come to its end, 0 where none were.
Steps, epochs and seconds are counted from the first step of all.
"""

from typing import TYPE_CHECKING

from mnist_viz.text import _
from mnist_viz.training.failures import Refused
from mnist_viz.training.schedules import ROUNDS

if TYPE_CHECKING:
    from mnist_viz.training.config import TrainConfig

SETTLED = ("goes_on", "began_with", "cycle_from")
"""Said by `lineage.gone_on` alone, never by a form or a command line."""


def refuse(config: "TrainConfig") -> None:
    """Raises Refused for settings that name no run to go on with, or go on where nothing does."""
    if config.goes_on == "yes" and not config.parent:
        raise Refused(_("goes_on=yes names no run to go on with: choose a parent, or goes_on=no."))
    for name in ("began_with", "cycle_from"):
        value = getattr(config, name)
        if value and config.goes_on == "no":
            raise Refused(
                _("{name}={value} is said of a training that goes on: choose goes_on=yes, or leave it out.").format(
                    name=name, value=value
                )
            )
    if config.cycle_from >= config.epochs:
        raise Refused(
            _("cycle_from={value} leaves none of epochs={epochs} to learn in: choose more epochs.").format(
                value=config.cycle_from, epochs=config.epochs
            )
        )


def in_round(config: "TrainConfig", step: int) -> tuple[int, int]:
    """Which step of how many this one is for the schedule: within its round, where the schedule is one of ROUNDS."""
    before = config.cycle_from * config.steps_per_epoch if config.schedule in ROUNDS else 0
    return (step, before) if step <= before else (step - before, config.steps - before)
