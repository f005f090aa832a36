"""Ready-made settings, each with a name and a sentence for those who choose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mnist_viz.text import _
from mnist_viz.training.fields import LATER


@dataclass(frozen=True)
class Preset:
    """Settings, and in the visitor's language what to call them and what they are good for."""

    settings: Mapping[str, Any]
    words: Callable[[], tuple[str, str]]

    @property
    def name(self) -> str:
        """What a menu calls it."""
        return self.words()[0]

    @property
    def description(self) -> str:
        """One sentence on what it does."""
        return self.words()[1]


_LIVE = {
    "architecture": "fast_cnn",
    "epochs": 1,
    "batch": 256,
    "rate": 0.01,
    "optimiser": "adam",
    "schedule": "one_cycle",
    "momentum": 0.9,
    "digits": 55_000,
    "seed": 0,
    "device": "auto",
    **LATER,
}
_FEW = {"per_class": 10, "epochs": 40, "batch": 16, "rate": 0.01}
"""The rate was chosen on validation digits (3 seeds, 10 a class): the best of 0.001, 0.003, 0.01 and 0.02 for who
starts from nothing; who starts from printed characters loses a tenth of a point by it. Epochs and batch make it last
seconds.
"""

EPOCHS_OF_FEW = {1: 100, 5: 60, 10: 40, 100: 15}
"""How often few digits are looked at, by how many there are of each class."""

PRESETS: dict[str, Preset] = {
    "live": Preset(
        _LIVE,
        lambda: (_("Live"), _("One look at every digit, made for showing while it happens.")),
    ),
    "longer": Preset(
        {**_LIVE, "epochs": 5},
        lambda: (_("Longer"), _("Five looks at every digit, for a few digits fewer that are wrong.")),
    ),
    "plain_sgd": Preset(
        {**_LIVE, "batch": 64, "rate": 0.01, "optimiser": "sgd", "schedule": "constant"},
        lambda: (_("Plain SGD"), _("Stochastic gradient descent as in the textbook, with momentum.")),
    ),
    "fine_tune": Preset(
        {**_LIVE, **_FEW, "parent": "printed"},
        lambda: (_("Fine-tune"), _("Many looks at a few digits, beginning with what another training has learned.")),
    ),
}
