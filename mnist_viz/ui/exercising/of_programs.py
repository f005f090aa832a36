"""Exercises on programs: the articles from MNIST to language models, and on preparing the data."""

from mnist_viz.analysis.evaluation import accuracy_interval, predictions
from mnist_viz.analysis.slips import of_programs
from mnist_viz.data import mnist
from mnist_viz.data.address import COUNTS
from mnist_viz.text import _
from mnist_viz.ui import caches
from mnist_viz.ui.exercising.exercise import Exercise
from mnist_viz.ui.link import Choice

CLAIMED, BATCH = 9902, 64


def stops() -> Exercise:
    """When does a program fail?"""

    def answer(_choice: Choice) -> str:
        string, loader, name = (of_programs.run(one) for one in ("string", "loader", "name"))
        return _(
            "Run: the open string stops its program before the first line (**{string.done}** lines done), for Python "
            "reads the whole file before it obeys any of it: `{string.said}`. A name is looked up only when its line "
            "is reached. So the second has trained for **{loader.done}** epochs when it says `{loader.said}`, and all "
            "that it learned is lost. The third stops right after the split: `{name.said}`. Before a long training, "
            "let a program run once from end to end with a single batch."
        ).format(string=string, loader=loader, name=name)

    return Exercise(
        _(
            "In one program a string is opened and never closed. One trains for {epochs} epochs and then reads test "
            "digits from `test_loader`, which it never makes. One splits the digits into `train` and `test`, and then "
            "subtracts the mean from `test_data`."
        ).format(epochs=of_programs.EPOCHS),
        _("Each of them fails. When?"),
        answer,
    )


def log() -> Exercise:
    """Where does a number in a log come from?"""

    def answer(choice: Choice) -> str:
        assert choice.step is not None
        tested = mnist.digits("test")
        right = int((predictions(caches.logits(choice.run.id, choice.step, "test")) == tested.labels).sum())
        learned = COUNTS["train"] + COUNTS["val"]
        return _(
            "From somewhere else. The only digits this program can count are the {learned:,} of its {batches} batches, "
            "so its line would have to end in /{learned}. If another program did count {claimed:,}, the share of all "
            "such digits that its network reads lies between {low} and {high} % (95 % interval): the "
            "third digit is chance. The network shown here was counted just now: **{right:,}** of {test:,}, "
            "{own_low} to {own_high} %."
        ).format(
            learned=learned,
            batches=-(-learned // BATCH),
            claimed=CLAIMED,
            right=right,
            test=len(tested),
            **_ends(CLAIMED, len(tested), "low", "high"),
            **_ends(right, len(tested), "own_low", "own_high"),
        )

    return Exercise(
        _(
            "A program makes one loader, of the {learned:,} training digits in batches of {batch}. Its log ends with "
            "“Test: {claimed}/10000 (99 %)”."
        ).format(learned=COUNTS["train"] + COUNTS["val"], batch=BATCH, claimed=CLAIMED),
        _("Where does this number come from, and how exact would it be?"),
        answer,
        reads=True,
    )


def _ends(right: int, of: int, *names: str) -> dict[str, str]:
    return {name: f"{100 * end:.2f}" for name, end in zip(names, accuracy_interval(right, of), strict=True)}
