"""One step of learning: a batch forwards, its loss backwards, and the weights moved along."""

from torch import Tensor
from torch.nn import functional

import models
from mnist_viz.training import optimisers, transfer
from mnist_viz.training.anatomy import Anatomy, unwatched
from mnist_viz.training.averaging import Average
from mnist_viz.training.changes import Moment
from mnist_viz.training.config import TrainConfig


class Learner:
    """The part of a model that its settings let learn, with its optimiser; the model itself is what is looked at.

    With averaging that is an average of what the learner has been, else the learner itself.
    """

    def __init__(self, model: models.Classifier, config: TrainConfig, moment: Moment) -> None:
        self._config, self._moment = config, moment
        self._average = Average(model, config.averaging)
        self.model = self._average.learner
        self.learns = transfer.free(self.model, config.trains)

    def prepare(self) -> None:
        """Make the optimiser, which takes seconds the first time: there can be something to see before."""
        self.optimiser = optimisers.build(self.learns, self._config)

    def step(self, step: int, images: Tensor, labels: Tensor) -> tuple[float, float]:
        """Once prepared, learn from one batch, (B, 1, 28, 28) uint8 with (B,), at the rate of this step.

        Returns its loss, against the smoothed labels, and its accuracy, both from before the weights moved. What does
        not learn stays in eval mode: a batch norm in it uses its statistics and leaves them as they are.
        """
        now = self._moment.now
        optimisers.adjust(self.optimiser, now, step)
        self.model.eval()
        self.learns.train()
        self.optimiser.zero_grad()
        watch = Anatomy(self.model) if self._moment.watched else None
        ended = watch.ended if watch else unwatched
        pixels = images.float() / 255
        ended("batch")
        answers = self.model(pixels)
        ended("forward")
        loss = functional.cross_entropy(answers, labels, label_smoothing=now.smoothing)
        ended("loss")
        loss.backward()  # type: ignore[no-untyped-call]
        ended("backward")
        self.optimiser.step()
        ended("update")
        if watch:
            rate, smoothing = now.rate_at(step), now.smoothing
            self._moment.parts = watch.told(step, pixels, labels, answers, smoothing=smoothing, rate=rate)
        self._average.update()
        return loss.item(), (answers.argmax(1) == labels).float().mean().item()
