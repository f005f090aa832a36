"""The map of the test digits: where the network puts them, who lies inside a line, and who is nearest to whom."""

import zlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz import text
from mnist_viz.data import mnist
from mnist_viz.data.address import Address, digit
from mnist_viz.figures.embedding import rings
from mnist_viz.jobs import maps
from mnist_viz.jobs.queue import Job, Progress, jobs
from mnist_viz.runs import features
from mnist_viz.server.mapping import route_of
from mnist_viz.server.start import works_ahead
from mnist_viz.server.waiting import phase
from mnist_viz.text import _, percent
from mnist_viz.ui import caches, drawings, frame, link, words
from mnist_viz.ui.components import figure
from mnist_viz.ui.inside import alike
from mnist_viz.ui.link import Choice

KEY = "map_figure"


class Controls(NamedTuple):
    """What was chosen: the map, `pca` or `umap`, and what colours it, `label`, `read` or `right`."""

    map: str
    colour: str


@dataclass(frozen=True)
class Seen:
    """A checkpoint's map: `places` (N, 2) on the map that can be shown, and the job that makes the one asked for."""

    choice: Choice
    chosen: Controls
    places: NDArray[np.float32]
    pca: maps.Pca
    job: Job
    progress: Progress | None

    @property
    def shown(self) -> str:
        """The map that is shown: PCA as long as UMAP is not there."""
        return "pca" if self.places is self.pca.places else "umap"

    @property
    def version(self) -> str:
        """The name of the places: others have another."""
        return maps.version(self.shown, self.job.run, self.job.step, self.places)


