"""What a training is doing, in words: its state, its result or its failure, and the network it trains."""

import streamlit as st

from mnist_viz.analysis import evaluation
from mnist_viz.data.sets import DATASETS
from mnist_viz.figures import changes, overfitting
from mnist_viz.runs import notes
from mnist_viz.runs.records import Record
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server import curve
from mnist_viz.server.board import Snapshot
from mnist_viz.text import _, percent
from mnist_viz.training import fields
from mnist_viz.training.config import Refused, TrainConfig
from mnist_viz.ui import as_seen, caches, link
from mnist_viz.ui.training import fine_tuned, folding, going_on, layer_table, setting_words


def heading(snapshot: Snapshot) -> str:
    """The title of the curve: the name that viewers gave this run, and what tells it from others."""
    name = notes.read(snapshot.run).name
    return f"{name} · {_what(snapshot)}" if name else _what(snapshot)


def _what(snapshot: Snapshot) -> str:
    if snapshot.run.id == PRETRAINED:
        return _("{network}, the run that ships with the app").format(network=snapshot.config["architecture"])
    try:
        config = TrainConfig.from_dict(changes.at_first(snapshot.config, snapshot.records))
    except Refused:
        return _("{network}, run {run}").format(network=snapshot.config["architecture"], run=snapshot.run.id)
    if config.begins_with:
        return f"{fine_tuned.heading(config)}{setting_words.changed(config)}{_led(snapshot)}"
    words = (
        _("{network} · 1 epoch · {digits:,} digits · {optimiser} {rate:g} · seed {seed}")
        if config.epochs == 1
        else _("{network} · {epochs:,} epochs · {digits:,} digits · {optimiser} {rate:g} · seed {seed}")
    )
    said = words.format(
        network=config.architecture,
        epochs=config.epochs,
        digits=config.shown,
        optimiser=fields.names()[config.optimiser],
        rate=config.rate,
        seed=config.seed,
    )
    return f"{said}{setting_words.changed(config)}{_led(snapshot)}"


def _led(snapshot: Snapshot) -> str:
    """What was changed on the way, in a few words behind the settings it began with."""
    found = changes.changes(snapshot.records)
    if not found:
        return ""
    if len(found) > 1:
        return _(" · changed {count} times on the way").format(count=len(found))
    return _(" · {change} from step {step:,} on").format(change=changes.label(found[0]), step=int(found[0]["step"]))


def sentence(snapshot: Snapshot) -> str:
    """The answer under the question: what happens; or how well the run reads, and what it went on with."""
    said = _now(snapshot)
    return f"{said} {going_on.words(snapshot)}".rstrip() if snapshot.ended else said


def _now(snapshot: Snapshot) -> str:
    slow, word = curve.pace(snapshot), curve.asked(snapshot)
    if word:
        return _asked(word)
    waiting = {
        "starting": _getting_ready(snapshot),
        "running": _slowly(slow) if slow else _("It is learning now: every point is a look at one batch of digits."),
        "paused": _("It is paused; slow motion is on: go on to see it.")
        if slow
        else _("It is paused. Go on, or take one step at a time."),
        "stopping": _("It has stopped: what it learned is kept, and tested now."),
        "interrupted": _("This training was interrupted: its process is gone. What it had learned until then is kept."),
        "failed": _("This training failed."),
    }
    now = curve.moment(snapshot)
    if now in waiting:
        return waiting[now]
    tested, step = snapshot.last("evaluation", part="test"), snapshot.last("step")
    if tested is None or step is None:
        return _("This training was stopped before it had learned anything.")
    if fine_tuned.is_one(snapshot):
        return fine_tuned.sentence(snapshot)
    if folding.is_one(snapshot):
        return folding.sentence(snapshot)
    return _reads(snapshot, tested, step)


