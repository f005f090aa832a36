"""The digits as a run sees them: prepared by the steps that its settings name, always by the one function for it.

Whatever trains, tests or explains a run, and whatever shows a digit for it, takes the digit from here.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data import address as addresses
from mnist_viz.data import preparation
from mnist_viz.data.address import Address
from mnist_viz.data.mnist import Digits
from mnist_viz.data.sets import DATASETS
from mnist_viz.runs.store import DamagedRun, Run
from mnist_viz.text import _

KEPT = 3  # parts in memory, prepared; the training digits have 43 MB, the others 4 and 8


def steps(run: Run) -> str:
    """The word for the steps that prepare its digits, "" where it sees them as they are. Raises DamagedRun."""
    word = run.config.get("preparation") or ""
    try:
        return preparation.write(preparation.parse(word if isinstance(word, str) else "?"))
    except preparation.UnknownStep as why:
        raise DamagedRun(
            _("config.json of run {run} says steps of preparation that are none ({why}): choose another run.").format(
                run=run.id, why=str(why).rstrip(".")
            )
        ) from why


def prepared(run: Run, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Raw images (N, 28, 28), drawn or changed ones too, as the run sees them. Raises DamagedRun."""
    return preparation.prepare(images, steps(run))


def image(run: Run, address: Address) -> NDArray[np.uint8]:
    """The digit (28, 28) at an address as the run sees it. Raises DamagedRun."""
    seen: NDArray[np.uint8] = prepared(run, addresses.digit(address)[0][np.newaxis])[0]
    return seen


def part(run: Run, name: str, data: str = "mnist") -> Digits:
    """All digits of a part (train, val or test) as the run sees them, with their labels. Raises DamagedRun."""
    return as_seen(steps(run), name, data)


def as_seen(word: str, name: str, data: str = "mnist") -> Digits:
    """All digits of a part after these steps; prepared once, and kept as long as few others are asked for."""
    return _prepared(word, name, data) if word else DATASETS[data].digits(name)


@lru_cache(KEPT)
def _prepared(word: str, name: str, data: str) -> Digits:
    raw = DATASETS[data].digits(name)
    return Digits(preparation.prepare(raw.images, word), raw.labels)
