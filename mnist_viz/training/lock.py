"""One training at a time below one root: who comes second is told who is first."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from mnist_viz.runs.files import write_whole
from mnist_viz.runs.store import Run
from mnist_viz.text import _
from mnist_viz.training.failures import Busy

LOCK, HOLDER = ".training.lock", ".training.holder"
PATIENCE = 1.0  # seconds; the last training may just be closing its files


@contextmanager
def only_one(run: Run) -> Iterator[None]:
    """Keeps other trainers out for the length of the block; a killed process leaves the way free. Raises Busy."""
    root = run.folder.parent
    lock = FileLock(root / LOCK)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        raise Busy(
            _("Run {run} is training, and one training runs at a time: stop it or wait for its end.").format(
                run=_holder(run)
            )
        ) from None
    try:
        write_whole(root / HOLDER, run.id)
        yield
    finally:
        lock.release()


def _holder(run: Run) -> str:
    try:
        return (run.folder.parent / HOLDER).read_text()[:80]
    except OSError:
        return "?"
