"""The batch in which a digit stands when a part is dealt out in its own order, so many at once."""

from mnist_viz.data.address import COUNTS, Address


def block(address: Address, count: int) -> tuple[Address, ...]:
    """The digits of the batch with this one, the same for each of them; the last of a part may be shorter."""
    first = address.index - address.index % count
    return tuple(Address(address.part, one) for one in range(first, min(first + count, COUNTS[address.part])))
