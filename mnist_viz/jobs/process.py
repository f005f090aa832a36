"""The process that does the heavy work: started when first needed, spoken to in lines of JSON, gone with its server."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from mnist_viz.runs.store import REPOSITORY

MODULE = "mnist_viz.jobs.worker"


class Worker:
    """A fresh interpreter in a session of its own; `gently` puts it behind everything else. Raises OSError."""

    def __init__(self, *, gently: bool = True) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", MODULE, *(["--gently"] if gently else [])],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            **_apart(gently=gently),
        )

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether it can be given a job."""
        return self._process.poll() is None

    def do(self, job: Mapping[str, object]) -> Iterator[dict[str, Any]]:
        """Give it a job; yields its answers, of which the last says `done` or `failed`, or is missing if it died."""
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
        except OSError:
            return
        for line in self._process.stdout:
            try:
                answer = json.loads(line)
            except ValueError:  # cut off by its death
                return
            yield answer
            if answer["state"] != "working":
                return

    def end(self) -> None:
        """Kill it, whatever it is doing, and wait until it is gone."""
        self._process.kill()
        self._process.wait()


def _apart(*, gently: bool) -> dict[str, Any]:
    """Out of reach of the terminal's Ctrl-C; on Windows, which asks for it here, of low priority too."""
    if sys.platform == "win32":
        priority = subprocess.BELOW_NORMAL_PRIORITY_CLASS if gently else 0
        return {"creationflags": priority | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
