"""One step of learning: a batch forwards, its loss backwards, and the weights moved along."""

import torch
from torch import Tensor
from torch.nn import functional

import models
from mnist_viz.training import augmentation, optimisers, transfer
from mnist_viz.training.averaging import Average
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.devices import device
from mnist_viz.training.dropout import Dropout


class Learner:
    """The part of a model that its settings let learn, with its optimiser; the model itself is what is looked at.

    With averaging that is an average of what the learner has been, else the learner itself. `augment` changes each
    batch before it is learned from, `dropout` what is silenced meanwhile; both may be set anew between two steps.
    The model is moved to the device of its settings. Raises Refused if that is not there.
    """

    def __init__(self, model: models.Classifier, config: TrainConfig) -> None:
        self._config = config
        self.where = device(config.device)
        model.to(self.where, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = Average(model, config.averaging)
        self.model = self.average.learner
        self.learns = transfer.free(self.model, config.trains)
        self.augment = augmentation.build(config.as_dict())
        self.dropout = Dropout(self.model, config.dropout)
        self.is_prepared = False

    def prepare(self) -> None:
        """Make the optimiser, which takes seconds the first time: there can be something to see before."""
        self.optimiser = optimisers.build(self.learns, self._config)
        self.is_prepared = True

    def step(self, step: int, images: Tensor, labels: Tensor) -> tuple[float, float]:
        """Once prepared, learn from one batch, (B, 1, 28, 28) uint8 with (B,), at the rate of this step.

        Returns its loss, against the smoothed labels, and its accuracy, both from before the weights moved. What does
        not learn stays in eval mode: a batch norm in it uses its statistics and leaves them as they are.
        """
        for group in self.optimiser.param_groups:
            group["lr"] = self._config.rate_at(step)
        self.model.eval()
        self.learns.train()
        self.optimiser.zero_grad()
        seen = images.float() / 255
        answers = self.model(self.augment(seen) if self.augment else seen)
        loss = functional.cross_entropy(answers, labels, label_smoothing=self._config.smoothing)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.average.update()
        return loss.item(), (answers.argmax(1) == labels).float().mean().item()
