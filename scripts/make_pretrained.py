"""Train the run that ships with the project and put it into models/pretrained/, what is computed from it included.

`python -m scripts.make_pretrained --again` keeps the shipped run and computes only what it lacks of that.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mnist_viz.data.mnist import PARTS
from mnist_viz.jobs import contests, maps, probes
from mnist_viz.runs.logits import logits
from mnist_viz.runs.store import PRETRAINED, SHIPPED, Run, Store
from mnist_viz.training.contest import Contest

SEED = 0
SHIPS = ("config.json", "metrics.jsonl", "checkpoints")


def main() -> None:
    """Train `fast_cnn` by the preset `live`, then replace the shipped run as a whole."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        command = [sys.executable, "-m", "mnist_viz.training", "--preset", "live", "--seed", str(SEED)]
        done = subprocess.run([*command, "--runs", str(root / "runs")], stdout=subprocess.PIPE, text=True, check=True)
        result = json.loads(done.stdout.splitlines()[-1])
        run = Store(root / "runs", cache=root / "cache").run(result["run"])
        shipped = root / "pretrained"
        shipped.mkdir()
        for name in SHIPS:
            source = run.folder / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, shipped / name)
        shutil.copytree(_computed(run), shipped / "derived")
        shutil.rmtree(SHIPPED, ignore_errors=True)
        shutil.copytree(shipped, SHIPPED)
    print(f"{SHIPPED.name}: test accuracy {100 * result['test_accuracy']:.2f} %, {result['seconds']:.1f} s")


def again() -> None:
    """Add to the shipped run what can be computed from its last checkpoint and is not there."""
    with tempfile.TemporaryDirectory() as folder:
        run = Store(Path(folder), cache=Path(folder)).run(PRETRAINED)
        shutil.copytree(_computed(run), SHIPPED / "derived", dirs_exist_ok=True)


def _computed(run: Run) -> Path:
    """Compute what ships of the last checkpoint, and the first contest; returns the folder that holds just that."""
    step = run.steps[-1]
    for part in PARTS[1:]:
        logits(run, step, part)
    maps.make_shipped(run, step)
    if probes.known(run, step) is None:
        probes.make(run, step, lambda _done, _of: None)
    if contests.known(run, Contest()) is None:
        contests.make(run, Contest(), lambda _done, _of: None)
    return run.cache


if __name__ == "__main__":
    again() if "--again" in sys.argv[1:] else main()
