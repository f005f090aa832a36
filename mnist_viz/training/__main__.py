"""The trainer's command line, for a run's folder or in a terminal of its own: two ways into the same worker.

python -m mnist_viz.training RUN_FOLDER
python -m mnist_viz.training --preset live --epochs 2 --set batch=128 rate=0.005
python -m mnist_viz.training --go-on RUN [--epochs MORE]
"""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn

from mnist_viz.runs import records
from mnist_viz.runs.state import is_alive
from mnist_viz.runs.store import DamagedRun, Store, UnknownRun
from mnist_viz.text import _
from mnist_viz.training import launch, lineage
from mnist_viz.training.config import FIELDS, TrainConfig, from_words
from mnist_viz.training.failures import Refused
from mnist_viz.training.presets import PRESETS
from mnist_viz.training.progress import Bar
from mnist_viz.training.worker import in_turn, train_in_turn

REFUSED, FAILED = 2, 1  # exit codes
KINDNESS = 3  # a started trainer lets the pages go first; at 10 one busy neighbour would all but stop it


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(REFUSED, f"{message}: see --help.\n")


def main(words: list[str] | None = None) -> int:
    """Train as the words say. Returns the exit code: 0, 1 if the training failed, 2 if it was refused."""
    said = _parser().parse_args(words)
    stop = _stop_on_signals()
    try:
        if said.folder is not None:
            return _train_folder(said.folder, stop)
        return _train_here(said, stop)
    except (Refused, UnknownRun, DamagedRun) as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m mnist_viz.training", description="Train a network to read digits.", allow_abbrev=False
    )
    parser.add_argument("folder", nargs="?", type=Path, help="a new run's folder; its config.json says all")
    parser.add_argument("--preset", help=f"settings to begin with, live if none: {', '.join(PRESETS)}")
    parser.add_argument("--architecture", help="the network")
    parser.add_argument("--go-on", metavar="RUN", help="go on with this run; --epochs says how many more it gets")
    parser.add_argument("--epochs", help="how often each digit is looked at")
    parser.add_argument("--seed", help="what chance begins with")
    parser.add_argument("--set", action="extend", nargs="+", default=[], metavar="NAME=VALUE", help="any other setting")
    parser.add_argument("--runs", type=Path, metavar="DIR", help="where the run's folder is made")
    return parser


def _train_folder(folder: Path, stop: threading.Event) -> int:
    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    folder = folder.absolute()
    ending = train_in_turn(Store(folder.parent).run(folder.name), stop=stop)
    return FAILED if ending["kind"] == "failed" else 0


def _train_here(said: argparse.Namespace, stop: threading.Event) -> int:
    store = Store(said.runs.absolute()) if said.runs else Store.default()
    config = _settings(said, store)
    from mnist_viz.training.devices import device  # noqa: PLC0415  brings torch, which a refused setting need not wait for

    device(config.device)  # refuses one that is not there before there is a run
    try:
        run = launch.first(config, store) if config.folds else launch.create(config, store)
    except OSError as error:
        sentence = _("--runs {folder} cannot be used ({why}): give a folder that can be written to.")
        raise Refused(sentence.format(folder=store.root.name, why=error.strerror)) from error
    print(f"{run.folder}", file=sys.stderr)
    with Bar(sys.stderr) as bar:
        endings = list(in_turn(run, stop=stop, progress=bar.show))
    for one, ending in endings:
        if ending["kind"] == "failed":
            print(ending["reason"], file=sys.stderr)
            return FAILED
        print(json.dumps({"run": one.id, **{name: ending[name] for name in ending if name != "kind"}}))
    return 0


def _settings(said: argparse.Namespace, store: Store) -> TrainConfig:
    """What the words stand for; who goes on with a run has its settings."""
    if said.go_on is None:
        return from_words(said.preset or "live", said.architecture, said.epochs, said.seed, said.set)
    more = int(FIELDS["epochs"].checked("epochs", said.epochs)) if said.epochs else 0
    if said.preset or said.architecture or said.seed or said.set:
        raise Refused(_("--go-on takes all settings from the run: say no others, or start a new one."))
    run = store.run(said.go_on)
    if is_alive(run, records.read_all(run)):
        raise Refused(_("Run {run} is still training: stop it first, or wait for its end.").format(run=run.id))
    return lineage.gone_on(run, more)


def _stop_on_signals() -> threading.Event:
    """An event that is set when somebody asks this process to end; who asks twice means at once."""
    stop = threading.Event()

    def ask(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop


if __name__ == "__main__":
    sys.exit(main())
