"""Other data sets than MNIST: picture and label belong together, the parts are fixed, and all look like MNIST's."""

from hashlib import sha256

import numpy as np
import pytest
from sklearn.datasets import load_digits

from mnist_viz.data import optdigits, printed
from mnist_viz.data.placement import placed
from mnist_viz.data.sets import DATASETS


def test_a_picture_is_centred_by_its_centre_of_mass() -> None:
    dot = np.zeros((20, 20))
    dot[3, 16] = 255
    assert np.argwhere(placed(dot)).tolist() == [[11, 16]]  # down by 8, all the room there is; left by 2 there is none
    bar = np.full((20, 2), 200.0)  # its centre is row 9.5, column 0.5: begins in row 4 (14 - 9.5, to even), column 14
    rows, columns = np.nonzero(placed(bar))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 23, 14, 15)


@pytest.mark.parametrize(("picture", "sentence"), [(np.ones((21, 3)), "does not fit"), (np.zeros((4, 4)), "no centre")])
def test_a_picture_that_cannot_be_placed_is_refused(picture: np.ndarray, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        placed(picture)


def test_making_a_digit_larger_keeps_corners_and_means() -> None:
    ramp = np.tile(np.arange(8.0) * 2, (8, 1))
    large = optdigits.enlarged(ramp)
    assert large.shape == (20, 20)
    # The middle of new column 3 is (3 + 0.5) * 8 / 20 - 0.5 = 0.9 of the old ones: 1.8 of 16 there.
    assert large[0, 3] == pytest.approx(1.8 * 255 / 16)
    assert large[:, 0] == pytest.approx(0) and large[:, -1] == pytest.approx(14 * 255 / 16)


def test_every_small_digit_keeps_its_own_label() -> None:
    """Each of the 1,797 is found once, with scikit-learn's target, in the part where it is made again by hand."""
    source = load_digits()
    known = {
        placed(optdigits.enlarged(image)).tobytes(): int(label)
        for image, label in zip(source.images, source.target, strict=True)
    }
    assert len(known) == 1797
    found: dict[bytes, int] = {}
    for part, count in optdigits.COUNTS.items():
        digits = optdigits.digits(part)
        assert len(digits) == count
        found |= {image.tobytes(): int(label) for image, label in zip(digits.images, digits.labels, strict=True)}
    assert found == known


def test_the_parts_of_the_small_digits_are_the_same_for_ever() -> None:
    digests = {part: sha256(optdigits.digits(part).labels.tobytes()).hexdigest()[:16] for part in optdigits.COUNTS}
    assert digests == {"train": "3a0379554656944c", "val": "983f5b88af5e53a9", "test": "4ea3167890de606d"}


def test_every_data_set_has_its_classes_and_says_how_many_it_has() -> None:
    for name in ("mnist", "optdigits"):
        data = DATASETS[name]
        for part, count in data.counts.items():
            assert len(data.digits(part)) == count
            assert set(data.digits(part).labels) == set(range(len(data.classes)))
        assert np.bincount(data.digits("train").labels).min() == data.rarest
    assert len(DATASETS["printed"].classes) == len(set(printed.CHARACTERS)) == 62
    assert DATASETS["printed"].rarest == printed.COUNTS["train"] // 62


def test_printed_characters_are_the_same_for_the_same_seed_and_look_like_digits_of_mnist() -> None:
    def some(seed: int) -> np.ndarray:
        random = np.random.RandomState(seed)
        return np.stack([printed.character(label, random) for label in range(62)])

    first, again, other = some(3), some(3), some(4)
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert first.shape == (62, 28, 28) and first.dtype == np.uint8
    rows, columns = first.max(axis=2) > 0, first.max(axis=1) > 0
    assert rows.sum(axis=1).max() <= 20 and columns.sum(axis=1).max() <= 20
    weights = first.astype(float)
    middles = (weights.sum(axis=2) @ np.arange(28)) / weights.sum(axis=(1, 2))
    assert np.abs(middles - 14).max() <= 0.5 + 1e-9


def test_picture_and_class_of_a_part_belong_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small part is made, and its characters are rendered again, one after the other, from the same seed."""
    monkeypatch.setitem(printed.COUNTS, "val", 62)
    made = printed._made.__wrapped__("val")
    random = np.random.RandomState(printed.SEEDS["val"])
    assert sorted(made.labels) == list(range(62))
    assert sorted(random.permutation(62)) == list(range(62))  # the draw that the labels took
    for image, label in zip(made.images, made.labels, strict=True):
        assert np.array_equal(image, printed.character(int(label), random))


def test_an_upright_thin_letter_is_read_by_a_person() -> None:
    """The mean of a bar-shaped class is a bar, that of a ring has a hole: labels are not shifted against pictures."""
    random = np.random.RandomState(0)
    bars = np.mean([printed.character(printed.CHARACTERS.index("l"), random) for _ in range(40)], axis=0)
    rings = np.mean([printed.character(printed.CHARACTERS.index("O"), random) for _ in range(40)], axis=0)
    assert bars[12:16, 12:16].mean() > 3 * bars[12:16, 4:8].mean()
    assert rings[13:15, 13:15].mean() < 0.5 * rings.max()