def _slowly(pace: float) -> str:
    if pace < 1:
        return _("It is learning in slow motion, one step in about {seconds:.0f} seconds.").format(seconds=1 / pace)
    return _("It is learning in slow motion, about {pace:g} steps a second.").format(pace=pace)


def _getting_ready(snapshot: Snapshot) -> str:
    steps, data = as_seen.said(snapshot.run.id), snapshot.config.get("data", "mnist")
    if not steps or data not in DATASETS:
        return _("The training is getting ready …")
    words = _("The training is getting ready: it prepares {count:,} digits before its first step, {steps} …")
    return words.format(count=DATASETS[data].counts["train"], steps=steps)


def _reads(snapshot: Snapshot, tested: Record, last: Record) -> str:
    """How well it reads, and what is to be said of that; `last` is its last step, mostly the one that was tested."""
    low, high = evaluation.accuracy_interval(round(tested["accuracy"] * tested["digits"]), tested["digits"])
    words = _(
        "After {seconds:.1f} s of training and {steps:,} steps it reads **{accuracy}** of {total:,} test digits "
        "rightly (95 % interval {low} to {high})."
    )
    said = words.format(
        seconds=tested["seconds"],
        steps=tested["step"],
        accuracy=percent(tested["accuracy"]),
        total=tested["digits"],
        low=percent(low),
        high=percent(high),
    )
    if tested["step"] != last["step"]:
        best = _("It went on to step {last:,}; by the loss on the validation digits this was its best.")
        return f"{said} {best.format(last=last['step'])}"
    both = overfitting.gap(snapshot.records)
    if both is None:
        return said
    learned = _("Of those it learned from it reads {share}: the gap of {points:.1f} points is **over-fitting**.")
    return f"{said} {learned.format(share=percent(both[0] / 100, 1), points=both[0] - both[1])}"


def _asked(word: str) -> str:
    """What is said of a command until it is obeyed."""
    return {
        "pause": _("Pause: it is obeyed after the step that is being taken."),
        "resume": _("Go on: it is obeyed in a moment."),
        "stop": _("Stop: it is obeyed after the step that is being taken."),
    }[word]


def device(snapshot: Snapshot) -> str:
    """What a training that goes on computes on, and on how many digits."""
    start = snapshot.last("start")
    if start is None:
        return ""
    return _("{digits:,} training digits, {parameters:,} parameters, on {device}.").format(
        **{**start, "device": fields.names().get(start["device"], start["device"])}
    )


def refusal(snapshot: Snapshot) -> None:
    """Where a run failed: why."""
    failed = snapshot.last("failed")
    if failed is not None:
        st.warning(failed["reason"])


def log(snapshot: Snapshot) -> None:
    """Where a run failed or broke off: its log, one click away."""
    if snapshot.state in ("failed", "interrupted"):
        with st.expander(_("What the trainer printed"), icon=":material/article:"):
            st.code(snapshot.run.log or _("nothing"), language=None)


def network_table(config: TrainConfig | None, snapshot: Snapshot) -> None:
    """The modules of the network that is chosen, or that trains: output shape, parameters, multiply-adds."""
    name = config.architecture if config else snapshot.config["architecture"]
    try:
        layers = caches.layers(name, (config.layers if config else snapshot.config.get("layers")) or "")
    except ValueError as refusal:  # another hand wrote into the run's config.json
        st.warning(link.plain(str(refusal)))
        return
    learning = [layer.parameters for layer in layers if layer.parameters]
    words = (
        _("The network chosen above, {name}: {total:,} parameters in {learning} of its {modules} modules")
        if config
        else _("The network {name}: {total:,} parameters in {learning} of its {modules} modules")
    )
    said = words.format(name=name, total=sum(learning), learning=len(learning), modules=len(layers))
    with st.expander(said, icon=":material/layers:"):
        layer_table.show(layers, alt=_("The modules of the network, in the order a digit passes them"))
        st.caption(_("A module is a step of the computation: norms, activations and products of matrices count too."))