def controls() -> Controls:
    """The slim row: which map, and coloured by what."""
    colours = {"label": _("Label"), "read": _("Read as"), "right": _("Right or wrong")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = words.segmented("map", _("Map"), {"umap": "UMAP", "pca": "PCA"}, default="umap", bare=True)
        return Controls(kind, words.segmented("colour", _("Colour"), colours, default="label", bare=True))


def look(choice: Choice, chosen: Controls) -> Seen:
    """The map as far as it is known; a checkpoint that nobody has looked at takes a few seconds."""
    assert choice.step is not None
    with st.spinner(_("Reading {count:,} digits …").format(count=maps.DIGITS), show_time=True):
        pca = caches.pca(choice.run.id, choice.step)
    job = Job(choice.run, choice.step)
    progress = jobs().look(job) if chosen.map == "umap" else None
    places = maps.umap(choice.run, choice.step) if chosen.map == "umap" else None
    if chosen.map == "umap" and places is None and frame.may_act():
        features.keep(job.run, job.step, maps.PART)  # so that whoever asks for the map need not wait for it
        if works_ahead():
            jobs().get_ready(job)
    return Seen(choice, chosen, pca.places if places is None else places, pca, job, progress)


def sentence(seen: Seen) -> str:
    """What a point is and what its place means."""
    said = _(
        "**{name}**, step {step:,}, makes {width} numbers of each of the {count:,} test digits; those with similar "
        "numbers lie together."
    )
    if seen.shown == "pca":
        said = _(
            "**{name}**, step {step:,}, makes {width} numbers of each of the {count:,} test digits; the two directions "
            "seen here hold **{share}** of all their differences (of the variance)."
        )
    return said.format(
        name=seen.choice.run.config["architecture"],
        step=seen.job.step,
        width=seen.pca.width,
        count=len(seen.places),
        share=percent(float(seen.pca.shares.sum()), 1),
    )


def computing(seen: Seen) -> None:
    """Where UMAP was asked for and is not there: the button that has it computed, or gives it up."""
    if seen.chosen.map == seen.shown:
        return
    alive = seen.progress is not None and seen.progress.alive
    if seen.progress and seen.progress.state == "failed":
        st.warning(seen.progress.reason)
    with st.container(horizontal=True, vertical_alignment="center"):
        if alive:
            if frame.may_act():
                st.button(_("Cancel"), icon=":material/close:", on_click=_cancel, args=(seen.job,))
            st.caption(_("PCA is shown until UMAP is there."))
        elif not frame.may_act():
            st.caption(_("PCA is shown: UMAP of this checkpoint is not computed yet; the presenter can start it."))
        else:
            st.button(
                _("Compute UMAP"), icon=":material/scatter_plot:", type="primary", on_click=_ask, args=(seen.job,)
            )
            st.caption(_("PCA is shown until UMAP is there. It takes about 10 s; the first time about a minute more."))


def picture(seen: Seen) -> NDArray[np.intp]:
    """The map with the chosen digit and its ten nearest ringed; returns the indices of the digits inside the line."""
    run_id, step, address = seen.choice.run.id, seen.job.step, seen.choice.digit
    name = {"pca": "PCA", "umap": "UMAP"}[seen.shown]
    drawn = drawings.embedding(
        run_id, step, seen.places, by=seen.chosen.colour, part=maps.PART, name=name, version=seen.version
    )
    live = None
    if seen.chosen.map != seen.shown and seen.progress and seen.progress.alive:
        live = figure.Live(route_of(run_id, step, text.language()), 0, phase(seen.progress), 0.0)
    own = address.index if address.part == maps.PART else None
    result = figure.show(
        drawn,
        key=KEY,
        live=live,
        selects=True,
        version=seen.version,
        marks=rings(seen.places, own, caches.nearest(run_id, step, str(address)).tolist()),
        at=str(address),
        on_click=_choose_point,
    )
    return figure.selected(result.selection, len(seen.places), seen.version)


def neighbours(seen: Seen) -> None:
    """The ten digits nearest to the chosen one in the features' own space, not on the map."""
    address = seen.choice.digit
    nearest = caches.nearest(seen.choice.run.id, seen.job.step, str(address))
    st.markdown(_said_of(address, mnist.digits(maps.PART).labels[nearest], seen.pca.width))
    key = f"nearest_{seen.choice.run.id}_{seen.job.step}_{address}"
    alike.show(seen.choice.run.id, seen.job.step, nearest, key=key, label=_("Its ten nearest"))


def inside(seen: Seen, indices: NDArray[np.intp]) -> None:
    """The digits inside the line that was drawn on the map, the wrongly read ones first."""
    if len(indices) == 0:
        st.caption(_("Draw a line around points of the map: their digits come here."))
        return
    labels, read = mnist.digits(maps.PART).labels, alike.read(seen.choice.run.id, seen.job.step)
    wrong = labels[indices] != read[indices]
    counts = np.bincount(labels[indices], minlength=10)
    st.markdown(
        _("**{count:,} digits inside the line**, {wrong:,} of them read wrongly. By label: {counts}.").format(
            count=len(indices), wrong=int(wrong.sum()), counts=alike.counted(counts)
        )
    )
    ordered = indices[np.argsort(~wrong, kind="stable")]
    key = f"inside_{seen.version}_{zlib.crc32(indices.tobytes()):08x}"
    alike.show(seen.choice.run.id, seen.job.step, ordered, key=key, label=_("Digits inside the line"))


def _said_of(address: Address, labels: NDArray[np.uint8], width: int) -> str:
    """How many of the nearest have which label; the digit's own stands out."""
    label = digit(address)[1]
    same = int((labels == label).sum())
    if same == len(labels):
        said = _(
            "All ten digits nearest to **{address}** by the network's {width} numbers have its label, **{label}**."
        )
    elif same == 0:
        said = _(
            "The ten digits nearest to **{address}** by the network's {width} numbers are labelled {counts}: "
            "none of them has its label, **{label}**."
        )
    else:
        said = _(
            "The ten digits nearest to **{address}**, labelled **{label}**, by the network's {width} numbers are "
            "labelled {counts}."
        )
    counts = alike.counted(np.bincount(labels, minlength=10), label)
    return said.format(address=address, label=label, width=width, counts=counts)


def _choose_point() -> None:
    point = figure.clicked(KEY)
    if point is not None and "id" in point:
        link.choose(digit=point["id"])


def _ask(job: Job) -> None:
    if frame.may_act():
        jobs().ask(job)


def _cancel(job: Job) -> None:
    if frame.may_act():
        jobs().cancel(job)
