"""What a training does when the machine fails it: a disk that fills up, a clock that jumps."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mnist_viz.runs import checkpoints, records
from mnist_viz.runs.state import PULSE, Watch
from mnist_viz.runs.store import REPOSITORY, Store
from mnist_viz.training import launch, worker
from mnist_viz.training.config import TrainConfig

SMALL_DISK = """
mount -t tmpfs -o size="$1" tmpfs "$2" || exit 77
"$3" -m mnist_viz.training --runs "$2" --architecture mlp --epochs 1 --set digits=500 batch=8 device=cpu
ended=$?
cp -r "$2"/. "$4"
exit $ended
"""
NO_MOUNT = 77
FULL = "The disk is full. The checkpoints so far are whole: make room, then go on."


def on_a_small_disk(kilobytes: int, folder: Path) -> "subprocess.Popen[str]":
    """Train on a disk of this size of its own, and copy what it holds in the end out of it."""
    disk, kept = folder / f"disk{kilobytes}", folder / f"kept{kilobytes}"
    disk.mkdir()
    kept.mkdir()
    words = [f"{kilobytes}k", str(disk), sys.executable, str(kept)]
    return subprocess.Popen(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", SMALL_DISK, "sh", *words],
        cwd=REPOSITORY,
        env={**os.environ, "MNIST_VIZ_CACHE": str(folder / "cache")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_full_disk_is_said_and_every_checkpoint_stays_whole(tmp_path: Path) -> None:
    """Too small for the first checkpoint, for the second, for the fifth, and for the records after the seventh."""
    if not shutil.which("unshare"):
        pytest.skip("NO SMALL DISK: the full disk was not tried, for unshare is not here")
    for sizes in ((64, 450), (2048, 2836)):  # two at a time
        trainers = [(size, on_a_small_disk(size, tmp_path)) for size in sizes]
        for size, trainer in trainers:
            said = trainer.communicate(timeout=120)[1]
            if trainer.returncode == NO_MOUNT or said.startswith("unshare:"):
                pytest.skip("NO SMALL DISK: the full disk was not tried, for none can be mounted here")
            assert trainer.returncode == 1 and FULL in said, said
            run = Store(tmp_path / f"kept{size}").runs()[0]
            told = records.read_all(run)
            assert told[-1] == {"kind": "failed", "reason": FULL}
            assert Watch(run).state(told) == "failed"
            assert {record["step"] for record in told if record["kind"] == "checkpoint"} == set(run.steps)
            for step in run.steps:
                checkpoints.load(run, step)
            assert not list(run.folder.rglob(".*")), "half a file is left"


def test_a_wall_clock_that_jumps_changes_neither_state_nor_seconds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumps, real = iter(range(10**9)), time.time

    def jumping() -> float:
        """A day forward, two back, three forward ..."""
        turn = next(jumps)
        return real() + (turn if turn % 2 else -turn) * 86_400

    config = TrainConfig.from_preset("live", architecture="mlp", digits=500, batch=8, device="cpu", epochs=2)
    run = launch.create(config, store)
    states: list[str] = []
    watch: list[Watch] = []

    def look(record: records.Record) -> None:
        watch[:] = watch or [Watch(run)]
        os.utime(run.folder / PULSE, (0, 0) if len(states) % 2 else (2e9, 2e9))  # as if the disk had another clock
        states.append(watch[0].state([record]))

    monkeypatch.setattr(time, "time", jumping)
    began = time.monotonic()
    worker.train(run, progress=look)
    passed = time.monotonic() - began

    assert set(states) - {"starting"} == {"running", "finished"}
    seconds = [record["seconds"] for record in records.read_all(run) if record["kind"] == "step"]
    assert seconds == sorted(seconds) and seconds[0] > 0 and seconds[-1] < passed
