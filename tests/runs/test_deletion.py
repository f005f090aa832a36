"""A deleted run is gone with its cache, and nothing else is: not through a link, not one that trains or ships."""

import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from mnist_viz.runs import deletion, derived, records
from mnist_viz.runs.deletion import GOING, NotDeleted
from mnist_viz.runs.store import PRETRAINED, PRINTED, Run, Store, UnknownRun

GOOD = "20261121-142233-fast_cnn-a3f1"


def filled(store: Store) -> Run:
    run = store.create({"architecture": "mlp"})
    records.append(run, {"kind": "start"})
    derived.put(run, 3, "logits_test", 1, np.zeros(4))
    return run


def test_it_goes_with_its_cache_and_no_other_does(store: Store) -> None:
    run, other = filled(store), filled(store)
    deletion.delete(store, run.id, trains=False)
    assert [one.id for one in store.runs()] == [other.id]
    assert sorted(path.name for path in store.root.iterdir()) == [other.id]
    assert sorted(path.name for path in store.cache.iterdir()) == [other.id]
    assert derived.get(other, 3, "logits_test", 1) is not None
    with pytest.raises(UnknownRun):
        deletion.delete(store, run.id, trains=False)


def test_a_run_without_a_cache_goes_too(store: Store, run: Run) -> None:
    deletion.delete(store, run.id, trains=False)
    assert not run.folder.exists()


def test_one_that_trains_stays(store: Store) -> None:
    run = filled(store)
    with pytest.raises(NotDeleted, match="stop the training first"):
        deletion.delete(store, run.id, trains=True)
    assert store.run(run.id) == run and run.cache.is_dir()


@pytest.mark.parametrize("name", [PRETRAINED, PRINTED])
def test_those_that_ship_stay(store: Store, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "config.json").write_text('{"architecture": "mlp"}')
    with pytest.raises(NotDeleted, match="ships with the app stays"):
        deletion.delete(store, name, trains=False)
    assert (tmp_path / name / "config.json").exists()


@pytest.mark.parametrize("name", ["..", "", f"../{GOOD}", f"{GOOD}/..", ".deleted", "\0", "/", GOOD + "\n"])
def test_what_is_no_name_deletes_nothing(store: Store, run: Run, name: str) -> None:
    with pytest.raises(UnknownRun):
        deletion.delete(store, name, trains=False)
    assert run.folder.exists()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_no_link_is_followed(store: Store, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "config.json").write_text('{"architecture": "mlp"}')
    store.root.mkdir(parents=True)
    (store.root / GOOD).symlink_to(precious)
    with pytest.raises(UnknownRun):
        deletion.delete(store, GOOD, trains=False)
    run = filled(store)
    (run.folder / "checkpoints" / "elsewhere").symlink_to(precious)
    shutil.rmtree(run.cache)
    run.cache.symlink_to(precious)
    (store.root / f"{GOING}{GOOD}-00000000").symlink_to(precious)
    deletion.delete(store, run.id, trains=False)
    assert not run.folder.exists() and (precious / "config.json").exists()


def test_what_an_earlier_deletion_left_goes_along_and_what_is_no_such_stays(store: Store) -> None:
    run = filled(store)
    left, foreign = store.root / f"{GOING}{GOOD}-0123abcd", store.root / f"{GOING}of-somebody"
    for folder in (left, foreign):
        (folder / "checkpoints").mkdir(parents=True)
    deletion.delete(store, run.id, trains=False)
    assert not left.exists() and foreign.exists()


def test_it_is_nobodys_run_before_the_first_of_its_files_goes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run, seen, remove = filled(store), list[object](), shutil.rmtree

    def look_first(folder: Path, *, ignore_errors: bool) -> None:
        seen.append((store.runs(), (folder / "config.json").exists() or (folder / "00000003").exists()))
        remove(folder, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", look_first)
    deletion.delete(store, run.id, trains=False)
    assert seen == [([], True)] * 2


def test_two_who_delete_at_once_both_find_it_gone(store: Store) -> None:
    run, said = filled(store), list[str]()

    def remove() -> None:
        try:
            deletion.delete(store, run.id, trains=False)
        except UnknownRun as gone:
            said.append(str(gone))

    both = [threading.Thread(target=remove) for _one in range(4)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert not run.folder.exists() and len(said) <= 3


def test_a_folder_that_cannot_be_moved_is_refused_in_a_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = filled(store)

    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(NotDeleted, match=r"could not be deleted \(Permission denied\): try again\."):
        deletion.delete(store, run.id, trains=False)
    assert run.folder.exists()


def test_where_its_cache_cannot_be_hidden_the_run_is_still_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run, rename = filled(store), Path.rename

    def keep_the_cache(self: Path, target: Path) -> Path:
        if self == run.cache:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", keep_the_cache)
    with pytest.raises(NotDeleted, match="could not be deleted"):
        deletion.delete(store, run.id, trains=False)
    assert store.run(run.id) == run
