"""The batch in which a digit stands when a part is dealt out in its own order, so many at once."""

import numpy as np

from mnist_viz.data.address import COUNTS, Address, digit
from mnist_viz.data.mnist import Digits


def block(address: Address, count: int) -> tuple[Address, ...]:
    """The digits of the batch with this one, the same for each of them; the last of a part may be shorter."""
    first = address.index - address.index % count
    return tuple(Address(address.part, one) for one in range(first, min(first + count, COUNTS[address.part])))


def raw(addresses: tuple[Address, ...]) -> Digits:
    """These digits as they are in MNIST, before any run prepares them."""
    images, labels = zip(*(digit(one) for one in addresses), strict=True)
    return Digits(np.stack(images), np.array(labels, np.uint8))
