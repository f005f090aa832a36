"""Exercises on the data: how many digits, whose labels, what leaks, which range, a call that is gone.

The slips are those of the article on preparing the data.
"""

from mnist_viz.analysis.disputed import dispute
from mnist_viz.analysis.evaluation import predictions
from mnist_viz.analysis.slips import of_data
from mnist_viz.data import mnist
from mnist_viz.data.address import Address, digit
from mnist_viz.figures.numbers import written
from mnist_viz.text import _
from mnist_viz.ui import caches
from mnist_viz.ui.exercising.exercise import Exercise
from mnist_viz.ui.gallery import gallery, plain_sentence
from mnist_viz.ui.link import Choice
from mnist_viz.ui.turns import heavy


def counts() -> Exercise:
    """70,000 and 10,000?"""

    def answer(_choice: Choice) -> str:
        found = of_data.counts()
        return _(
            "Counted in the files: **{train:,}** training digits (here 5,000 of them are held back for validation) and "
            "**{test:,}** test digits. {whole:,} is both together: who trains on {whole:,} has trained on the test."
        ).format(train=found.train, test=found.test, whole=sum(found))

    return Exercise(
        _("MNIST consists of 70,000 images to train on and 10,000 to test with."),
        _("How many digits are there to train on?"),
        answer,
    )


def labels() -> Exercise:
    """Is every label right?"""

    def answer(choice: Choice) -> str:
        truth = mnist.digits("test").labels
        found = of_data.disputed(truth)
        assert choice.step is not None
        read = predictions(caches.logits(choice.run.id, choice.step, "test"))
        return _(
            "No: for **{count}** of the {all:,} test digits fewer than three of five people confirmed the label "
            "(Northcutt, Athalye, Mueller 2021). {name}, step {step:,}, makes {wrong:,} mistakes, and **{here}** of "
            "them are on these {count}: there it need not be the network that is wrong. Under each, its label and what "
            "most of the five saw; “?” where no three of them agreed."
        ).format(
            count=len(found),
            all=len(truth),
            name=choice.run.config["architecture"],
            step=choice.step,
            wrong=int((read != truth).sum()),
            here=int((read[found] != truth[found]).sum()),
        )

    def shows(_choice: Choice) -> None:
        found = of_data.disputed(mnist.digits("test").labels)
        gallery(
            "test",
            found,
            key="disputed_digits",
            label=_("Disputed labels"),
            word=_seen,
            describe=plain_sentence,
            size=64,
        )

    return Exercise(
        _("Every image of MNIST is labelled correctly."),
        _("Would five people agree with every label?"),
        answer,
        reads=True,
        shows=shows,
    )


def _seen(address: Address) -> str:
    disagreement, label = dispute(address.part, address.index), digit(address)[1]
    if disagreement is None or disagreement.seen is None:
        return _("{label}, or ?").format(label=label)
    return _("{label}, or {seen}").format(label=label, seen=disagreement.seen)


def leak() -> Exercise:
    """What does the mean of all digits know?"""

    def answer(_choice: Choice) -> str:
        with heavy:
            found = of_data.leak()
        return _(
            "The mean was taken before the split, so what is held back is in it: the mean grey value of all 70,000 is "
            "**{whole:.3f}**, that of the {learned:,} that are learned from **{mean:.3f}**, and pixels of the mean "
            "image move by {moved:.2f} grey values on average, **{most:.2f}** at most. A small leak. The larger one: "
            "unshuffled, the last fifth of 70,000 is {held:,} digits, and **{tests:,}** of them are the test digits. "
            "They would choose the settings that they should only judge."
        ).format(
            whole=found.whole_mean,
            mean=found.learned_mean,
            moved=found.moved[0],
            most=found.moved[1],
            learned=found.learned,
            held=found.held_back,
            tests=found.tests,
        )

    return Exercise(
        _(
            "Take all 70,000 images, subtract their mean image, and then, without shuffling, split off the last 20 % "
            "for validation."
        ),
        _("What do the digits that are held back tell the training, and which digits are they?"),
        answer,
    )


def centred() -> Exercise:
    """Is it still from 0 to 1?"""

    def answer(_choice: Choice) -> str:
        with heavy:
            low, high = of_data.centred_range()
        return _(
            "No: scaled to [0, 1] and with the mean image subtracted, the pixels of the training digits go from "
            "**{low}** to **{high:.3f}**. Where most digits have ink, one that has none there is below zero."
        ).format(low=written(low), high=high)

    return Exercise(
        _("The pixels are scaled to [0, 1]; then the mean image is subtracted; the values lie in [0, 1]."),
        _("From where to where do they go?"),
        answer,
    )


def encoder() -> Exercise:
    """Does the call still run?"""

    def answer(_choice: Choice) -> str:
        refusal = of_data.encoder_refusal()
        if not refusal:
            return _("This version of scikit-learn still takes it; newer ones say `sparse_output=False`.")
        return _(
            "It is a TypeError: `{refusal}`. The word is `sparse_output` since scikit-learn 1.2; with it the ten "
            "labels become a table of {shape}."
        ).format(refusal=refusal, shape=" × ".join(map(str, of_data.encoded_shape())))

    return Exercise(
        _("One-hot vectors come from scikit-learn's `OneHotEncoder(sparse=False)`."),
        _("What does this line do today?"),
        answer,
    )
