"""The four views of the digits: to browse, by label, by pixel, and from typical to odd.

Each shows its pictures for a part and returns the sentence that says what is seen.
"""

import numpy as np
import streamlit as st

from mnist_viz.data import mnist, statistics
from mnist_viz.data.address import COUNTS, digit
from mnist_viz.figures import digits as pictures
from mnist_viz.figures import distributions
from mnist_viz.text import _, percent
from mnist_viz.ui import caches, link
from mnist_viz.ui.components import figure
from mnist_viz.ui.gallery import gallery, plain_sentence


def parts() -> dict[str, str]:
    """The parts by their names on the page."""
    return {"train": _("Training"), "val": _("Validation"), "test": _("Test")}


def names() -> dict[str, str]:
    """The views by their names on the page."""
    return {
        "digits": _("Digits"),
        "labels": _("Labels"),
        "pixels": _("Pixels"),
        "typical": _("Typical and odd"),
    }


def browse(part: str) -> str:
    """Digits of a part side by side, all or of one label; the chosen one large."""
    labels = mnist.digits(part).labels
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        label = st.pills(_("Label"), range(10), key="label", bind="query-params", format_func=str, wrap=True)
        values = st.toggle(_("Write the grey values"), key="values", bind="query-params")
    left, right = st.columns([2, 5] if values else [3, 2], gap="medium")
    with left:
        indices = np.arange(len(labels)) if label is None else np.flatnonzero(labels == label)
        gallery(
            part,
            indices,
            key=f"browse_{part}_{label}",
            label=_("Digits of this part"),
            word=lambda address: f"{labels[address.index]} · #{address.index:,}",
            describe=plain_sentence,
            per_page=36,
            reveals="digit_large",
        )
    with right:
        address, _refusal = link.digit()
        image, true = digit(address)
        words = _("{address}, labelled {label}").format(address=address, label=true)
        figure.show(pictures.digit(image, words, values=values), key="digit_large")
    return _browsed(part, label, len(indices))


def _browsed(part: str, label: int | None, count: int) -> str:
    """What is browsed: `count` digits of a part, all or those of one label."""
    if label is None:
        return _(
            "{count:,} of the 70,000 pictures, each of 28 × 28 grey pixels; under each its label and its number. "
            "Click one to look closer."
        ).format(count=count)
    sentence = {
        "train": _("{count:,} of the {all:,} training digits are labelled {label}; under each its label and number."),
        "val": _("{count:,} of the {all:,} validation digits are labelled {label}; under each its label and number."),
        "test": _("{count:,} of the {all:,} test digits are labelled {label}; under each its label and number."),
    }[part]
    return sentence.format(count=count, all=COUNTS[part], label=label)


def label_distribution(part: str) -> str:
    """How many digits have each label, in every part."""
    counts = {name: statistics.label_counts(mnist.digits(name).labels) for name in mnist.PARTS}
    figure.show(distributions.labels(counts), key="labels_figure")
    here = counts[part]
    return _(
        "The labels are not equally frequent: of {total:,} digits, {most:,} are a {often} and {fewest:,} a {rare}."
    ).format(
        total=int(here.sum()),
        most=int(here.max()),
        often=int(here.argmax()),
        fewest=int(here.min()),
        rare=int(here.argmin()),
    )


def pixel_statistics(part: str) -> str:
    """Mean, deviation and median image, the mean of each label, grey values, and the pixels nobody uses."""
    known = caches.statistics(part)
    figure.show(
        pictures.panels(
            np.stack([known.mean, known.deviation, known.median]),
            [_("Mean"), _("Standard deviation"), _("Median")],
            title=_("Every pixel over all digits of this part"),
            unit=_("grey value"),
        ),
        key="pixels_three",
    )
    figure.show(
        pictures.panels(
            known.class_means,
            [str(label) for label in range(10)],
            title=_("Mean image of each label"),
            unit=_("grey value"),
            columns=5,
        ),
        key="pixels_means",
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        figure.show(distributions.grey_values(known.histogram), key="pixels_greys")
    with right:
        figure.show(pictures.never_used(known.unused), key="pixels_unused")
    return _(
        "Only {ink} of all pixels hold any ink, the mean grey value is {grey:.2f} of 255, and {unused} of the "
        "784 places are never used."
    ).format(ink=percent(known.ink.share, 1), grey=known.ink.mean_grey, unused=int(known.unused.sum()))


def typical_and_odd(part: str) -> str:
    """The digits nearest to the mean image of their label, and those farthest from it."""
    label = st.pills(
        _("Label"), range(10), key="which", bind="query-params", format_func=str, default=4, required=True, wrap=True
    )
    left, middle, right = st.columns([2, 3, 3], gap="large")
    with left:
        figure.show(
            pictures.panels(
                caches.statistics(part).class_means[label : label + 1],
                [""],
                title=_("Mean\N{NO-BREAK SPACE}{label}").format(label=label),
                unit=_("grey value"),
                columns=1,
            ),
            key="typical_mean",
        )
    for column, name, end in (
        (middle, _("Nearest to it"), "nearest"),
        (right, _("Farthest from it"), "farthest"),
    ):
        with column:
            st.header(name, anchor=False)
            _ranked(part, label, end, name)
    return _(
        "How far each {label} lies from the mean picture of its label: under each digit its Euclidean distance over "
        "all 784 pixels."
    ).format(label=label)


def _ranked(part: str, label: int, end: str, name: str) -> None:
    indices, distances = caches.ranked(part, label, end)
    distance = dict(zip(indices.tolist(), distances.tolist(), strict=True))
    gallery(
        part,
        indices,
        key=f"{end}_{part}_{label}",
        label=name,
        word=lambda address: f"{distance[address.index]:,.0f}",
        describe=lambda address: _("{sentence}, at a distance of {distance:,.1f} from the mean").format(
            sentence=plain_sentence(address), distance=distance[address.index]
        ),
    )


VIEWS = {
    "digits": browse,
    "labels": label_distribution,
    "pixels": pixel_statistics,
    "typical": typical_and_odd,
}
