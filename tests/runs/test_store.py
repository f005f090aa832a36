"""Runs are found by names that are checked first; what is damaged says so in a sentence."""

import os
import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mnist_viz.runs import derived
from mnist_viz.runs.store import ID, DamagedRun, Run, Store, UnknownRun

GOOD = "20261121-142233-fast_cnn-a3f1"


def test_a_new_run_is_there_as_a_whole_and_found_again(store: Store) -> None:
    run = store.create({"architecture": "fast_cnn", "seed": 3})
    assert ID.fullmatch(run.id)
    assert store.run(run.id) == run
    assert run.config == {"id": run.id, "architecture": "fast_cnn", "seed": 3}
    assert run.steps == [] and run.log == ""
    assert [path.name for path in store.root.iterdir()] == [run.id]


def test_runs_made_at_once_are_all_different(store: Store) -> None:
    made: list[Run] = []
    threads = [
        threading.Thread(target=lambda: made.extend(store.create({"architecture": "mlp"}) for _ in range(20)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({run.id for run in made}) == len(store.runs()) == 80


def test_an_architecture_that_is_no_name_makes_no_folder(store: Store) -> None:
    for name in ("../mlp", "MLP", "", "a/b"):
        with pytest.raises(ValueError, match="is no name"):
            store.create({"architecture": name})
    assert list(store.root.iterdir()) == []


@given(st.one_of(st.text(), st.from_regex(ID).map(lambda name: name + "\n"), st.from_regex(ID, fullmatch=True)))
@example("..")
@example(f"../{GOOD}")
@example(f"{GOOD}/../{GOOD}")
@example(GOOD + "\n")
@example(GOOD.replace("2", "٢"))
@example(GOOD.upper())
@example("pretrained")
@example("")
@example("\0")
def test_names_that_no_run_has_are_refused_in_one_sentence(name: str) -> None:
    here = Path(__file__).parent
    with pytest.raises(UnknownRun) as refusal:
        Store(here, here / "missing", here / "missing").run(name)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_a_link_out_of_the_store_is_no_run(store: Store, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "config.json").write_text("{}")
    store.root.mkdir()
    (store.root / GOOD).symlink_to(outside)
    assert store.runs() == []
    with pytest.raises(UnknownRun):
        store.run(GOOD)


def test_newest_first_and_the_one_that_ships_last(store: Store) -> None:
    for name in (GOOD, GOOD.replace("2026", "2027"), GOOD.replace("2026", "2025"), ".hidden", "notes"):
        (store.root / name).mkdir(parents=True)
    (store.root / GOOD.replace("1121", "1122")).touch()  # a file is no run
    store.pretrained.mkdir()
    assert [run.id[:4] for run in store.runs()] == ["2027", "2026", "2025"]
    (store.pretrained / "config.json").write_text("{}")
    assert [run.id for run in store.runs()][-1] == "pretrained"


@pytest.mark.parametrize("content", [None, b"", b"{", b"[1]", b"\xff", b"[" * 60_000, b" " * 70_000])
def test_damaged_settings_are_refused_in_one_sentence(run: Run, content: bytes | None) -> None:
    path = run.folder / "config.json"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(DamagedRun, match=r"config.json of run .* choose another run") as refusal:
        _ = run.config
    assert len(str(refusal.value).splitlines()) == 1


def test_steps_are_those_of_whole_checkpoints(run: Run) -> None:
    for name in ("00000215.safetensors", "00000004.safetensors", ".00000008.safetensors.1a", "8.safetensors"):
        (run.folder / "checkpoints" / name).touch()
    assert run.steps == [4, 215]


def test_the_log_is_its_last_two_hundred_lines(run: Run) -> None:
    (run.folder / "log.txt").write_text("x" * 100_000 + "\n" + "\n".join(map(str, range(300))))
    assert run.log.splitlines() == [str(number) for number in range(100, 300)]


def test_a_copied_run_ships_under_its_new_name_and_keeps_its_cache(store: Store, run: Run) -> None:
    shutil.copytree(run.folder, store.pretrained)
    shipped = store.run("pretrained")
    assert shipped.config["id"] == run.id and shipped.cache == run.cache
    (store.pretrained / "config.json").write_text('{"id": "../../etc"}')
    assert store.run("pretrained").cache == store.cache / "pretrained"


def test_a_copied_run_brings_its_own_arrays(store: Store, run: Run) -> None:
    import numpy as np

    derived.put(run, 7, "logits_val", 1, np.arange(3))
    shutil.copytree(run.folder, store.pretrained)
    shutil.move(run.cache, store.pretrained / "derived")
    found = derived.get(store.run("pretrained"), 7, "logits_val", 1)
    assert found is not None and found.tolist() == [0, 1, 2]


def test_the_environment_says_where_the_projects_runs_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_VIZ_RUNS", str(tmp_path / "a"))
    monkeypatch.setenv("MNIST_VIZ_CACHE", str(tmp_path / "b"))
    assert (Store.default().root, Store.default().cache) == (tmp_path / "a", tmp_path / "b")
    monkeypatch.delenv("MNIST_VIZ_RUNS")
    assert Store.default().root == Path(__file__).parents[2] / "runs"
