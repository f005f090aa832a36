"""Records survive whatever happens to their file, and a reader gets each whole one once."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mnist_viz.runs.records import NAME, Tail, append, read_all
from mnist_viz.runs.store import Run

VALUES = st.one_of(st.none(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), st.text())
RECORDS = st.lists(
    st.dictionaries(st.text(max_size=5), VALUES, max_size=4).map(lambda record: {**record, "kind": "step"}), max_size=6
)


@given(RECORDS)
def test_what_was_appended_is_read(make_run: Callable[[], Run], records: list[dict[str, Any]]) -> None:
    run = make_run()
    for record in records:
        append(run, record)
    assert read_all(run) == records


@given(RECORDS, st.data())
def test_a_tail_that_looks_at_any_moment_reads_each_record_once(
    make_run: Callable[[], Run], records: list[dict[str, Any]], data: st.DataObject
) -> None:
    run = make_run()
    for record in records:
        append(run, record)
    path = run.folder / NAME
    whole = path.read_bytes() if records else b""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    tail, read = Tail(run), []
    for cut in [*cuts, len(whole)]:
        path.write_bytes(whole[:cut])
        read += tail.read()
    assert read == records


@given(RECORDS.filter(bool), st.data())
def test_a_kill_at_any_byte_costs_the_last_record_at_most(
    make_run: Callable[[], Run], records: list[dict[str, Any]], data: st.DataObject
) -> None:
    run = make_run()
    for record in records:
        append(run, record)
    path = run.folder / NAME
    whole = path.read_bytes()
    cut = data.draw(st.integers(whole[:-1].rfind(b"\n") + 1, len(whole)))
    path.write_bytes(whole[:cut])
    tail = Tail(run)
    before = tail.read()
    assert before == records[: len(before)] and len(before) >= len(records) - 1
    append(run, {"kind": "failed", "reason": "?"})
    assert tail.read()[-1] == {"kind": "failed", "reason": "?"}
    assert read_all(run)[: len(records) - 1] == records[:-1]


@given(st.binary(max_size=80))
def test_no_rubbish_stops_a_reader(make_run: Callable[[], Run], rubbish: bytes) -> None:
    run = make_run()
    append(run, {"kind": "start"})
    with (run.folder / NAME).open("ab") as file:
        file.write(rubbish)
    append(run, {"kind": "finished"})
    read = read_all(run)
    assert read[0] == {"kind": "start"} and read[-1] == {"kind": "finished"}


def test_damaged_lines_are_passed_over(run: Run) -> None:
    lines = [
        b'{"kind":"a"}',
        b"{",
        b"[]",
        b"7",
        b'{"kind":7}',
        b'{"kind":"b","x":NaN}',
        b"\xff",
        b"[" * 9999,
        b"",
        b'{"kind":"c"}',
    ]
    (run.folder / NAME).write_bytes(b"\n".join(lines) + b"\n")
    tail = Tail(run)
    assert [record["kind"] for record in tail.read()] == ["a", "c"]


def test_what_is_no_number_is_written_as_null(run: Run) -> None:
    append(run, {"kind": "step", "loss": float("nan"), "rate": float("-inf"), "step": 3})
    assert read_all(run) == [{"kind": "step", "loss": None, "rate": None, "step": 3}]
    assert b"NaN" not in (run.folder / NAME).read_bytes()


def test_a_tail_follows_a_file_that_was_shortened(run: Run) -> None:
    for step in range(9):
        append(run, {"kind": "step", "step": step})
    tail = Tail(run)
    assert len(tail.read()) == 9
    path = run.folder / NAME
    path.write_bytes(path.read_bytes()[:40])
    assert tail.read() == []
    append(run, {"kind": "step", "step": 9})
    assert tail.read() == [{"kind": "step", "step": 9}]


def test_a_run_without_records_has_none(run: Run) -> None:
    assert read_all(run) == []
