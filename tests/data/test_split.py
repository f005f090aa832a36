"""The split is a constant: the same digits for every run, every label in its share."""

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnist_viz.data import mnist
from mnist_viz.data.split import cut, of_each, subset

steady = settings(derandomize=True, deadline=None, max_examples=100)
some_labels = st.lists(st.integers(0, 9), min_size=2, max_size=200).map(lambda some: np.array(some, np.uint8))


def mnist_labels() -> NDArray[np.uint8]:
    """60,000 labels in their published numbers, in an order of our own."""
    published = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    return np.random.RandomState(1).permutation(np.repeat(np.arange(10, dtype=np.uint8), published))


def test_every_digit_is_in_exactly_one_part() -> None:
    train, held_back = cut(mnist_labels())
    assert (len(train), len(held_back)) == (55_000, 5_000)
    assert np.array_equal(np.sort(np.concatenate([train, held_back])), np.arange(60_000))


def test_both_parts_keep_the_order_of_the_file() -> None:
    for part in cut(mnist_labels()):
        assert (np.diff(part) > 0).all()


def test_every_label_is_held_back_in_its_share() -> None:
    labels = mnist_labels()
    _, held_back = cut(labels)
    # 5,000 / 60,000 of each, rounded down, and one more for the six largest remainders.
    assert np.bincount(labels[held_back]).tolist() == [494, 562, 496, 511, 487, 452, 493, 522, 487, 496]


def test_the_held_back_digits_are_the_same_for_ever() -> None:
    _, held_back = cut(np.arange(60_000) % 10)
    assert held_back[:8].tolist() == [24, 31, 42, 52, 59, 68, 88, 90]
    digest = sha256(held_back.astype("<i8").tobytes()).hexdigest()
    assert digest == "37e66fb3715d1d7007219b9e45f74633ac6640d695051a99014baf675764748b"


def test_the_bundled_validation_digits_are_the_same_for_ever() -> None:
    digest = sha256(mnist.digits("val").images.tobytes()).hexdigest()
    assert digest == "3a2e3f9793296d36d0bec54a5fbba955b9e3f9245e0377f864c14870d6b9fcfc"


def test_shares_are_as_worked_out_by_hand() -> None:
    # 7 of 5 + 3 + 2 are 3.5, 2.1 and 1.4: rounded down 6, the missing one to the largest remainder.
    labels = np.array([0, 1, 2, 0, 1, 0, 2, 0, 1, 0])
    assert np.bincount(labels[subset(labels, 7, seed=3)]).tolist() == [4, 2, 1]


@steady
@given(some_labels, st.data())
def test_a_subset_has_every_label_within_one_of_its_share(labels: NDArray[np.uint8], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, len(labels)))
    chosen = subset(labels, count, seed=data.draw(st.integers(0, 2**31 - 1)))
    assert len(chosen) == count
    assert (np.diff(chosen) > 0).all()
    shares = np.bincount(labels, minlength=10) * count / len(labels)
    assert (np.abs(np.bincount(labels[chosen], minlength=10) - shares) < 1).all()


@steady
@given(some_labels, st.data())
def test_a_cut_loses_nothing_and_doubles_nothing(labels: NDArray[np.uint8], data: st.DataObject) -> None:
    validation = data.draw(st.integers(1, len(labels) - 1))
    train, held_back = cut(labels, validation=validation)
    assert len(held_back) == validation
    assert sorted([*train, *held_back]) == list(range(len(labels)))


def test_the_same_seed_chooses_the_same_digits_and_another_seed_others() -> None:
    labels = mnist_labels()
    first, again, other = subset(labels, 1000, 7), subset(labels, 1000, 7), subset(labels, 1000, 8)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_asking_for_all_gives_all() -> None:
    labels = mnist_labels()
    assert np.array_equal(subset(labels, 60_000, seed=0), np.arange(60_000))


@pytest.mark.parametrize("count", [0, -1, 11])
def test_an_impossible_count_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=rf"^count={count} is outside 1\.\.10, .*: choose fewer\.$"):
        subset(np.arange(10), count, seed=0)


@pytest.mark.parametrize("validation", [0, -1, 10, 5000])
def test_a_cut_that_leaves_a_part_empty_is_refused(validation: int) -> None:
    with pytest.raises(ValueError, match=rf"^validation={validation} is outside 1\.\.9, .*: try a tenth\.$"):
        cut(np.arange(10), validation=validation)


def test_so_many_of_each_label_and_the_fewer_among_the_more() -> None:
    labels = mnist_labels()
    five, ten = of_each(labels, 5, seed=4), of_each(labels, 10, seed=4)
    assert np.bincount(labels[five]).tolist() == [5] * 10 and np.bincount(labels[ten]).tolist() == [10] * 10
    assert set(five) < set(ten) and (np.diff(ten) > 0).all()
    assert set(of_each(labels, 5, seed=5)) != set(five)
    with pytest.raises(ValueError, match=r"count=3 is outside 1..2, the digits the rarest label has"):
        of_each(np.array([0, 0, 0, 1, 1]), 3, seed=0)
