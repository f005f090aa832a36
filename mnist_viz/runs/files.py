"""Files that appear whole: whoever opens one meets the old content or the new, never half of it."""

import os
import secrets
import shutil
import time
from pathlib import Path

PATIENCE = 2.0  # seconds; Windows refuses to replace a file for as long as a reader has it open


def write_whole(path: Path, content: bytes | str, *, durable: bool = True) -> None:
    """Write the file beside its place under a hidden name, then move it there in one go.

    `durable` waits until the disk has it; what is written again every second does without.
    The folder is made if it is missing. Raises OSError, and then leaves nothing behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        _replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _replace(source: Path, target: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            source.replace(target)
            return
        except PermissionError:
            if os.name != "nt" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def link_or_copy(source: Path, target: Path) -> None:
    """Let a file that never changes have a second name, or be there twice where the disk knows no such thing.

    The folder is made if it is missing. Raises OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def read_capped(path: Path, limit: int) -> bytes:
    """The content of an ordinary file of at most `limit` bytes.

    Raises OSError, also for a link, a folder or a pipe in the file's place, and for a larger file.
    """
    if path.is_symlink() or not path.is_file():
        raise FileNotFoundError(f"{path.name} is missing or is no ordinary file")
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(f"{path.name} is larger than {limit:,} bytes")
    return content
