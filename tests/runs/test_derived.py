"""Arrays that can be computed again: found, or missing, never in the way."""

import io
import os
from collections.abc import Callable

import numpy as np
import pytest

from mnist_viz.runs import derived
from mnist_viz.runs.store import Run


def place(run: Run) -> str:
    return str(run.cache / "00000007" / "logits_test-2.npy")


def test_what_was_put_is_found_read_only(run: Run) -> None:
    array = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    assert derived.get(run, 7, "logits_test", 2) is None
    derived.put(run, 7, "logits_test", 2, array)
    found = derived.get(run, 7, "logits_test", 2)
    assert found is not None and found.dtype == np.float32
    assert np.array_equal(found, array)
    with pytest.raises(ValueError):
        found[0, 0] = 1
    assert derived.get(run, 7, "logits_test", 1) is None
    assert derived.get(run, 8, "logits_test", 2) is None


def damaged() -> list[bytes]:
    whole, objects = io.BytesIO(), io.BytesIO()
    np.save(whole, np.arange(100))
    np.save(objects, np.array([{}], dtype=object), allow_pickle=True)
    huge = whole.getvalue().replace(b"(100,)", b"(9999999999999999,)")
    return [b"", b"x" * 200, whole.getvalue()[:-1], whole.getvalue()[:40], objects.getvalue(), huge]


@pytest.mark.parametrize("content", damaged())
def test_a_damaged_file_counts_as_missing_and_is_replaced(run: Run, content: bytes) -> None:
    derived.put(run, 7, "logits_test", 2, np.zeros(3))
    (run.cache / "00000007" / "logits_test-2.npy").write_bytes(content)
    assert derived.get(run, 7, "logits_test", 2) is None
    derived.put(run, 7, "logits_test", 2, np.ones(3))
    found = derived.get(run, 7, "logits_test", 2)
    assert found is not None and found.tolist() == [1, 1, 1]


def test_what_a_run_brings_is_looked_at_first(run: Run) -> None:
    derived.put(run, 7, "map", 1, np.zeros(1))
    run.cache.rename(run.folder / "derived")
    derived.put(run, 7, "map", 1, np.ones(1))
    found = derived.get(run, 7, "map", 1)
    assert found is not None and found.tolist() == [0]


def test_names_that_climb_are_refused(run: Run) -> None:
    for kind in ("../logits", "a/b", "", "A", "a.b"):
        with pytest.raises(ValueError, match="is no name"):
            derived.get(run, 7, kind, 1)


def test_a_cache_that_cannot_be_written_only_costs_time(run: Run) -> None:
    run.cache.parent.mkdir(exist_ok=True)
    run.cache.write_text("a file where the folder should be")
    derived.put(run, 7, "map", 1, np.zeros(1))
    assert derived.get(run, 7, "map", 1) is None


def test_of_a_kind_the_newest_stay_whichever_run_they_are_of(make_run: Callable[[], Run]) -> None:
    runs = [make_run() for _ in range(3)]
    for age, run in enumerate(runs):
        for kind in ("features_test", "pca"):
            derived.put(run, 7, kind, 1, np.zeros(1))
            os.utime(run.cache / "00000007" / f"{kind}-1.npy", (1000 - age, 1000 - age))
    with (runs[2].cache / "00000007" / "features_test-1.npy").open("rb") as file:
        derived.keep_newest(runs[1], "features_test", 2)
        assert np.lib.format.read_array(file).tolist() == [0], "who reads it reads on"
    assert [derived.get(run, 7, "features_test", 1) is not None for run in runs] == [True, True, False]
    assert all(derived.get(run, 7, "pca", 1) is not None for run in runs)
