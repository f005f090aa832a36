"""One step of learning: a batch forwards, its loss backwards, and the weights moved along."""

from contextlib import nullcontext

import torch
from torch import Tensor
from torch.nn import functional

import models
from mnist_viz.training import augmentation, optimisers, transfer
from mnist_viz.training.anatomy import Anatomy, unwatched
from mnist_viz.training.averaging import Average
from mnist_viz.training.changes import Moment
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.devices import device, precision
from mnist_viz.training.dropout import Dropout
from mnist_viz.training.fields import AUGMENTATION


class Learner:
    """The part of a model that its settings let learn, with its optimiser; the model itself is what is looked at.

    With averaging that is an average of what the learner has been, else the learner itself. Each step follows the
    settings of the `moment`, which begin with those of the training. The model is moved to the device of its settings.
    Raises Refused if that is not there.
    """

    def __init__(self, model: models.Classifier, config: TrainConfig, moment: Moment | None = None) -> None:
        self.moment = moment or Moment(config)
        self.where = device(config.device)
        self.precision = precision(self.where)
        model.to(self.where, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = Average(model, config.averaging)
        self.model = self.average.learner
        self.learns = transfer.free(self.model, config.trains)
        self._followed = config
        self._augment = augmentation.build(config.as_dict())
        self._dropout = Dropout(self.model, config.dropout)
        self.model.eval()
        self.is_prepared = False

    def prepare(self) -> None:
        """Make the optimiser, which takes seconds the first time: there can be something to see before."""
        self.optimiser = optimisers.build(self.learns, self._followed)
        self.is_prepared = True

    def _follow(self, now: TrainConfig) -> None:
        """Let batches be changed, and activations be silenced, as the settings of the moment say."""
        if now is self._followed:
            return
        if any(getattr(now, name) != getattr(self._followed, name) for name in AUGMENTATION):
            self._augment = augmentation.build(now.as_dict())
        self._dropout.set(now.dropout)
        self.model.eval()  # so that it is woken by these settings
        self._followed = now

    def _wake(self) -> None:
        """Let what learns be in train mode and all else in eval mode, as it is until somebody looks at the model."""
        if self.model.training:
            return
        self.model.eval()
        self.learns.train()
        self._dropout.awake()
        self.model.training = True  # the model alone, as a mark: a fifth of a millisecond a step that is not needed

    def step(self, step: int, images: Tensor, labels: Tensor) -> Tensor:
        """Once prepared, learn from one batch, (B, 1, 28, 28) uint8 with (B,), at the rate of this step.

        Returns its loss, against the smoothed labels, and its accuracy, both from before the weights moved, as a tensor
        (2,) on its device: reading it waits for the step to be done. What does not learn stays in eval mode: a batch
        norm in it uses its statistics and leaves them as they are.
        """
        now = self.moment.now
        self._follow(now)
        optimisers.adjust(self.optimiser, now, step)
        self._wake()
        self.optimiser.zero_grad()
        watch = Anatomy(self.model) if self.moment.watched else None
        ended = watch.ended if watch else unwatched
        pixels = images.float() / 255
        if self._augment:
            pixels = self._augment(pixels)
        ended("batch")
        with torch.autocast(self.where.type, self.precision) if self.precision else nullcontext():
            answers = self.model(pixels)
        answers = answers.float()
        ended("forward")
        loss = functional.cross_entropy(answers, labels, label_smoothing=now.smoothing)
        ended("loss")
        loss.backward()  # type: ignore[no-untyped-call]
        ended("backward")
        self.optimiser.step()
        ended("update")
        if watch:
            rate, smoothing = now.rate_at(step), now.smoothing
            self.moment.parts = watch.told(step, pixels, labels, answers, smoothing=smoothing, rate=rate)
        self.average.update()
        return torch.stack([loss.detach(), (answers.detach().argmax(1) == labels).float().mean()])
