"""Where a training begins and what it is compared with: a checkpoint of another run, to learn something else from it
or to go on as it would have; and the same from nothing.
"""

from dataclasses import replace
from typing import Any

from mnist_viz.data.sets import DATASETS
from mnist_viz.plan import words
from mnist_viz.plan.layers import Impossible
from mnist_viz.runs import records
from mnist_viz.runs.records import shown_step
from mnist_viz.runs.store import DamagedRun, Run, Store, UnknownRun
from mnist_viz.text import _
from mnist_viz.training import changes
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Refused
from mnist_viz.training.fields import LATER, NEWEST


def found(config: TrainConfig, store: Store) -> TrainConfig:
    """The settings with the parent's newest or best checkpoint named by its step, and with the parent's scaling, which
    is a part of what it learned (its preparation is not: each run chooses its own); as they are where it has no parent.

    Raises Refused, in one sentence, for a parent that is not there, has not that checkpoint or is another network.
    """
    if not config.parent:
        return replace(config, from_step=NEWEST)
    try:
        parent = store.run(config.parent)
        if config.goes_on == "yes":
            return _as_it_would_have(config, parent)
        architecture, steps, classes = parent.config["architecture"], parent.steps, parent.classes
        data, layers = parent.data, words.shape(architecture, parent.config.get("layers"))
        scaling = str(parent.config.get("scaling") or LATER["scaling"])
    except (UnknownRun, DamagedRun, Impossible) as refusal:
        raise Refused(str(refusal)) from refusal
    if architecture != config.architecture:
        raise Refused(
            _("Run {run} is a {theirs}, no {ours}: choose architecture={theirs}, or another run to start from.").format(
                run=parent.id, theirs=architecture, ours=config.architecture
            )
        )
    if layers != words.shape(config.architecture, config.layers):
        raise Refused(
            _("Run {run} has the layers {theirs}: choose these, or another run to start from.").format(
                run=parent.id, theirs=words.write(layers["layers"])
            )
        )
    if config.scaling not in (LATER["scaling"], scaling):
        raise Refused(
            _(
                "Run {run} learned with scaling={theirs}, and what it learned fits no other: choose scaling={theirs}, "
                "or another run to start from."
            ).format(run=parent.id, theirs=scaling[:40])
        )
    if data not in DATASETS or classes != len(DATASETS[data].classes):
        raise Refused(
            _("Run {run} says that {data} has {classes} classes, which is not so: choose another run.").format(
                run=parent.id, data=str(data)[:40], classes=classes
            )
        )
    step = shown_step(parent) if config.from_step == NEWEST else config.from_step
    if step not in steps:
        raise Refused(
            _("Run {run} keeps no checkpoint of step {step}: choose one of its checkpoints.").format(
                run=parent.id, step="–" if step is None else step
            )
        )
    return replace(config, from_step=step, scaling=scaling)


def from_nothing(config: TrainConfig) -> TrainConfig:
    """The same training without a parent: the same digits, steps and seed, and all layers learn."""
    return replace(config, parent="", from_step=NEWEST, trains="all")


def gone_on(run: Run, more: int = 0) -> TrainConfig:
    """The settings with which a run goes on from its newest checkpoint: to its planned end where it has not come there,
    for so many epochs `more` where it has.

    Raises Refused where its loss ran away, where it keeps no checkpoint, or where `more` makes no sense; DamagedRun.
    """
    config, steps, ending = TrainConfig.from_dict(run.config), run.steps, records.last(run)
    end = ending.get("kind")
    if ending.get("diverged"):
        raise Refused(
            _("The loss of run {run} ran away, and would again: start one with other settings.").format(run=run.id)
        )
    if not steps:
        raise Refused(_("Run {run} keeps no checkpoint to go on from: start a new one.").format(run=run.id))
    told = [record for record in records.read_all(run) if record.get("step", 0) <= steps[-1] + 1]
    config = changes.as_changed(config, told)
    begins: dict[str, Any] = {
        "parent": run.id,
        "from_step": steps[-1],
        "goes_on": "yes",
        "began_with": config.begins_with,
    }
    if end != "finished":
        if more:
            raise Refused(
                _(
                    "Run {run} has not come to its end: go on to there first, then epochs={more} more can follow."
                ).format(run=run.id, more=more)
            )
        return replace(config, **begins)
    if more < 1:
        raise Refused(
            _("Run {run} has come to its end: say for how many epochs more it goes on, such as epochs=1.").format(
                run=run.id
            )
        )
    taken = -(-steps[-1] // config.steps_per_epoch)
    return replace(config, **begins, epochs=taken + more, cycle_from=taken)


def _as_it_would_have(config: TrainConfig, run: Run) -> TrainConfig:
    """These settings, if they are those with which the run goes on; else the first that is not is refused."""
    has_end = records.last(run).get("kind") == "finished"
    theirs = gone_on(run, config.epochs - config.cycle_from if has_end else 0)
    for name, value in theirs.as_dict().items():
        said = config.as_dict()[name]
        if said != value:
            raise Refused(
                _("{name}={said} is not as run {run} goes on ({value}): leave all settings as they are.").format(
                    name=name, said=said, run=run.id, value=value
                )
            )
    return theirs
