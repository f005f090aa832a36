"""Dropout as a setting: which share of activations is silenced at random while a network learns, and only then."""

from torch import Tensor, nn
from torch.nn import functional

import models
from mnist_viz.training.fields import OWN

LAYERS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d)


class Dropout:
    """The dropout of a network, to be set anew whenever one likes. Srivastava et al. 2014, JMLR 15.

    All its dropout layers get the share. Where it has none, its features are dropped on their way to the head while the
    head learns: by a hook, so that no module and no weight is added and its checkpoints are those of any other.
    """

    def __init__(self, model: models.Classifier, share: float = OWN) -> None:
        self._own = [(layer, layer.p) for layer in model.modules() if isinstance(layer, LAYERS)]
        self._before_head = 0.0
        if not self._own:
            model.head.register_forward_pre_hook(self._drop)
        self.set(share)

    def set(self, share: float) -> None:
        """Silence this share from now on: 0 is none, OWN what the network was built with."""
        self._share = share
        for layer, own in self._own:
            layer.p = own if share == OWN else share
        self._before_head = 0.0 if share == OWN else share

    def awake(self) -> None:
        """Silence in the next step, also in layers that do not learn themselves, where a share was said."""
        if self._share != OWN:
            for layer, _own in self._own:
                layer.train()

    def _drop(self, head: nn.Module, features: tuple[Tensor, ...]) -> Tensor | None:
        if not head.training or not self._before_head:
            return None
        return functional.dropout(features[0], self._before_head)
