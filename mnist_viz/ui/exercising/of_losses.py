"""Exercises on the loss: the articles on features and labels, and on convolutional classification in practice."""

from mnist_viz.analysis.slips import of_losses
from mnist_viz.data.address import digit
from mnist_viz.figures.numbers import written
from mnist_viz.runs import digits
from mnist_viz.text import _
from mnist_viz.ui import caches
from mnist_viz.ui.exercising.exercise import Exercise
from mnist_viz.ui.link import Choice
from mnist_viz.ui.turns import heavy


def cross_entropy() -> Exercise:
    """What does this loss come to?"""

    def answer(_choice: Choice) -> str:
        found = of_losses.cross_entropy()
        return _(
            "The ten numbers add up to **{total:.1f}**: they are no distribution. Cross-entropy looks at one of them, "
            "that of the true class: −ln 0.2 = **{stands:.3f}** as they stand, and −ln(2/13) = **{normalised:.3f}** "
            "once they are divided by their sum. The formula has the prediction in the place of the truth as well: "
            "−Σ p ln p, and that sum is **{printed:.3f}** nats, not 0.265. And the largest number is that of class "
            "{read}: this digit is misread."
        ).format(
            total=found.total,
            stands=found.as_it_stands,
            normalised=found.normalised,
            printed=found.printed,
            read=found.read,
        )

    numbers = ", ".join(map(str, of_losses.ANSWERS))
    return Exercise(
        _(
            "A network answers a {true} with the distribution [{numbers}]; −Σ p ln p over these ten, its "
            "cross-entropy, is 0.265."
        ).format(true=of_losses.TRUE, numbers=numbers),
        _("There is more than one error here. What is the cross-entropy?"),
        answer,
    )


def twice() -> Exercise:
    """Log-softmax, and then cross-entropy?"""

    def answer(choice: Choice) -> str:
        assert choice.step is not None
        image, label = digits.image(choice.run, choice.digit), digit(choice.digit)[1]
        with heavy:
            found = of_losses.log_softmax_twice(caches.network(choice.run.id, choice.step), image, label)
        return _(
            "Less than it seems. Cross-entropy takes the log-softmax itself, and log-softmax twice is log-softmax: the "
            "loss of {digit} is {once:.6f} from logits and **{twice:.6f}** from log-probabilities. It is redundant, "
            "not wrong. But whoever asks which pixels decided asks something else then: the gradient of the logit of "
            "{label} by the pixels and that of its log-probability have a cosine of {alike}, where 1 would be the same "
            "direction, since the second also says what speaks against the other classes."
        ).format(
            digit=choice.digit,
            once=found.once,
            twice=found.twice,
            label=label,
            alike=written(found.alike, 2),
        )

    return Exercise(
        _("The network ends in `log_softmax`, and its output goes into `CrossEntropyLoss`."),
        _("What does that do to the loss?"),
        answer,
        reads=True,
        of_digit=True,
    )
