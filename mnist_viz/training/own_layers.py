"""The layers of a network of one's own as a setting: they belong to one architecture, and each batch must fit them."""

from math import prod

from mnist_viz.plan import sizes, words
from mnist_viz.plan.layers import START, Impossible
from mnist_viz.text import _
from mnist_viz.training.failures import Refused


def settled(architecture: str, layers: str, *, classes: int, last_batch: int) -> str:
    """The word for the layers, those that a builder begins with where none is given; "" for a network of the zoo.

    `last_batch`: how many digits the smallest batch has. Raises Refused.
    """
    if architecture != words.BUILT:
        if layers:
            raise Refused(
                _(
                    "layers={layers} belong to a network of one's own: choose architecture={built}, or no layers."
                ).format(layers=layers[:40], built=words.BUILT)
            )
        return ""
    try:
        plan = words.parse(layers) if layers else START
        rows = sizes.shapes(plan, classes)
    except Impossible as why:
        raise Refused(str(why)) from why
    alone = next((row.name for row in rows if row.kind.startswith("BatchNorm") and prod(row.shape[1:]) == 1), None)
    if alone and last_batch == 1:
        raise Refused(
            _(
                "The last batch is a single digit, and {name} compares the digits of a batch: choose another batch, or "
                "one digit fewer."
            ).format(name=alone)
        )
    return words.write(plan)
