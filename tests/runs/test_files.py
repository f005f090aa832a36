"""Files appear whole, and only ordinary files of a decent size are read."""

import os
import threading
from pathlib import Path

import pytest

from mnist_viz.runs.files import link_or_copy, read_capped, write_whole


def test_a_file_and_its_folder_appear_with_the_content(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "a.txt", "seven")
    assert (tmp_path / "new" / "a.txt").read_text() == "seven"
    write_whole(tmp_path / "new" / "a.txt", b"nine", durable=False)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.txt"]
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"nine"


def test_a_write_that_fails_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "inside").touch()
    with pytest.raises(OSError):
        write_whole(tmp_path / "taken", "seven")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_no_reader_meets_half_a_file(tmp_path: Path) -> None:
    path, contents = tmp_path / "a", (b"0" * 100_000, b"1" * 50_000)
    write_whole(path, contents[0])
    over = threading.Event()

    def rewrite() -> None:
        for count in range(300):
            write_whole(path, contents[count % 2], durable=False)
        over.set()

    writer = threading.Thread(target=rewrite)
    writer.start()
    met = set()
    while not over.is_set():
        met.add(path.read_bytes())
    writer.join()
    assert met <= set(contents)


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_capped(tmp_path / "a", 5) == b"12345"
    with pytest.raises(OSError, match="larger than 4"):
        read_capped(tmp_path / "a", 4)


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes")
def test_links_pipes_and_folders_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", ".", "missing"):
        with pytest.raises(OSError, match="no ordinary file"):
            read_capped(tmp_path / name, 10)


def test_a_second_name_outlives_the_first_and_is_a_copy_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tmp_path / "first"
    write_whole(first, b"seven")
    link_or_copy(first, tmp_path / "new" / "second")

    def no_links(*_: object) -> None:
        raise OSError("this disk knows no links")

    monkeypatch.setattr(os, "link", no_links)
    link_or_copy(first, tmp_path / "new" / "third")
    first.unlink()
    assert [path.read_bytes() for path in sorted((tmp_path / "new").iterdir())] == [b"seven"] * 2
