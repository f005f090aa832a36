"""Labels as vectors, and cross-entropy both ways: logits and labels in, every term of the sum out."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_viz.analysis.evaluation import softmax

Floats = NDArray[np.float64]


class Ways(NamedTuple):
    """Cross-entropy of one digit: each (K,), and the two results, in nats.

    `surprises` are -ln p of each class, `terms` what the sum over the classes adds up: vector times surprise.
    """

    vector: Floats
    probabilities: Floats
    surprises: Floats
    terms: Floats
    by_vector: float
    by_index: float


def one_hot(labels: NDArray[np.integer[Any]], classes: int = 10) -> Floats:
    """A row for each label: 1 in the column of its class, 0 elsewhere. (N,) becomes (N, classes)."""
    return np.asarray(np.eye(classes)[labels])


def surprises(logits: NDArray[Any]) -> Floats:
    """-ln p over the last axis: the logarithm of the sum of all e^logit, less the logit; none is infinite."""
    wide = np.asarray(logits, dtype=np.float64)
    most = wide.max(axis=-1, keepdims=True)
    return np.asarray(np.log(np.exp(wide - most).sum(axis=-1, keepdims=True)) + most - wide)


def both_ways(logits: NDArray[Any], label: int) -> Ways:
    """Cross-entropy of ten logits (K,): as a sum over the one-hot vector, and as the one entry that its index names."""
    vector, surprise = one_hot(np.array([label]), len(logits))[0], surprises(logits)
    terms = vector * surprise
    return Ways(vector, softmax(logits), surprise, terms, float(terms.sum()), float(surprise[label]))


def by_torch(logits: NDArray[np.float32], label: int) -> dict[str, float]:
    """What torch answers to each line of code that says cross-entropy; logits (K,)."""
    import torch  # noqa: PLC0415  heavy
    from torch.nn import functional  # noqa: PLC0415  as above

    row, index = torch.tensor(logits)[None], torch.tensor([label])
    vector = functional.one_hot(index, row.shape[1]).float()
    return {
        "F.cross_entropy(logits, index)": float(functional.cross_entropy(row, index)),
        "F.cross_entropy(logits, vector)": float(functional.cross_entropy(row, vector)),
        "-(vector * logits.log_softmax(1)).sum()": float(-(vector * row.log_softmax(1)).sum()),
        "-logits.log_softmax(1)[0, index]": float(-row.log_softmax(1)[0, index]),
    }
