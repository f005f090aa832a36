"""`python -m mnist_viz.training.contenders`: trains both sides of a contest, one pair of networks after the other.

The contest comes as a line of JSON on the standard input, the end of which ends the process at once. Each whole look
at the validation digits goes out as a line of JSON; the last line says `done`, or why it `failed`.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from typing import NamedTuple

from mnist_viz.data.idx import DamagedData
from mnist_viz.training.contest import ARMS, Contest
from mnist_viz.training.failures import Diverged, Refused


class Look(NamedTuple):
    """The share of the validation digits that are read right after an epoch (1, 2, ...) of one training."""

    with_step: bool
    seed: int
    epoch: int
    accuracy: float


def looks(contest: Contest) -> Iterator[Look]:
    """Train all networks of the contest. Raises Diverged, DamagedData."""
    # Loaded here: who imports a name from here needs no torch, and the process reads its contest first.
    from mnist_viz.data import mnist, preparation  # noqa: PLC0415
    from mnist_viz.data.mnist import Digits  # noqa: PLC0415
    from mnist_viz.training.fit import fit, network, taught  # noqa: PLC0415

    sides = {}
    for side in ARMS:
        config = contest.config(0, with_step=side)
        some = (taught(mnist.digits("train"), config), mnist.digits("val"))  # few are prepared, not all
        sides[side] = tuple(Digits(preparation.prepare(one.images, config.preparation), one.labels) for one in some)
    for seed in range(contest.seeds):
        for side, (train, val) in sides.items():
            config = contest.config(seed, with_step=side)
            for record in fit(network(config), train, val, config):
                if record["kind"] == "evaluation" and config.is_whole_look(record["step"]):
                    yield Look(side, seed, record["step"] // config.steps_per_epoch, record["accuracy"])


def main() -> None:
    """Read a contest, hold it, and say what comes of it."""
    contest = Contest(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_listen, name="ear", daemon=True).start()
    import torch  # noqa: PLC0415  heavy: the ear listens before

    torch.set_num_threads(1)  # networks this small are no faster with more
    try:
        for look in looks(contest):
            _say(**look._asdict())
    except (Diverged, DamagedData, Refused) as why:
        _say(failed=str(why))
    else:
        _say(done=True)


def _listen() -> None:
    sys.stdin.read()
    os._exit(0)  # whoever asked is gone


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
