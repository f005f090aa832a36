"""The IDX format of MNIST's files: bytes in, a read-only array of grey values or labels out, or a refusal."""

import struct
from math import prod

import numpy as np
from numpy.typing import NDArray

from mnist_viz.text import _

UNSIGNED_BYTE = 0x08
MOST_AXES = 4
MOST_VALUES = 2**30


class DamagedData(ValueError):
    """A file is not what it should be; the message is one sentence that names it and says what to do."""


def parse(content: bytes, *, name: str) -> NDArray[np.uint8]:
    """The array in an uncompressed IDX file: 0, 0, type, axes, each axis as a big-endian uint32, the values.

    `name` is what a refusal calls the file. Raises DamagedData unless every byte is accounted for.
    """
    shape = _shape(content, name)
    start = 4 + 4 * len(shape)
    found, promised = len(content) - start, prod(shape)
    if found < promised:
        raise DamagedData(
            _("{name} is cut: {found:,} of {promised:,} values are there; restore it from the repository.").format(
                name=name, found=found, promised=promised
            )
        )
    if found > promised:
        raise DamagedData(
            _("{name} has bytes after its {promised:,} values; restore it from the repository.").format(
                name=name, promised=promised
            )
        )
    return np.frombuffer(bytes(content), dtype=np.uint8, offset=start).reshape(shape)


def _shape(content: bytes, name: str) -> tuple[int, ...]:
    """The lengths of the axes as the header has them, each sane on its own and together."""
    if len(content) < 4 or content[:2] != b"\0\0":
        raise DamagedData(
            _("{name} is no IDX file: it does not begin as one; restore it from the repository.").format(name=name)
        )
    kind, axes = content[2], content[3]
    if kind != UNSIGNED_BYTE:
        raise DamagedData(
            _("{name} holds values of type 0x{kind:02x}, not bytes (0x08); restore it from the repository.").format(
                name=name, kind=kind
            )
        )
    if not 1 <= axes <= MOST_AXES:
        raise DamagedData(
            _("{name} has {axes} axes, not 1 to {most}; restore it from the repository.").format(
                name=name, axes=axes, most=MOST_AXES
            )
        )
    if len(content) < 4 + 4 * axes:
        raise DamagedData(_("{name} is cut within its header; restore it from the repository.").format(name=name))
    shape = struct.unpack_from(f">{axes}I", content, 4)
    if not 1 <= prod(shape) <= MOST_VALUES:
        raise DamagedData(
            _("{name} promises {shape} values, not 1 to {most:,}; restore it from the repository.").format(
                name=name, shape=" x ".join(map(str, shape)), most=MOST_VALUES
            )
        )
    return shape
