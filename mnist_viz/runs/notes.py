"""What viewers call a run: its name and its tags, in a notes.json that is replaced whole, so that the last one wins."""

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from mnist_viz.runs.files import read_capped, write_whole
from mnist_viz.runs.store import SHIPS, Run
from mnist_viz.text import _

NAME = "notes.json"
LIMIT = 16 * 1024  # bytes; the longest that can be written has about 3,000
LONGEST_NAME, LONGEST_TAG, MOST_TAGS = 60, 24, 8
BETWEEN = ","  # tags
JOINER = "\N{ZERO WIDTH JOINER}"  # makes one sign of several: the one invisible character that people type


class RefusedNotes(ValueError):
    """These words cannot be noted of a run; the sentence says why."""


@dataclass(frozen=True)
class Notes:
    """The name of a run, "" for none, and its tags, no two alike. Raises RefusedNotes.

    White space around them is not kept.
    """

    name: str = ""
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _checked(_("The name"), self.name, LONGEST_NAME))
        distinct: dict[str, str] = {}
        for said in self.tags:
            tag = _checked(_("The tag"), said, LONGEST_TAG)
            distinct.setdefault(tag.casefold(), tag)
        object.__setattr__(self, "tags", tuple(tag for tag in distinct.values() if tag))
        if len(self.tags) > MOST_TAGS:
            raise RefusedNotes(
                _("{count} tags are more than the {most} a run can have: leave some out.").format(
                    count=len(self.tags), most=MOST_TAGS
                )
            )
        parted = next((tag for tag in self.tags if BETWEEN in tag), None)
        if parted:
            raise RefusedNotes(
                _("The tag {tag} has a comma in it, which stands between tags: leave it out.").format(tag=parted)
            )


def tags_of(said: str) -> tuple[str, ...]:
    """The tags that a line of text names, parted by commas."""
    return tuple(tag for tag in map(str.strip, said.split(BETWEEN)) if tag)


def read(run: Run) -> Notes:
    """What is noted of the run; nothing where nothing is, or where the file is damaged."""
    try:
        said = json.loads(read_capped(run.folder / NAME, LIMIT))
        name, tags = said.get("name", ""), said.get("tags", [])
        return Notes(name, tuple(tags)) if isinstance(tags, list) else Notes()
    except (OSError, ValueError, RecursionError, AttributeError):
        return Notes()


def stamp(run: Run) -> tuple[int, int] | None:
    """What changes whenever the notes are replaced; None where there are none."""
    try:
        found = (run.folder / NAME).stat(follow_symlinks=False)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def write(run: Run, notes: Notes) -> None:
    """Note this of the run, in place of what was noted before. Raises RefusedNotes, or OSError as `write_whole`."""
    if run.id in SHIPS:
        raise RefusedNotes(_("The run that ships with the app keeps its name: name one of your own."))
    if not (run.folder / "config.json").is_file():
        raise RefusedNotes(_("The run {run} is not there any more: choose another.").format(run=run.id))
    write_whole(run.folder / NAME, json.dumps({"name": notes.name, "tags": notes.tags}, ensure_ascii=False) + "\n")


def _checked(what: str, said: object, longest: int) -> str:
    if not isinstance(said, str):
        raise RefusedNotes(_("{what} is no text: write letters.").format(what=what))
    kept = said.strip()
    if len(kept) > longest:
        raise RefusedNotes(
            _("{what} {said} … has {count:,} letters, and at most {most} fit: shorten it.").format(
                what=what, said=_visible(kept[:20]), count=len(kept), most=longest
            )
        )
    if not _all_seen(kept):
        raise RefusedNotes(
            _("{what} {said} has a character that cannot be seen: write it by hand instead of pasting it.").format(
                what=what, said=_visible(kept)
            )
        )
    return kept


def _visible(said: str) -> str:
    return "".join(letter if _all_seen(letter) else "?" for letter in said)


def _all_seen(letters: Iterable[str]) -> bool:
    """Whether nothing among them controls, turns or breaks a line, or is half a character."""
    kinds = (unicodedata.category(letter) for letter in letters if letter != JOINER)
    return not any(kind.startswith("C") or kind in ("Zl", "Zp") for kind in kinds)
