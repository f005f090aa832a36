"""Where runs live: each is a folder with a name that is checked before any path is made from it."""

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mnist_viz.runs.files import read_capped, write_whole
from mnist_viz.text import _

REPOSITORY = Path(__file__).resolve().parents[2]
SHIPPED = REPOSITORY / "models" / "pretrained"
PRETRAINED, PRINTED = "pretrained", "printed"
SHIPS = (PRETRAINED, PRINTED)
ID = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z0-9_]+-[0-9a-f]{4}")
CHECKPOINT = re.compile(r"([0-9]{8})\.safetensors")
CONFIG_LIMIT = 64 * 1024  # bytes; a config.json has about 700
LOG_LIMIT = 64 * 1024  # bytes read from the end of log.txt
LOG_LINES = 200
MOST_CLASSES = 1000


class UnknownRun(ValueError):
    """No run has this name; the sentence says so."""


class DamagedRun(ValueError):
    """A file of a run is missing or is not what it should be; the sentence names it."""


@dataclass(frozen=True)
class Run:
    """A run's folder, and the folder of what was computed from it (which may be deleted at any time)."""

    id: str
    folder: Path
    cache: Path

    @property
    def place(self) -> dict[str, object]:
        """Where it lies, in words for another process, which makes it again by `at`."""
        return {"run": self.id, "folder": str(self.folder.absolute()), "cache": str(self.cache.absolute())}

    @classmethod
    def at(cls, place: Mapping[str, Any]) -> "Run":
        """The run that lies where `place` said."""
        return cls(place["run"], Path(place["folder"]), Path(place["cache"]))

    @property
    def config(self) -> dict[str, Any]:
        """What config.json says. Raises DamagedRun."""
        try:
            config = json.loads(read_capped(self.folder / "config.json", CONFIG_LIMIT))
        except (OSError, ValueError, RecursionError) as error:
            raise DamagedRun(
                _("config.json of run {run} cannot be read ({why}): choose another run.").format(run=self.id, why=error)
            ) from error
        if not isinstance(config, dict) or not isinstance(config.get("architecture"), str):
            raise DamagedRun(_("config.json of run {run} holds no settings: choose another run.").format(run=self.id))
        return config

    @property
    def classes(self) -> int:
        """How many classes its network tells apart. Raises DamagedRun."""
        classes = self.config.get("classes", 10)
        if not isinstance(classes, int) or not 2 <= classes <= MOST_CLASSES:
            raise DamagedRun(
                _("config.json of run {run} names no sensible number of classes: choose another run.").format(
                    run=self.id
                )
            )
        return classes

    @property
    def data(self) -> str:
        """The word for what its network learned from. Raises DamagedRun."""
        data = self.config.get("data") or "mnist"
        if not isinstance(data, str):
            raise DamagedRun(_("config.json of run {run} names no data: choose another run.").format(run=self.id))
        return data

    @property
    def steps(self) -> list[int]:
        """The steps of which a checkpoint is there, ascending."""
        try:
            names = [path.name for path in (self.folder / "checkpoints").iterdir()]
        except OSError:
            return []
        return sorted(int(match[1]) for name in names if (match := CHECKPOINT.fullmatch(name)))

    @property
    def log(self) -> str:
        """The last lines of what the trainer printed, or nothing."""
        path = self.folder / "log.txt"
        try:
            with path.open("rb") as file:
                file.seek(max(0, path.stat().st_size - LOG_LIMIT))
                text = file.read(LOG_LIMIT).decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-LOG_LINES:])

    def checkpoint(self, step: int) -> Path:
        """Where the weights of this step are kept."""
        return self.folder / "checkpoints" / f"{step:08d}.safetensors"


def default_cache() -> Path:
    """The folder of all that can be computed again: MNIST_VIZ_CACHE, else `cache` in the repository."""
    return Path(os.environ.get("MNIST_VIZ_CACHE") or REPOSITORY / "cache")


@dataclass(frozen=True)
class Store:
    """All runs: those below `root`, and those that ship with the project.

    `printed`, which tells 62 printed characters apart, can be asked for by its name, as what others start from; it is
    not among the runs that pages look at with digits.
    """

    root: Path
    pretrained: Path = SHIPPED
    cache: Path = field(default_factory=default_cache)

    @classmethod
    def default(cls) -> "Store":
        """The project's own runs: MNIST_VIZ_RUNS, else `runs` in the repository."""
        return cls(Path(os.environ.get("MNIST_VIZ_RUNS") or REPOSITORY / "runs"))

    def runs(self) -> list[Run]:
        """Every run, newest first, the one that ships last."""
        try:
            names = [path.name for path in self.root.iterdir() if ID.fullmatch(path.name)]
        except OSError:
            names = []
        found = [self._find(name) for name in [*sorted(names, reverse=True), PRETRAINED]]
        return [run for run in found if run is not None]

    def run(self, name: str) -> Run:
        """The run whose id this is. Raises UnknownRun for a name that none has or could have."""
        run = self._find(name)
        if run is None:
            raise UnknownRun(_("There is no run {name}: choose one from the list.").format(name=repr(name[:80])))
        return run

    def create(self, config: Mapping[str, Any], fill: Callable[[Path], None] = lambda _folder: None) -> Run:
        """A new run's folder with its config.json and what `fill` puts into it, there at once as a whole.

        Its name, which is the time (UTC), the architecture and four random letters, is added to the
        settings as `id`, so that the run keeps its name in the cache when its folder is copied.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        while True:
            name = _new_name(str(config["architecture"]))
            beside, folder = self.root / f".{name}", self.root / name
            try:
                beside.mkdir()
            except FileExistsError:
                continue
            if not folder.exists():
                break
            beside.rmdir()
        for part in ("control", "checkpoints"):
            (beside / part).mkdir()
        try:
            fill(beside)
            write_whole(beside / "config.json", json.dumps({"id": name, **config}, indent=2) + "\n")
            beside.rename(folder)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        return Run(name, folder, self.cache / name)

    def _find(self, name: str) -> Run | None:
        if name in SHIPS:
            shipped = self.pretrained.with_name(PRINTED) if name == PRINTED else self.pretrained
            if not (shipped / "config.json").is_file():
                return None
            return Run(name, shipped, self.cache / _birth_name(shipped))
        folder = self.root / name if ID.fullmatch(name) else None
        if folder is None or folder.is_symlink() or not folder.is_dir():
            return None
        return Run(name, folder, self.cache / name)


def _new_name(architecture: str) -> str:
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{architecture}-{secrets.token_hex(2)}"
    if not ID.fullmatch(name):
        raise ValueError(f"architecture={architecture!r} is no name: use a-z, 0-9 and _.")
    return name


def _birth_name(folder: Path) -> str:
    """The name under which a copied run was trained, so that another copy never meets its cache."""
    try:
        name = json.loads(read_capped(folder / "config.json", CONFIG_LIMIT))["id"]
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return PRETRAINED
    return name if isinstance(name, str) and ID.fullmatch(name) else PRETRAINED
