"""The maps of one digit: what the visitor chose, the grid of maps, what agrees, and what adds up."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from mnist_viz.analysis import agreement, evaluation, explanation
from mnist_viz.analysis.baselines import BLUR
from mnist_viz.data.address import COUNTS, digit
from mnist_viz.text import _, probability
from mnist_viz.ui import as_seen, caches, digit_panel, drawings, words
from mnist_viz.ui.components import figure
from mnist_viz.ui.link import Choice

DEFAULT = ("saliency", "integrated_gradients", "grad_cam", "occlusion")
MOST_CLASSES = 4
_ACROSS = 4  # methods beside each other; more stand below


@dataclass(frozen=True)
class Chosen:
    """What is compared: methods by their names, classes, and the baseline by its word."""

    methods: list[str]
    classes: tuple[int, ...]
    baseline: str


@dataclass(frozen=True)
class Look:
    """What is seen: the methods that fit, and a sentence for each that refuses."""

    choice: Choice
    chosen: Chosen
    methods: list[str]
    refusals: list[str]

    @property
    def where(self) -> tuple[str, int, str]:
        """Run, step and digit, as the caches are asked."""
        assert self.choice.step is not None
        return self.choice.run.id, self.choice.step, str(self.choice.digit)


def baselines() -> dict[str, str]:
    """What a digit may be compared with, by its names on the page."""
    return {caches.BLACK: _("Black"), "mean": _("Mean digit"), "blurred": _("Blurred")}


def controls(choice: Choice) -> Chosen:
    """Methods, classes and, where a method compares with one, the baseline."""
    from mnist_viz.analysis.saliency import METHODS  # noqa: PLC0415  brings torch and captum

    assert choice.step is not None
    rivals = explanation.rivals(caches.answer(choice.run.id, choice.step, str(choice.digit)), digit(choice.digit)[1])
    names = {name: method.title for name, method in METHODS.items()}
    fitting = [name for name in DEFAULT if METHODS[name].fits(caches.network(choice.run.id, choice.step))]
    with st.container(key="saliency_controls", gap="small"):
        methods = words.several("methods", _("Methods"), names, default=fitting, most=len(names))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            label = _("Classes (up to {most})").format(most=MOST_CLASSES)
            st.markdown(label, width="content")
            digits = {str(one): str(one) for one in range(10)}
            classes = words.several("classes", label, digits, default=[str(one) for one in rivals], most=MOST_CLASSES)
            baseline = caches.BLACK
            if any(METHODS[name].compares for name in methods):
                st.markdown(_("Baseline"), width="content")
                baseline = words.segmented("baseline", _("Baseline"), baselines(), default=caches.BLACK, bare=True)
    return Chosen([name for name in names if name in methods], tuple(map(int, classes)), baseline)


def look(choice: Choice, chosen: Chosen) -> Look:
    """Compute the maps, which the caches keep, and note who refuses."""
    from mnist_viz.analysis.saliency import Refused  # noqa: PLC0415  brings torch and captum

    if chosen.baseline == "mean":
        with st.spinner(_("Preparing {count:,} digits …").format(count=COUNTS["train"])):
            as_seen.mean_digit(as_seen.steps(choice.run.id))
    seen = Look(choice, chosen, [], [])
    for name in chosen.methods:
        try:
            _maps(seen, name)
        except Refused as refusal:
            seen.refusals.append(str(refusal))
        else:
            seen.methods.append(name)
    return seen


def _maps(seen: Look, name: str) -> np.ndarray:
    return caches.attributions(*seen.where, name, seen.chosen.classes, baseline=_baseline(seen, name))


def _baseline(seen: Look, name: str) -> str:
    from mnist_viz.analysis.saliency import METHODS  # noqa: PLC0415  brings torch and captum

    return seen.chosen.baseline if METHODS[name].compares else caches.BLACK


def sentence(seen: Look) -> str:
    """How the digit is read, and how far the signed methods agree about the first class."""
    from mnist_viz.analysis.saliency import METHODS  # noqa: PLC0415  brings torch and captum

    shares = evaluation.softmax(caches.answer(*seen.where))
    read = _("Read as {read} with {share}.").format(read=int(shares.argmax()), share=probability(float(shares.max())))
    signed = [name for name in seen.methods if METHODS[name].signed]
    if len(signed) < 2:  # nothing to compare
        return read
    correlations = agreement.rank_correlations(np.stack([_maps(seen, name)[0] for name in signed]))
    one, other = np.triu_indices(len(signed), 1)
    pairs = correlations[one, other]
    first = {"read": read, "label": seen.chosen.classes[0], "mean": f"{pairs.mean():.2f}"}
    best = int(pairs.argmax())
    names = {"one": METHODS[signed[one[best]]].title, "other": METHODS[signed[other[best]]].title}
    if len(pairs) == 1:
        return _(
            "{read} On what speaks for {label}, {one} and {other} agree with a rank correlation of {mean} "
            "(1 is the same order of pixels, 0 nothing in common)."
        ).format(**first, **names)
    return _(
        "{read} On what speaks for {label}, these methods agree with a mean rank correlation of {mean} (1 is the same "
        "order of pixels, 0 nothing in common), most of all {one} and {other} with {most}."
    ).format(**first, **names, most=f"{pairs.max():.2f}")


def show(seen: Look) -> None:
    """The digit and what it is compared with, beside them the maps and who refuses."""
    left, right = st.columns([3, 8] if as_seen.steps(seen.choice.run.id) else [4, 15], gap="medium")
    with right:
        rows = -(-len(seen.methods) // _ACROSS)
        for row, methods in enumerate(np.array_split(seen.methods, rows) if rows else []):
            drawn = drawings.saliency_grid(
                *seen.where[:2],
                seen.choice.digit,
                methods=tuple(map(str, methods)),
                classes=seen.chosen.classes,
                baseline=seen.chosen.baseline,
            )
            version = f"{seen.choice.digit} {seen.chosen.baseline} {' '.join(methods)} {seen.chosen.classes}"
            figure.show(drawn, key=f"saliency_maps_{row}", version=version)
        for refusal in seen.refusals:
            st.info(refusal)
    with left:
        digit_panel.picture(seen.choice, key="saliency_digit")
        if seen.chosen.baseline != caches.BLACK:
            title = baselines()[seen.chosen.baseline]
            drawn = drawings.compared_with(seen.choice.run.id, seen.choice.digit, seen.chosen.baseline, title)
            figure.show(drawn, key="saliency_baseline")


def sums(seen: Look) -> None:
    """For the methods that promise it: what the pixels add up to, and the change of the score that they explain."""
    from mnist_viz.analysis.saliency import METHODS  # noqa: PLC0415  brings torch and captum

    complete = [name for name in seen.methods if METHODS[name].adds_up]
    if not complete:
        return
    change = caches.score_changes(*seen.where, seen.chosen.baseline)
    st.dataframe(
        {
            _("Class"): list(seen.chosen.classes),
            _("Score of the digit minus that of the baseline"): [
                f"{change[label]:.3f}" for label in seen.chosen.classes
            ],
            **{
                _("Sum of the pixels: {method}").format(method=METHODS[name].title): [
                    f"{total:.3f}" for total in _maps(seen, name).sum(axis=(1, 2), dtype=np.float64)
                ]
                for name in complete
            },
        },
        hide_index=True,
        key="saliency_sums",
    )


def method_words() -> str:
    """How the maps are made, for the fold of the page (Markdown)."""
    from mnist_viz.analysis.saliency import METHODS  # noqa: PLC0415  brings torch and captum

    said = [f"- **{method.title}**: {method.description}" for method in METHODS.values()]
    return "\n".join(
        [
            *said,
            "",
            _(
                "Every method is divided by its largest absolute value over the classes shown, so that its classes "
                "can be compared; methods cannot be compared by strength. Absolute saliency knows no sign and uses "
                "the positive half of the scale. The dark line is the outline of the digit at half ink. "
                "The rank correlation is Spearman's over the 784 pixels, of the maps that have a sign, for the first "
                "class: 1 where two methods put all pixels in the same order, 0 where they have nothing in common."
            ),
            "",
            _(
                "Baselines: a picture without ink, the mean of the 55,000 training digits, or the digit itself under a "
                "Gaussian blur of {sigma:g} pixels. With black, a place without ink gets nothing from methods that "
                "multiply by the change: a missing stroke can only be seen against another baseline. Where a run "
                "prepares its digits, maps, mean and blur are those of the prepared ones. What adds up "
                "does so to 1 % of the change of the score (to 0.001 where the change is below 0.1), "
                "or the method refuses. Where what speaks for and what speaks against all but cancel, integrated "
                "gradients may miss 0.1 % of both together."
            ).format(sigma=BLUR),
        ]
    )
