"""How far a logistic regression gets on features made by hand and on a checkpoint's: what is known, and its making."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis import handmade, probe
from mnist_viz.data import mnist
from mnist_viz.runs import derived, digits, features
from mnist_viz.runs.store import Run

EACH = 500  # training digits of each label
NETWORK = "network"  # the features that the checkpoint has learned
KINDS = (*handmade.TABLES, NETWORK)
VERSION = 1


@dataclass(frozen=True)
class Probe:
    """Four regressions for a step of a run; equal ones are the same job."""

    run: Run
    step: int

    def in_words(self) -> dict[str, object]:
        """What the worker needs to know."""
        return {**self.run.place, "kind": "probe", "step": self.step}


def known(run: Run, step: int) -> dict[str, probe.Reached] | None:
    """What each of `KINDS` reaches, None where it has not been computed."""
    table = derived.get(run, step, "probe", VERSION)
    if table is None or table.shape != (len(KINDS), len(probe.Reached._fields)):
        return None
    return {
        kind: probe.Reached(int(test), int(val), int(width), float(strength))
        for kind, (test, val, width, strength) in zip(KINDS, table, strict=True)
    }


def make(run: Run, step: int, told: Callable[[int, int], None]) -> bool:
    """Fit them, to digits as the run sees them, and keep what `known` then finds; returns whether it could be kept.

    `told` hears (fits done, of).
    """
    from mnist_viz.runs import checkpoints  # noqa: PLC0415  brings torch

    model, parts = checkpoints.load(run, step), {part: mnist.digits(part) for part in ("train", "val", "test")}
    chosen = probe.stratified(parts["train"].labels, EACH)
    some = {part: slice(None) for part in parts} | {"train": chosen}
    seen = {part: (digits.prepared(run, one.images[some[part]]), one.labels[some[part]]) for part, one in parts.items()}
    tables: dict[str, Callable[[NDArray[np.uint8]], NDArray[np.float32]]] = {
        **handmade.TABLES,
        NETWORK: lambda images: features.extract(model, images),
    }
    found = []
    for done, kind in enumerate(KINDS):
        told(done, len(KINDS))
        numbers = {part: probe.Table(tables[kind](images), labels) for part, (images, labels) in seen.items()}
        found.append(probe.reach(numbers))
    derived.put(run, step, "probe", VERSION, np.array(found, dtype=np.float64))
    return known(run, step) is not None
