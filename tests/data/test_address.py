"""An address is a part and an index, and nothing else is one."""

import dataclasses

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mnist_viz.data import mnist
from mnist_viz.data.address import COUNTS, Address, digit

steady = settings(derandomize=True, deadline=None, max_examples=200)
some_address = st.sampled_from(list(COUNTS)).flatmap(
    lambda part: st.builds(Address, st.just(part), st.integers(0, COUNTS[part] - 1))
)


def test_the_counts_are_those_of_the_digits() -> None:
    assert {part: len(mnist.digits(part)) for part in mnist.PARTS} == COUNTS


def test_an_address_is_read_from_a_link() -> None:
    assert Address.parse("test-2462") == Address("test", 2462)
    assert str(Address("val", 0)) == "val-0"


@steady
@given(some_address)
def test_an_address_written_and_read_is_the_same(address: Address) -> None:
    assert Address.parse(str(address)) == address


@steady
@given(st.text(max_size=12) | st.from_regex(r"(train|val|test)-\d+", fullmatch=True))
@example("test-00")
def test_a_text_is_refused_or_is_exactly_how_its_address_is_written(text: str) -> None:
    try:
        address = Address.parse(text)
    except ValueError:
        return
    assert str(address) == text
    assert address.index < COUNTS[address.part]


@pytest.mark.parametrize(
    "text",
    [
        "", "test", "test-", "-5", "5", "test-05", "test-00", "test--1", "test-+1", "test-1.0", "test-1e3",
        " test-1", "test-1 ", "test-1\n", "test - 1", "test_1", "Test-1", "TEST-1", "test-1-2", "test-0x1",
        "test-1_0", "test-٣", "test-²", "test-１", "ｔest-1", "test‐1", "test-1\0", "test-" + "9" * 5000,
    ],
)  # fmt: skip
def test_what_only_looks_like_an_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^.+ is no digit's address: .*, such as test-17\.$") as caught:
        Address.parse(text)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("part", ["own", "valid", "tests"])
def test_a_part_that_is_not_there_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match=rf"^There is no part '{part}': .* train, val, test; try test-0\.$"):
        Address.parse(f"{part}-5")


@pytest.mark.parametrize("part", COUNTS)
def test_the_digit_after_the_last_is_refused(part: str) -> None:
    last = COUNTS[part] - 1
    assert Address.parse(f"{part}-{last}").index == last
    with pytest.raises(ValueError, match=rf"^There is no digit {part}-{last + 1}: {part} goes from 0 to {last};"):
        Address.parse(f"{part}-{last + 1}")
    with pytest.raises(ValueError, match=rf"^There is no digit {part}--1:"):
        Address(part, -1)


def test_an_index_found_by_numpy_makes_the_same_address() -> None:
    found = Address("test", np.flatnonzero(mnist.digits("test").labels == 7)[0])
    assert found == Address("test", 0)
    assert type(found.index) is int
    with pytest.raises(TypeError):
        Address("test", 1.5)  # type: ignore[arg-type]


def test_an_address_stays_what_it_is_and_can_be_a_key() -> None:
    address = Address("test", 5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        address.index = 6  # type: ignore[misc]
    assert {address: 1}[Address.parse("test-5")] == 1


def test_a_digit_is_an_image_and_a_label() -> None:
    image, label = digit(Address("test", 0))
    assert label == 7
    assert type(label) is int
    assert np.array_equal(image, mnist.digits("test").images[0])
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 1
