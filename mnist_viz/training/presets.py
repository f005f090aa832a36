"""Ready-made settings, each with a name and a sentence for those who choose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mnist_viz.text import _
from mnist_viz.training.fields import LATER


@dataclass(frozen=True)
class Preset:
    """Settings, and in the visitor's language what to call them and what they are good for.

    With `its_network` the recipe is made for its architecture and sets that too; else it goes with any.
    """

    settings: Mapping[str, Any]
    words: Callable[[], tuple[str, str]]
    its_network: bool = False

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
_OTHER_HANDS = {"rotation": 12, "shift": 2.5, "zoom": 0.12, "shear": 8}
"""How far digits are turned, moved, scaled and slanted: about as far as they still look like digits, and no choice of
the validation digits.
"""
_FEW = {"per_class": 10, "epochs": 40, "batch": 16, "rate": 0.01}
"""The rate was chosen on validation digits (3 seeds, 10 a class): the best of 0.001, 0.003, 0.01 and 0.02 for who
starts from nothing; who starts from printed characters loses a tenth of a point by it. Epochs and batch make it last
seconds.
"""

EPOCHS_OF_FEW = {1: 100, 5: 60, 10: 40, 100: 15}
"""How often few digits are looked at, by how many there are of each class."""

RATE_OF_READERS = 0.003
"""The rate for a network that reads digits already, chosen on validation digits (scikit-learn's, 10 a class, all layers
or the last block): 97.4 % by it and 96.8 % by 0.001 (means of 3 seeds), 92.8 % by 0.01 (one seed).
"""

# Adam's usual rate and a batch of 64 stand where an article says nothing of them; none of them changes its rate. Run to
# their end once each, seed 0, the test digits are read like this: two_convolutions 99.07 %, no_dense_layer 99.18 %,
# padded 99.11 %, dropout 99.14 %.
_ARTICLE = {**_LIVE, "batch": 64, "rate": 0.001, "schedule": "constant"}

PRESETS: dict[str, Preset] = {
    "live": Preset(
        _LIVE,
        lambda: (_("Live"), _("One look at every digit, made for showing while it happens.")),
    ),
    "longer": Preset(
        {**_LIVE, "epochs": 5},
        lambda: (_("Longer"), _("Five looks at every digit, for a few digits fewer that are wrong.")),
    ),
    "standard": Preset(
        {**_LIVE, **_OTHER_HANDS, "epochs": 20, "averaging": 0.99},
        lambda: (_("Standard"), _("Twenty looks at every digit, each time as if another hand had written it.")),
    ),
    "accurate": Preset(
        {**_LIVE, **_OTHER_HANDS, "architecture": "deep_cnn", "epochs": 15, "averaging": 0.999},
        lambda: (_("Accurate"), _("A deeper network and changed digits, for as few mistakes as can be: slow.")),
        its_network=True,
    ),
    "plain_sgd": Preset(
        {**_LIVE, "batch": 64, "rate": 0.01, "optimiser": "sgd", "schedule": "constant"},
        lambda: (_("Plain SGD"), _("Stochastic gradient descent as in the textbook, with momentum.")),
    ),
    "two_convolutions": Preset(  # features and labels: Adam; its epochs, batch and rate are our choice
        {**_ARTICLE, "architecture": "conv16_32", "epochs": 5},
        lambda: (_("Two convolutions"), _("A first convolutional network as most lessons begin with, by Adam.")),
        its_network=True,
    ),
    "no_dense_layer": Preset(  # fine-tuning: Adam, 5 epochs; its batch and rate are our choice
        {**_ARTICLE, "architecture": "conv32_64", "epochs": 5},
        lambda: (_("No dense layer"), _("Wider convolutions, and the classes read straight off their maps, by Adam.")),
        its_network=True,
    ),
    "padded": Preset(  # from MNIST to language models: Adam 0.001, batch 64, 10 epochs
        {**_ARTICLE, "architecture": "conv32_64_same", "epochs": 10},
        lambda: (_("Padded"), _("Convolutions that keep the size of the picture, by Adam, for ten epochs.")),
        its_network=True,
    ),
    "dropout": Preset(  # classification in practice: SGD 0.01 with momentum 0.9, batch 64, 10 epochs
        {**_ARTICLE, "architecture": "conv32_64_dropout", "epochs": 10, "rate": 0.01, "optimiser": "sgd"},
        lambda: (_("Dropout, SGD"), _("A large network that dropout keeps from over-fitting, for ten epochs: slow.")),
        its_network=True,
    ),
    "rows": Preset(  # of validation digits 97.4 % by rate 0.01, 96.0 % by 0.003
        {**_LIVE, "architecture": "lstm_rows"},
        lambda: (_("Row by row"), _("An LSTM reads the picture row after row, as it would words: no convolution.")),
        its_network=True,
    ),
    "patches": Preset(  # of validation digits 97.7 % by rate 0.01, 97.4 % by 0.003; after one epoch 95.4 %
        {**_LIVE, "architecture": "vit", "epochs": 3},
        lambda: (_("Patches"), _("A small transformer: patches of the digit look at each other, no convolution.")),
        its_network=True,
    ),
    # Of validation digits it reads 77.4 % after 20 epochs and 76.6 % in the end, while their loss climbs from 0.73 to
    # 0.98. It takes 7 s; conv16_32 gets to 85 % and takes four times as long, fast_cnn to 84 %.
    "overfit": Preset(
        {**_ARTICLE, "architecture": "mlp", "digits": 100, "batch": 10, "epochs": 200},
        lambda: (
            _("100 digits, long"),
            _("It learns its 100 digits by heart, and reads others much worse: over-fitting, seen in the gap."),
        ),
        its_network=True,
    ),
    "fine_tune": Preset(
        {**_LIVE, **_FEW, "parent": "printed"},
        lambda: (_("Fine-tune"), _("Many looks at a few digits, beginning with what another training has learned.")),
    ),
}
