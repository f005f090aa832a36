"""What a kind of layer does, each in one plain sentence with the shapes and settings of this very layer."""

from typing import TYPE_CHECKING

from mnist_viz.text import _

if TYPE_CHECKING:
    from mnist_viz.analysis.passage import Passage


def sentence(passage: "Passage", *, outputs: int) -> str:
    """What this layer does; `outputs` is how many channels or neurons it puts out."""
    into, example = passage.before.shape, passage.example
    said = {"count": example.get("count", 0), "channels": into[0], "outputs": outputs, "length": into[-1]}
    if passage.kind == "Conv2d":
        if into[0] == 1:
            return _(
                "Each number is a weighted sum of the {count} numbers in one window; each of the {outputs} filters "
                "goes over all places with the same weights."
            ).format(**said)
        return _(
            "Each number is a weighted sum of the {count} numbers in one window, through all {channels} maps at once; "
            "each of the {outputs} filters goes over all places with the same weights."
        ).format(**said)
    if passage.kind == "Linear" and len(into) == 2:
        return _("At each position alone, {outputs} weighted sums of its {length} numbers.").format(**said)
    return _words(passage.kind).format(**said, window=len(example.get("window", ())))


def _words(kind: str) -> str:
    return {
        "Linear": _("Each of its {outputs} numbers is a weighted sum of all {count} that come in, with weights alone."),
        "BatchNorm2d": _(
            "Each channel is shifted and stretched: by the mean μ and the variance σ² that it had on average in "
            "training, then by a scale γ and a shift β that it has learned."
        ),
        "BatchNorm1d": _(
            "Each neuron is shifted and stretched: by the mean μ and the variance σ² that it had on average in "
            "training, then by a scale γ and a shift β that it has learned."
        ),
        "LayerNorm": _(
            "The {length} numbers of a position get mean 0 and variance 1, then each a scale γ and a shift β that it "
            "has learned."
        ),
        "MaxPool2d": _("Of each window of {window} numbers only the largest goes on: the maps shrink."),
        "AvgPool2d": _("Of each window of {window} numbers their mean goes on: the maps shrink."),
        "ReLU": _("What is below 0 becomes 0, all else stays: the one bend that lets layers do more than one sum."),
        "Sigmoid": _("Each number is squeezed between 0 and 1, the same way everywhere."),
        "Tanh": _("Each number is squeezed between −1 and 1, the same way everywhere."),
        "ELU": _("What is above 0 stays, what is below bends towards −1."),
        "Dropout": _("It wipes out some numbers at random in training; now that nobody trains, it passes all on."),
        "LSTM": _(
            "It reads {length} pixels a row, from the top: a forget gate f, an input gate i and an output gate o "
            "decide what its memory c keeps, takes in and gives out."
        ),
        "Attention": _(
            "Each position asks all others (Q), they answer how well they fit (K), and it gathers what they hold (V) "
            "in these shares."
        ),
        "Place": _("A class token comes first, and each position gets numbers added that tell where it is."),
    }.get(kind, _("It turns its numbers into others."))
