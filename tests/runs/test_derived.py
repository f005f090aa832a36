"""Arrays that can be computed again: found, or missing, never in the way."""

import io

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
