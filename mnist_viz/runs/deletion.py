"""Deleting a run: it vanishes as a whole, with what was computed from it, and nothing outside its two folders does."""

import contextlib
import re
import secrets
import shutil
from pathlib import Path

from mnist_viz.runs.store import ID, SHIPS, Run, Store
from mnist_viz.text import _

GOING = ".deleted-"  # begins the name of a folder that is about to be removed
_LEFT = re.compile(rf"{re.escape(GOING)}{ID.pattern}-[0-9a-f]{{8}}")


class NotDeleted(ValueError):
    """This run is not deleted; the sentence says why."""


def delete(store: Store, run_id: str, *, trains: bool) -> None:
    """Remove the run and its cache. `trains` says whether it, or one that belongs to it, is training now.

    The folder is renamed first, so that every reader sees all of the run or nothing; what cannot be removed then, as
    a file that somebody has open on Windows, goes with the next deletion. Raises NotDeleted; UnknownRun where there
    is no such run, which a link in its place counts as.
    """
    run = store.run(run_id)
    if run.id in SHIPS:
        raise NotDeleted(_("The run that ships with the app stays: delete one of your own."))
    if trains:
        raise NotDeleted(
            _("The run {run} is training, or another that belongs to it: stop the training first.").format(run=run.id)
        )
    _vanish(run)
    for folder in (store.root, store.cache):
        for left in [path for path in folder.glob(f"{GOING}*") if _LEFT.fullmatch(path.name)]:
            if not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)


def _vanish(run: Run) -> None:
    """Hide both folders, the cache first: it can be computed again where the run's own then cannot be hidden."""
    try:
        for folder in (run.cache, run.folder):
            with contextlib.suppress(FileNotFoundError):  # another viewer was a moment faster
                if folder.is_dir() and not folder.is_symlink():
                    folder.rename(_hidden(folder))
    except OSError as error:
        raise NotDeleted(
            _("The run {run} could not be deleted ({why}): try again.").format(run=run.id, why=error.strerror)
        ) from error


def _hidden(folder: Path) -> Path:
    return folder.with_name(f"{GOING}{folder.name}-{secrets.token_hex(4)}")
