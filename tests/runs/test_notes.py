"""Names and tags of runs: what is written is read again, and nothing that could hurt a page is either."""

import json
import threading
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mnist_viz.runs import notes
from mnist_viz.runs.notes import LIMIT, Notes, RefusedNotes
from mnist_viz.runs.store import Run, Store


def test_what_is_noted_is_read_again_and_the_last_one_wins(run: Run) -> None:
    assert notes.read(run) == Notes() and notes.stamp(run) is None
    notes.write(run, Notes("  wide kernels ", ("lecture 3", " Übung", "")))
    before = notes.stamp(run)
    assert notes.read(run) == Notes("wide kernels", ("lecture 3", "Übung"))
    notes.write(run, Notes("", ("b",)))
    assert notes.read(run) == Notes("", ("b",)) and notes.stamp(run) != before
    assert [path.name for path in run.folder.iterdir() if path.name.startswith(".")] == []


def test_the_same_tag_is_kept_once_in_its_first_place() -> None:
    assert Notes("", ("a", "b", "A", "c", "b")).tags == ("a", "b", "c")
    assert notes.tags_of(" lecture 3,, dropout ,") == ("lecture 3", "dropout")


def test_whoever_reads_meets_one_or_the_other(run: Run) -> None:
    both = {Notes("first", ("x",) * 1), Notes("second" * 9, tuple(f"tag {n}" for n in range(8)))}
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            for one in both:
                notes.write(run, one)

    notes.write(run, next(iter(both)))
    writer = threading.Thread(target=write)
    writer.start()
    found = {notes.read(run) for _look in range(300)}
    done.set()
    writer.join()
    assert found <= both


@pytest.mark.parametrize(
    ("name", "tags", "sentence"),
    [
        ("n" * 61, (), "has 61 letters, and at most 60 fit: shorten it."),
        ("", ("t" * 25,), "has 25 letters, and at most 24 fit: shorten it."),
        ("", tuple(map(str, range(9))), "9 tags are more than the 8 a run can have: leave some out."),
        ("", ("a,b",), "has a comma in it, which stands between tags: leave it out."),
        ("two\nlines", (), "The name two?lines has a character that cannot be seen"),
        ("turned \u202eround", (), "The name turned ?round has a character that cannot be seen"),
        ("half \ud800", (), "The name half ? has a character that cannot be seen"),
        ("", ("zero\0",), "The tag zero? has a character that cannot be seen"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(name: str, tags: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(RefusedNotes) as refusal:
        Notes(name, tags)
    assert sentence in str(refusal.value) and str(refusal.value).endswith(".")
    str(refusal.value).encode()


def test_as_much_as_is_allowed_fits_into_the_file(run: Run) -> None:
    longest = Notes("\N{DNA DOUBLE HELIX}" * 60, tuple(chr(0x1F600 + n) * 24 for n in range(8)))
    notes.write(run, longest)
    assert notes.read(run) == longest


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"7", b'{"name": 7}', b'{"tags": "abc"}', b'{"tags": [7]}', b'{"name": "\\ud800"}', b"\xff",
        b'{"name": "' + b"n" * 61 + b'"}', b" " * LIMIT + b"{}", b"[" * 9000, b'{"name": "a\\u0000b"}',
        json.dumps({"tags": list("abcdefghi")}).encode(),
    ],
)  # fmt: skip
def test_a_damaged_or_oversized_file_counts_as_no_notes(run: Run, content: bytes) -> None:
    (run.folder / notes.NAME).write_bytes(content)
    assert notes.read(run) == Notes()


@settings(max_examples=40)
@given(st.text(max_size=80), st.lists(st.text(max_size=30), max_size=10))
@example("<script>", ["&amp;", "![x](y)"])
def test_whatever_is_typed_is_kept_as_it_is_or_refused(make_run: Callable[[], Run], name: str, tags: list[str]) -> None:
    run = make_run()
    try:
        said = Notes(name, tuple(tags))
    except RefusedNotes:
        return
    notes.write(run, said)
    assert notes.read(run) == said and said.name == name.strip()


def test_a_run_that_ships_keeps_its_name_and_one_that_is_gone_does_not_come_back(store: Store, run: Run) -> None:
    shipped = Run("pretrained", store.pretrained, store.cache)
    with pytest.raises(RefusedNotes, match="ships with the app keeps its name"):
        notes.write(shipped, Notes("mine"))
    (run.folder / "config.json").unlink()
    with pytest.raises(RefusedNotes, match="not there any more"):
        notes.write(run, Notes("late"))
    assert not (run.folder / notes.NAME).exists()
