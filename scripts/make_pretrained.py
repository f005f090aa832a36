"""Train the run that ships with the project and put it into models/pretrained/, its answers to the digits included."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mnist_viz.data.mnist import PARTS
from mnist_viz.runs.logits import logits
from mnist_viz.runs.store import SHIPPED, Store

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
        for part in PARTS[1:]:
            logits(run, run.steps[-1], part)
        shutil.copytree(run.cache, shipped / "derived")
        shutil.rmtree(SHIPPED, ignore_errors=True)
        shutil.copytree(shipped, SHIPPED)
    print(f"{SHIPPED.name}: test accuracy {100 * result['test_accuracy']:.2f} %, {result['seconds']:.1f} s")


if __name__ == "__main__":
    main()
