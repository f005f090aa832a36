"""With or without? What is known of a contest between two sides of small trainings, and how the worker has it held."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_viz.runs import derived
from mnist_viz.runs.store import REPOSITORY, Run
from mnist_viz.text import _
from mnist_viz.training.contest import ARMS, Contest

MODULE = "mnist_viz.training.contenders"
VERSION = 1
NO_STEP = 0  # of no checkpoint: it has none


class NotHeld(RuntimeError):
    """A contest ended before it was over; the sentence says why."""


@dataclass(frozen=True)
class Trial:
    """A contest to be held, and the run among whose arrays it is kept; equal ones are the same job."""

    run: Run
    contest: Contest

    def in_words(self) -> dict[str, object]:
        """What the worker needs to know."""
        return {**self.run.place, "kind": "contest", "contest": asdict(self.contest)}


def known(run: Run, contest: Contest) -> NDArray[np.float64] | None:
    """The accuracies (2, seeds, epochs) on the validation digits without the step and with it, None where nobody has
    had it held. They belong to no run, and are kept, and ship, with the one that ships.
    """
    found = derived.get(run, NO_STEP, _kind(contest), VERSION)
    return found if found is not None and found.shape == _shape(contest) else None


def make(run: Run, contest: Contest, told: Callable[[list[float], int], None]) -> bool:
    """Have the contest held and keep what `known` then finds; returns whether it could be kept. Raises NotHeld.

    `told` hears (accuracies of all epochs of all trainings so far, of how many); `so_far` says whose they are.
    """
    seen, of = list[float](), int(np.prod(_shape(contest)))
    told(seen, of)
    for look in _held(contest):
        seen.append(look["accuracy"])
        told(seen, of)
    derived.put(run, NO_STEP, _kind(contest), VERSION, so_far(contest, seen))
    return known(run, contest) is not None


def so_far(contest: Contest, seen: Sequence[float]) -> NDArray[np.float64]:
    """As `known`, of the pairs (2, pairs, epochs) that are whole by now; `seen` are the accuracies in the order of
    training: pair by pair, without the step and with it, epoch by epoch.
    """
    arms, _seeds, epochs = _shape(contest)
    whole = pairs(contest, seen)
    table = np.array(seen[: whole * arms * epochs], dtype=np.float64).reshape(whole, arms, epochs)
    return np.ascontiguousarray(table.swapaxes(0, 1))


def pairs(contest: Contest, seen: Sequence[float]) -> int:
    """How many pairs are whole in what `so_far` reads."""
    return len(seen) // (len(ARMS) * contest.epochs)


def _held(contest: Contest) -> Iterator[dict[str, Any]]:
    """The looks at its networks, trained by a process that ends with this one and has its priority."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", MODULE],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(asdict(contest)) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                look = json.loads(line)
                if look.get("done"):
                    return
                if "failed" in look:
                    raise NotHeld(look["failed"])
                yield look
        finally:
            process.kill()
    raise NotHeld(_("The process that trained the networks ended before it was done: ask again."))


def _kind(contest: Contest) -> str:
    return f"contest_{contest.name}"


def _shape(contest: Contest) -> tuple[int, int, int]:
    return len(ARMS), contest.seeds, contest.epochs
