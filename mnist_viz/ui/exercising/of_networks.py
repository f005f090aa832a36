"""Exercises on networks: parameters, sizes, a view that mixes digits, dropout on a flat table, what a CNN withstands.

The slips are those of all five articles; which one is said in `analysis.slips`.
"""

from functools import partial

from mnist_viz.analysis import endurance
from mnist_viz.analysis.evaluation import accuracy_interval
from mnist_viz.analysis.slips import of_networks
from mnist_viz.data import mnist
from mnist_viz.runs import digits
from mnist_viz.text import _, percent
from mnist_viz.ui import caches
from mnist_viz.ui.exercising.exercise import Exercise
from mnist_viz.ui.link import Choice
from mnist_viz.ui.turns import heavy


def parameters() -> Exercise:
    """Which network has fewer parameters?"""

    def answer(_choice: Choice) -> str:
        found = of_networks.parameters()
        return _(
            "Not this one: both built and counted, `conv16_32` has **{convolutional:,}** and an MLP 784-128-10 "
            "**{connected:,}**. {share} of the first are in its own fully connected layer of {width} neurons. What "
            "its convolutions leave of a digit is **{flat}** numbers; {width} come only after that layer."
        ).format(**found._asdict(), share=percent(found.hidden / found.convolutional, 0))

    return Exercise(
        _(
            "Since weights are shared, a convolutional network (16 and 32 filters of 3 × 3, pooled, a layer of 128) "
            "has fewer parameters than a fully connected one; after two convolutions and poolings 128 features are "
            "left."
        ),
        _("How many parameters have both, and how many features are left?"),
        answer,
    )


def sizes() -> Exercise:
    """What does a pool leave?"""

    def answer(_choice: Choice) -> str:
        found = of_networks.sizes()
        return _(
            "Run: {before} → {convolved} by the convolution, → **{pooled}** by the pool, so the sizes are right and "
            "the formula is not. Without a stride a window of 2 would leave {convolved} − 2 + 1 = **{stride_one}**, "
            "which is what a pool with stride 1 gives. With stride s it is "
            "$\\lfloor({convolved}-2)/s\\rfloor+1$, and s = 2 makes {pooled}."
        ).format(**found._asdict())

    return Exercise(
        _(
            "A picture of 32 × 32 becomes 30 × 30 by a 3 × 3 convolution and 15 × 15 by a 2 × 2 pool; the size after a "
            "pool follows from the size before it and the window alone, by a formula without a stride."
        ),
        _("Do the sizes and the formula agree?"),
        answer,
    )


def view() -> Exercise:
    """Where have 48 digits gone?"""

    def answer(_choice: Choice) -> str:
        found = of_networks.wrong_view()
        return _(
            "Pooling leaves {pooled} of a batch. The line *succeeds*: it makes **{rows}** rows of {numbers:,} numbers, "
            "four digits in each. Only the loss complains, about something else: `{refusal}`. Right is "
            "`torch.flatten(x, 1)`, which never touches the batch."
        ).format(
            pooled=" × ".join(map(str, found.pooled)),
            rows=found.viewed[0],
            numbers=found.viewed[1],
            refusal=found.refusal.removesuffix("."),
        )

    return Exercise(
        _(
            "After two padded convolutions, each with a 2 × 2 pool, the features of a batch of 64 are flattened by "
            "`x.view(-1, 64 * 14 * 14)`."
        ),
        _("What shape comes out, and where does it go wrong?"),
        answer,
    )


def dropout() -> Exercise:
    """Which channels are dropped?"""

    def answer(_choice: Choice) -> str:
        found = of_networks.flat_dropout()
        rows, width = found.shape
        return _(
            "On a flat table there are no channels: of {all:,} ones it zeroes {zeros:,} one by one, and {zero_rows} of "
            "{rows} whole rows. That is plain dropout, and torch says so: “{warning}.”"
        ).format(all=rows * width, zeros=found.zeros, zero_rows=found.zero_rows, rows=rows, warning=found.warning)

    return Exercise(
        _("After the fully connected layer of 128 neurons a `Dropout2d(0.5)` drops whole channels."),
        _("What does it drop?"),
        answer,
    )


def endures() -> Exercise:
    """Robust, or not?"""

    def answer(choice: Choice) -> str:
        assert choice.step is not None
        tests, network = mnist.digits("test"), caches.network(choice.run.id, choice.step)
        images, truth = tests.images[: endurance.DIGITS], tests.labels[: endurance.DIGITS]
        right = of_networks.right_when_changed(network, images, truth, partial(digits.prepared, choice.run), heavy)
        rows = "\n".join(
            _("| {name} | {share} | {low} to {high} |").format(
                name=_changes()[name],
                share=percent(count / len(truth), 1),
                low=f"{100 * low:.1f}",
                high=f"{100 * high:.1f}",
            )
            for name, count in right.items()
            for low, high in [accuracy_interval(count, len(truth))]
        )
        head = _("| {count:,} test digits | read rightly | 95 % interval |").format(count=len(truth))
        return f"{_said(choice, right, len(truth))}\n\n{head}\n|---|---|---|\n{rows}"

    return Exercise(
        _(
            "Two articles: a convolutional network is poor against rotation and scale. A third: it is robust against "
            "shift, rotation and scale."
        ),
        _("They cannot both be right. What does the chosen network withstand?"),
        answer,
        reads=True,
    )


def _said(choice: Choice, right: dict[str, int], count: int) -> str:
    return _(
        "Measured on {name}, step {step:,}: {none} of digits as they are, but **{moved}** when they are moved by 6 "
        "pixels and **{turned}** when they are turned by 45°. Sharing weights makes the feature maps move along; what "
        "reads them at the end has learned places. How much a network withstands is a matter of what it was trained "
        "with and of how far, not of its kind."
    ).format(
        name=choice.run.config["architecture"],
        step=choice.step,
        none=percent(right["none"] / count, 1),
        moved=percent(right["moved_6"] / count, 1),
        turned=percent(right["turned_45"] / count, 1),
    )


def _changes() -> dict[str, str]:
    return {
        "none": _("as they are"),
        "moved_4": _("moved right by 4 pixels"),
        "moved_6": _("moved right by 6 pixels"),
        "turned_30": _("turned right by 30°"),
        "turned_45": _("turned right by 45°"),
        "smaller": _("0.6 times as large"),
        "larger": _("1.4 times as large"),
    }
