"""What happens when the server starts: pages of our own, one reader of the runs, and torch warmed behind the scenes."""

import gc
import logging
import os
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from mnist_viz.data import mnist
from mnist_viz.jobs.queue import jobs
from mnist_viz.server import access, assets
from mnist_viz.server.board import board
from mnist_viz.training import launch

log = logging.getLogger("mnist_viz")
PERIOD = 0.5  # seconds between two looks at all runs
LONELY = 15.0  # seconds after which a server warms up though nobody has come
BROWSER = 4.0  # seconds that the first browser needs to draw, on the same machine perhaps
first_page_shown = threading.Event()


def _network_address() -> str:
    """This machine's address on its network; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: an address that belongs to nobody
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _greet() -> None:
    port = config.get_option("server.port")
    if access.is_shared():
        print(f"\n  Others open      http://{_network_address()}:{port}")
        print(f"  Presenter's code {access.code()}\n", flush=True)
    else:
        print(f"\n  Open http://localhost:{port}\n", flush=True)


def _warm(measured: bool) -> None:
    """Load what the first page needs while the browser starts, and then what the first click would wait for.

    Torch comes after the first page, which would else be late by what it takes to load. In the end all of it is set
    aside from the garbage collector.
    """
    try:
        import pandas  # noqa: F401, PLC0415  Streamlit asks for it with the first element of our own

        assets.plotly_js()
        for part in mnist.PARTS:
            mnist.digits(part)
    except Exception:
        log.exception("the digits or the drawing library could not be loaded; the pages say why")
    if first_page_shown.wait(LONELY):
        time.sleep(BROWSER)
    try:
        import torch  # noqa: PLC0415  heavy: after the first page, not before it

        torch.set_num_threads(1)  # many viewers share the cores; a training has a process of its own
        from mnist_viz.analysis import saliency  # noqa: F401, PLC0415
    except Exception:
        log.exception("warming up failed; the first click will be slower or say why")
    gc.collect()
    gc.freeze()
    if measured:
        launch.measure_speed(board().store)


def _follow(stop: threading.Event) -> None:
    """Look at all runs again and again, so that a killed trainer is noticed though nobody asks."""
    while not stop.wait(PERIOD):
        try:
            board().summaries()
            launch.reap()
        except Exception:  # the next look may well succeed; without a reader no viewer sees anything
            log.exception("reading the runs failed")


def works_ahead() -> bool:
    """Whether heavy work may begin before anyone asks for it: measuring the machine's speed, letting UMAP practise.

    MNIST_VIZ_AHEAD=0 says no: tests and measurements need the cores for themselves.
    """
    return os.environ.get("MNIST_VIZ_AHEAD", "1") != "0"


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Start reader and warm-up with the server, end the reader and the jobs with it; a training outlives them all."""
    # Streamlit would run a page's file without app.py for the first link to a fresh server (pages/ discovery).
    if hasattr(PagesManager, "uses_pages_directory"):
        PagesManager.uses_pages_directory = False
    stop = threading.Event()
    threading.Thread(target=_follow, args=(stop,), name="reader", daemon=True).start()
    if works_ahead():
        launch.announce_speed()
    threading.Thread(target=_warm, args=(works_ahead(),), name="warm-up", daemon=True).start()
    _greet()
    yield
    stop.set()
    jobs().close()
