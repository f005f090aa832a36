"""What a kind of layer does, each in one plain sentence with the shapes and settings of this very layer."""

from typing import TYPE_CHECKING

from mnist_viz.text import _

if TYPE_CHECKING:
    from mnist_viz.analysis.passage import Passage


def sentence(passage: "Passage") -> str:
    """What this layer does, with a bias where its formula has one."""
    into, out, example = passage.before.shape, passage.after.shape, passage.example
    said = {"count": example.get("count", 0), "channels": into[0], "length": into[-1]}
    said["outputs"] = out[-1] if len(out) == 2 else out[0]
    words = _weighted(passage) if passage.kind in ("Conv2d", "Linear") else _words(passage.kind)
    return words.format(**said, window=len(example.get("window", ())))


def _weighted(passage: "Passage") -> str:
    into, bias = passage.before.shape, passage.example["bias"]
    if passage.kind == "Conv2d":
        if into[0] == 1:
            words = _(
                "Each number is a weighted sum of the {count} numbers in one window; each of the {outputs} filters "
                "goes over all places with the same weights."
            )
        else:
            words = _(
                "Each number is a weighted sum of the {count} numbers in one window, through all {channels} maps at "
                "once; each of the {outputs} filters goes over all places with the same weights."
            )
        return words + " " + _("To each number its filter's bias is added.") if bias else words
    if len(into) == 2:
        if bias:
            return _(
                "At each position alone, {outputs} weighted sums of its {length} numbers, each plus its bias: the same "
                "weights at all positions."
            )
        return _(
            "At each position alone, {outputs} weighted sums of its {length} numbers: the same weights at all "
            "positions."
        )
    if bias:
        return _(
            "Each of its {outputs} numbers is a weighted sum of all {count} that come in, with weights of its own, "
            "plus its bias."
        )
    return _("Each of its {outputs} numbers is a weighted sum of all {count} that come in, with weights of its own.")


def _words(kind: str) -> str:
    return {
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
            "It reads {length} pixels a row, from the top. At row t its forget gate f says how much of its memory c it "
            "keeps, its input gate i how much it takes in of what is new, the cell input g, and its output gate o how "
            "much it gives out: h, which it also reads with the next row."
        ),
        "Attention": _(
            "Each position asks all others (Q), they answer how well they fit (K), and it gathers what they hold (V) "
            "in these shares."
        ),
        "Place": _("A class token comes first, and each position gets numbers added that tell where it is."),
    }.get(kind, _("It turns its numbers into others."))
