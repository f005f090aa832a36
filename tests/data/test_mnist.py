"""The bundled digits are MNIST as published, loaded once, and a damaged file is said to be one."""

import gzip
import re
import shutil
import subprocess
import sys
from hashlib import md5
from pathlib import Path

import numpy as np
import pytest

from mnist_viz.data import mnist
from mnist_viz.data.idx import DamagedData
from mnist_viz.data.split import cut

FILES = list(mnist.CHECKSUMS)
LABELS = [name for name in FILES if "labels" in name]

every_file = pytest.mark.parametrize("name", FILES)

A_CROWD = """
import sys
from threading import Barrier, Thread
from mnist_viz.data import mnist

together, seen = Barrier(8), []

def ask():
    together.wait()
    seen.append(mnist.digits("val"))

crowd = [Thread(target=ask) for _ in range(8)]
for one in crowd:
    one.start()
for one in crowd:
    one.join()
print(len(seen), len({id(one) for one in seen}), "torch" in sys.modules)
"""


def unpacked(name: str) -> bytearray:
    return bytearray(gzip.decompress((mnist.BUNDLED / name).read_bytes()))


def refusal(folder: Path, name: str, packed: bytes | None) -> str:
    """What is said of a folder in which one file has this content, or none, and the others are sound."""
    for other in FILES:
        if other != name:
            shutil.copyfile(mnist.BUNDLED / other, folder / other)
    if packed is not None:
        (folder / name).write_bytes(packed)
    with pytest.raises(DamagedData) as caught:
        mnist.load(folder)
    sentence = str(caught.value)
    assert sentence.startswith(f"{name} ")
    assert sentence.endswith("; restore it from the repository.")
    return sentence


@every_file
def test_every_bundled_file_is_the_published_one(name: str) -> None:
    assert md5(unpacked(name)).hexdigest() == mnist.CHECKSUMS[name]


def test_the_parts_have_their_counts() -> None:
    counts = {part: len(mnist.digits(part)) for part in mnist.PARTS}
    assert counts == {"train": 55_000, "val": 5_000, "test": 10_000}
    for part in mnist.PARTS:
        assert mnist.digits(part).images.shape == (counts[part], 28, 28)
        assert mnist.digits(part).images.dtype == mnist.digits(part).labels.dtype == np.uint8


def test_the_first_digits_are_those_that_everybody_knows() -> None:
    assert mnist.digits("test").labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert mnist.digits("train").labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


def test_the_training_file_is_cut_into_train_and_val() -> None:
    labels = np.frombuffer(bytes(unpacked("train-labels-idx1-ubyte.gz")), np.uint8, offset=8)
    images = np.frombuffer(bytes(unpacked("train-images-idx3-ubyte.gz")), np.uint8, offset=16)
    for part, indices in zip(("train", "val"), cut(labels), strict=True):
        assert np.array_equal(mnist.digits(part).labels, labels[indices])
        assert np.array_equal(mnist.digits(part).images, images.reshape(-1, 28, 28)[indices])


@pytest.mark.parametrize("part", mnist.PARTS)
def test_nobody_can_write_into_the_digits(part: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        mnist.digits(part).images[0, 0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        mnist.digits(part).labels[0] = 1


def test_the_parts_cannot_be_exchanged() -> None:
    with pytest.raises(TypeError):
        mnist.load()["test"] = mnist.digits("val")  # type: ignore[index]


def test_who_asks_again_gets_the_same_digits() -> None:
    assert mnist.digits("test") is mnist.digits("test")


def test_eight_who_ask_at_once_wait_for_one_loading_and_nobody_needs_torch() -> None:
    root = mnist.BUNDLED.parents[2]
    command = [sys.executable, "-c", A_CROWD]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["8", "1", "False"]


@pytest.mark.parametrize("part", ["Train", "", "t10k", "own"])
def test_another_part_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match=rf"^part='{part}' is not one of train, val, test: try 'test'\.$"):
        mnist.digits(part)


@every_file
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    assert f"{name} is missing in {tmp_path};" in refusal(tmp_path, name, None)


@every_file
def test_a_cut_file_is_named(name: str, tmp_path: Path) -> None:
    packed = (mnist.BUNDLED / name).read_bytes()
    assert "can't be unpacked (Compressed file ended" in refusal(tmp_path, name, packed[: len(packed) // 2])


@every_file
def test_a_file_with_one_value_changed_is_named(name: str, tmp_path: Path) -> None:
    content = unpacked(name)
    content[-1] = (content[-1] + 1) % 10
    assert "its checksum differs" in refusal(tmp_path, name, gzip.compress(content, compresslevel=0))


@pytest.mark.parametrize("name", LABELS)
def test_a_label_above_9_is_told(name: str, tmp_path: Path) -> None:
    content = unpacked(name)
    content[100] = 10
    assert "holds the label 10, which is no digit" in refusal(tmp_path, name, gzip.compress(content))


@pytest.mark.parametrize("name", LABELS)
def test_a_label_too_few_is_told(name: str, tmp_path: Path) -> None:
    content = unpacked(name)[:-1]
    content[4:8] = (len(content) - 8).to_bytes(4)
    told = refusal(tmp_path, name, gzip.compress(content))
    assert f"holds {len(content) - 8:,} values, not {len(content) - 7:,};" in told


def test_images_of_another_size_are_told(tmp_path: Path) -> None:
    content = unpacked("t10k-images-idx3-ubyte.gz")
    content[8:16] = (14).to_bytes(4) + (56).to_bytes(4)
    told = refusal(tmp_path, "t10k-images-idx3-ubyte.gz", gzip.compress(content, compresslevel=0))
    assert "holds 10,000 x 14 x 56 values, not 10,000 x 28 x 28;" in told


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (b"", "can't be unpacked|is no IDX file"),
        (b"<!DOCTYPE html><title>404</title>", "can't be unpacked .Not a gzipped file"),
        (gzip.compress(b"<!DOCTYPE html><title>404</title>", mtime=0), "is no IDX file"),
        (gzip.compress(bytes(10**8), compresslevel=1, mtime=0), "has 0 axes|holds values of type 0x00"),
    ],
)
def test_something_else_under_the_name_is_refused(packed: bytes, reason: str, tmp_path: Path) -> None:
    assert re.search(reason, refusal(tmp_path, "train-labels-idx1-ubyte.gz", packed))


def test_flipped_bits_are_noticed_wherever_they_are(tmp_path: Path) -> None:
    name = "train-labels-idx1-ubyte.gz"
    packed = (mnist.BUNDLED / name).read_bytes()
    for place in (0, 2, len(packed) // 2, len(packed) - 6, len(packed) - 2):
        damaged = bytearray(packed)
        damaged[place] ^= 0b10000000
        refusal(tmp_path, name, bytes(damaged))
