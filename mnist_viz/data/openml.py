"""All 70,000 digits in one row, as OpenML lists them under `mnist_784`: MNIST's training file, then its test file."""

import gzip

import numpy as np

from mnist_viz.data import mnist
from mnist_viz.data.idx import parse
from mnist_viz.data.split import cut
from mnist_viz.data.statistics import Images

FILES = (60_000, 10_000)
"""How many digits the two files have."""
_LABELS = "train-labels-idx1-ubyte.gz"


def images() -> Images:
    """The images (70000, 28, 28), each file in its own order: the project's parts, put back where they were cut out."""
    labels = parse(gzip.decompress((mnist.BUNDLED / _LABELS).read_bytes()), name=_LABELS)
    row = np.empty((sum(FILES), 28, 28), np.uint8)
    for part, places in zip(("train", "val"), cut(labels), strict=True):
        row[places] = mnist.digits(part).images
    row[FILES[0] :] = mnist.digits("test").images
    return row
