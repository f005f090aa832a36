"""Train the run that others start from, on printed characters, and put it into models/printed/."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mnist_viz.runs.store import PRINTED, SHIPPED, Store

TARGET = SHIPPED.with_name(PRINTED)
SETTINGS = ("data=printed", "digits=31000", "epochs=4")


def main() -> None:
    """Render the characters, train `fast_cnn` on them, then replace the shipped run as a whole.

    Of its checkpoints the last one ships: it is what others start from.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        command = [sys.executable, "-m", "mnist_viz.training", "--preset", "live", "--set", *SETTINGS]
        done = subprocess.run([*command, "--runs", str(root)], stdout=subprocess.PIPE, text=True, check=True)
        result = json.loads(done.stdout.splitlines()[-1])
        run = Store(root, cache=root / "cache").run(result["run"])
        last = run.checkpoint(run.steps[-1])
        shutil.rmtree(TARGET, ignore_errors=True)
        (TARGET / "checkpoints").mkdir(parents=True)
        for source in (run.folder / "config.json", run.folder / "metrics.jsonl"):
            shutil.copy(source, TARGET / source.name)
        shutil.copy(last, TARGET / "checkpoints" / last.name)
    print(f"{TARGET.name}: test accuracy {100 * result['test_accuracy']:.2f} %, {result['seconds']:.1f} s")


if __name__ == "__main__":
    main()
