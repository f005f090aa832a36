"""The IDX parser takes whole files and nothing else."""

import struct
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mnist_viz.data.idx import DamagedData, parse

steady = settings(derandomize=True, deadline=None, max_examples=150)
some_values = arrays.arrays(np.uint8, arrays.array_shapes(min_dims=1, max_dims=4, max_side=6))


def written(values: np.ndarray, kind: int = 0x08) -> bytes:
    header = bytes([0, 0, kind, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    return header + values.tobytes()


THREE_BY_TWO = written(np.arange(6, dtype=np.uint8).reshape(3, 2))


def test_a_file_written_by_hand_is_read() -> None:
    content = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255])
    assert parse(content, name="by hand").tolist() == [[1, 2, 3], [4, 5, 255]]


@steady
@given(some_values)
def test_what_is_written_is_read_again(values: np.ndarray) -> None:
    read = parse(written(values), name="a file")
    assert read.dtype == np.uint8
    assert np.array_equal(read, values)


@steady
@given(some_values, st.data())
def test_a_cut_file_is_refused_wherever_it_is_cut(values: np.ndarray, data: st.DataObject) -> None:
    content = written(values)
    length = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(DamagedData, match=r"^a file .*restore it from the repository\.$"):
        parse(content[:length], name="a file")


@steady
@given(some_values, st.binary(min_size=1, max_size=20))
def test_bytes_after_the_end_are_refused(values: np.ndarray, more: bytes) -> None:
    with pytest.raises(DamagedData, match=rf"^a file has bytes after its {values.size} values; restore"):
        parse(written(values) + more, name="a file")


@steady
@given(st.binary(max_size=64))
def test_any_bytes_are_read_whole_or_refused(content: bytes) -> None:
    try:
        values = parse(content, name="anything")
    except DamagedData:
        return
    assert written(values) == content


@steady
@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=4), st.binary(max_size=40))
def test_a_header_can_promise_what_it_likes(shape: list[int], rest: bytes) -> None:
    content = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + rest
    if prod(shape) == len(rest) > 0:
        assert parse(content, name="a file").shape == tuple(shape)
    else:
        with pytest.raises(DamagedData):
            parse(content, name="a file")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "x is no IDX file: .*"),
        (b"\x1f\x8b" + THREE_BY_TWO[2:], "x is no IDX file: .*"),
        (b"\0\1" + THREE_BY_TWO[2:], "x is no IDX file: .*"),
        (b"\0\0\x0d" + THREE_BY_TWO[3:], r"x holds values of type 0x0d, not bytes \(0x08\); .*"),
        (b"\0\0\x08\0", "x has 0 axes, not 1 to 4; .*"),
        (b"\0\0\x08\5" + bytes(99), "x has 5 axes, not 1 to 4; .*"),
        (THREE_BY_TWO[:9], "x is cut within its header; .*"),
        (b"\0\0\x08\2" + struct.pack(">2I", 0, 28), "x promises 0 x 28 values, not 1 to 1,073,741,824; .*"),
        (b"\0\0\x08\1" + struct.pack(">I", 2**32 - 1), "x promises 4294967295 values, not 1 to .*"),
        (b"\0\0\x08\2" + struct.pack(">2I", 2**31, 2**31), "x promises 2147483648 x 2147483648 values, .*"),
        (THREE_BY_TWO[:-1], "x is cut: 5 of 6 values are there; .*"),
        (THREE_BY_TWO + b"\0", "x has bytes after its 6 values; .*"),
    ],
)
def test_each_damage_has_its_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(DamagedData, match=rf"^{sentence[:-2]}[^.]*restore it from the repository\.$"):
        parse(content, name="x")


def test_nobody_can_write_into_what_was_read() -> None:
    values = parse(THREE_BY_TWO, name="a file")
    with pytest.raises(ValueError, match="read-only"):
        values[0, 0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        values.flags.writeable = True


def test_a_buffer_that_changes_later_changes_nothing() -> None:
    content = bytearray(THREE_BY_TWO)
    values = parse(content, name="a file")  # type: ignore[arg-type]
    content[-1] = 99
    assert values[2, 1] == 5
