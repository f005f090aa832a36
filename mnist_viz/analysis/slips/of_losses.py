"""Slips about the loss, run: a cross-entropy of what is no distribution, and log-softmax taken twice."""

from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import nn

TRUE = 3
ANSWERS = (0.1, 0.1, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)  # "a distribution" of the article on features and labels


class CrossEntropy(NamedTuple):
    """Of `ANSWERS`: their sum, the loss of the true class with the numbers as they stand and made a distribution, what
    the article's sum comes to, and the class of the largest number. In nats.
    """

    total: float
    as_it_stands: float
    normalised: float
    printed: float
    read: int


class Twice(NamedTuple):
    """The loss of a digit from logits and from log-probabilities, and how alike both gradients by the pixels are.

    `alike`: the cosine between the gradient of the label's logit and that of its log-probability.
    """

    once: float
    twice: float
    alike: float


def cross_entropy() -> CrossEntropy:
    """The article puts the answers in the truth's place too: -sum p ln p, and prints 0.265 for it."""
    answers = np.array(ANSWERS)
    return CrossEntropy(
        float(answers.sum()),
        float(-np.log(answers[TRUE])),
        float(-np.log(answers[TRUE] / answers.sum())),
        float(-(answers * np.log(answers)).sum()),
        int(answers.argmax()),
    )


def log_softmax_twice(model: "nn.Module", image: NDArray[np.uint8], label: int) -> Twice:
    """A digit (28, 28) through cross-entropy, with logits and, as in the article, with log-probabilities."""
    import torch  # noqa: PLC0415  heavy
    from torch.nn import functional  # noqa: PLC0415

    pixels = (torch.tensor(image).double() / 255).view(1, 1, *image.shape).requires_grad_()
    logits, truth = deepcopy(model).double()(pixels), torch.tensor([label])  # where it is sure, float32 leaves nothing
    logs = functional.log_softmax(logits, dim=1)
    once, twice = (float(functional.cross_entropy(scores.detach(), truth)) for scores in (logits, logs))
    first, second = (
        torch.autograd.grad(scores[0, label], pixels, retain_graph=True)[0].flatten() for scores in (logits, logs)
    )
    return Twice(once, twice, float(functional.cosine_similarity(first, second, dim=0)))
