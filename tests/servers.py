"""Real servers for tests and measurements: the app in a process of its own, on a free port, with runs of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """A running app: where it listens, its process, the folder of its runs, and what it printed."""

    url: str
    process: subprocess.Popen[bytes]
    home: Path
    log: Path

    @property
    def runs(self) -> Path:
        return self.home / "runs"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of an app that keeps its runs and its cache in this folder."""
    folders = {"MNIST_VIZ_RUNS": str(home / "runs"), "MNIST_VIZ_CACHE": str(home / "cache")}
    return {**os.environ, **folders, "MNIST_VIZ_AHEAD": "0", **more}


def start(
    home: Path,
    *options: str,
    address: str = "127.0.0.1",
    before: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
) -> Server:
    """Start the app and wait until it answers; `before` stands before the command, such as a network namespace."""
    port = free_port()
    log = home / f"server-{port}.log"
    command = [*before, sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--server.address", address, *options],
            cwd=ROOT,
            env=environment(home, **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    return Server(f"http://127.0.0.1:{port}", process, home, log)


def wait(server: Server, seconds: float = 60) -> None:
    """Wait until the server is healthy. Raises with its log where it is not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not come up:\n{server.log.read_text(errors='replace')}")


def stop(server: Server) -> None:
    """End the server's process and wait for it."""
    server.process.terminate()
    try:
        server.process.wait(20)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait(20)


@contextmanager
def running(home: Path, *options: str, **more: object) -> Iterator[Server]:
    """The app for as long as the block lasts."""
    server = start(home, *options, **more)  # type: ignore[arg-type]
    try:
        wait(server)
        yield server
    finally:
        stop(server)
