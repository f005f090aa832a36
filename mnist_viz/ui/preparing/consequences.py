"""With or without? Small networks trained in pairs, one with a step and one without: what the step is worth."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz import text
from mnist_viz.analysis import paired
from mnist_viz.data.address import COUNTS
from mnist_viz.figures import comparison
from mnist_viz.figures import paired as drawn
from mnist_viz.figures.comparison import LOOKS, Band, Line, Look
from mnist_viz.jobs import contests
from mnist_viz.jobs.contests import Trial
from mnist_viz.jobs.queue import Progress, jobs
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server.board import board
from mnist_viz.server.contesting import phase, route_of
from mnist_viz.text import _, percent
from mnist_viz.training.contest import ARMS, RATE, Contest
from mnist_viz.ui import frame, page
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.link import Choice
from mnist_viz.ui.preparing import contest_words

Table = NDArray[np.float64]


def show(_choice: Choice) -> str:
    """Show the view; returns the sentence that says whether the step helps, and how sure that is."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="contest"):
        contest = contest_words.choose()
        job = Trial(board().store.run(PRETRAINED), contest)
        progress, table = jobs().look(job), contests.known(job.run, contest)
        _actions(job, progress, done=table is not None)
    if progress and progress.state == "failed" and table is None:
        st.warning(progress.reason)
    live = None
    if table is None and progress and progress.alive:
        live = figure.Live(route_of(contest, text.language()), 0, phase(progress, contest), 0.0)
    shown = contests.so_far(contest, progress.seen if progress and progress.alive else ()) if table is None else table
    curves, differences = _pictures(contest, shown.shape[1], text.language(), _table=shown)
    with st.container(key="contest_shown"):
        left, right = st.columns([3, 2], gap="medium")
    with left:
        figure.show(curves, key="contest_curves", live=live)
    with right:
        figure.show(differences, key="contest_differences")
    page.how_made(_method(contest))
    return _not_known(contest) if table is None else sentence(contest, table)


def _actions(job: Trial, progress: Progress | None, *, done: bool) -> None:
    """The button that has the contest held, or gives it up; once it is over, the way to train with the step."""
    if done:
        with st.container(key="to_train", width="content"):
            st.page_link(
                "pages/train.py",
                label=_("Train with this preparation"),
                query_params=contest_words.to_train(job.contest),
            )
    elif not frame.may_act():
        st.caption(_("Nobody has compared this yet; the presenter can start it."))
    elif progress and progress.alive:
        st.button(_("Cancel"), icon=":material/close:", on_click=_cancel, args=(job,))
    else:
        label = _("Compare")
        st.button(label, icon=":material/compare_arrows:", type="primary", on_click=_ask, args=(job,))


@st.cache_data(max_entries=256, show_spinner=False)
def _pictures(contest: Contest, pairs: int, language: str, *, _table: Table) -> tuple[Drawn, Drawn]:
    """The curves of both sides and the differences of the pairs that are known, (2, pairs, epochs); empty where none
    is. What they are is settled by the contest: there is no need to compare the table.
    """
    title = _("Accuracy: mean and range of {seeds} networks").format(seeds=pairs)
    name = _("mean of {seeds} networks").format(seeds=pairs)
    if pairs <= 1:
        title = _("Accuracy: the first pair") if pairs else _("Accuracy of both sides")
        name = _("one network")
    with_it, without = (LOOKS[place]._replace(letter=name) for place, name in enumerate((_("with"), _("without"))))
    lines, bands = [], []
    if pairs:
        for look, side in ((without, _table[0]), (with_it, _table[1])):
            line, band = _side(contest, look, side)
            lines.append(line)
            bands.append(band)
    curves = comparison.curves(
        lines,
        [],
        looks=(without, with_it),
        bands=bands,
        names=[name] * len(lines),
        measure="accuracy",
        by="epoch",
        title=title,
    )
    curves.update_yaxes(title_text=_("accuracy (%), error on a log scale"))
    if not pairs:
        curves.update_xaxes(range=[-0.02 * contest.epochs, 1.01 * contest.epochs])
    gained = _gained(_table)
    told = paired.mean(gained) if pairs == contest.seeds else None  # an interval belongs to all pairs that were planned
    gains = drawn.differences(
        list(gained), told, (without, with_it), _("Gain of each pair"), of=contest.seeds if pairs else 0
    )
    return Drawn.of(curves), Drawn.of(gains)


def _side(contest: Contest, look: Look, side: Table) -> tuple[Line, Band]:
    epochs = np.arange(1, contest.epochs + 1)
    along = epochs.astype(np.float64)
    line = Line(along, side.mean(axis=0), epochs * contest.steps_per_epoch)
    return line, Band(look, along, side.min(axis=0), side.max(axis=0))


def _gained(table: Table) -> Table:
    """By how much each seed's network reads more with the step than without it, after the last epoch."""
    gained: Table = table[1, :, -1] - table[0, :, -1]
    return gained


def sentence(contest: Contest, table: Table) -> str:
    """Both accuracies, their difference and its interval, and what that says."""
    told = paired.mean(_gained(table))
    if told.beyond_chance and told.value > 0:
        said = _(
            "**{with_it}** of the {digits} are read right with {doing}, **{without}** without (means of "
            "{seeds} pairs): **{gain}**, 95 % interval {low} to {high}. It helps here: more than "
            "chance explains."
        )
    elif told.beyond_chance:
        said = _(
            "**{with_it}** of the {digits} are read right with {doing}, **{without}** without (means of "
            "{seeds} pairs): **{gain}**, 95 % interval {low} to {high}. It hurts here: more than "
            "chance explains."
        )
    else:
        said = _(
            "**{with_it}** of the {digits} are read right with {doing}, **{without}** without (means of "
            "{seeds} pairs): **{gain}**, but the 95 % interval, {low} to {high}, holds 0: chance may "
            "explain it."
        )
    shares = [round(100 * float(side[:, -1].mean()), 2) for side in table]
    without, with_it = (percent(share / 100) for share in shares)
    gain, low, high = (drawn.signed(100 * value) for value in told)
    is_rounded = drawn.signed(shares[1] - shares[0]) != gain
    gain = (_("{gain} points before rounding") if is_rounded else _("{gain} points")).format(gain=gain)
    return said.format(
        doing=contest_words.doing(contest),
        digits=contest_words.read(contest),
        with_it=with_it,
        without=without,
        seeds=contest.seeds,
        gain=gain,
        low=low,
        high=high,
    )


def _not_known(contest: Contest) -> str:
    return _(
        "Does {network} read more {read} with {doing} than without? **{count} small networks** have to be trained to "
        "tell, on {digits:,} digits each: about {seconds:.0f} s on one core."
    ).format(
        network=contest.architecture,
        doing=contest_words.doing(contest),
        read=contest_words.read(contest),
        count=len(ARMS) * contest.seeds,
        digits=contest.digits,
        seconds=max(10, round(contest.seconds, -1)),
    )


def _method(contest: Contest) -> str:
    config = contest.config(0, with_step=True)
    return _(
        "Both sides learn by the trainer's own loop from the same {digits:,} training digits ({epochs} epochs, batches "
        "of {batch}, {optimiser} at a rate of {rate:g} that was tuned for neither side). The networks of a pair have "
        "the same seed: the same first weights and the same order of the digits. So whatever luck a seed brings, both "
        "have it, and their difference is measured more sharply than either of them. Steps of preparation change the "
        "digits that are learned from and those that are read; augmentation changes only the former, anew each time; "
        "a scaling is tried against pixels from 0 to 1.\n\n"
        "All are read on the {val:,} validation digits after each epoch. The {test:,} test digits choose nothing "
        "here, so that they can still judge what is trained afterwards. The axis of accuracy is logarithmic in the "
        "errors: from 90 to 95 % is as far as from 95 to 97.5 %, since either way half of the errors are gone.\n\n"
        "The interval is Student's t for paired differences, $\\bar d \\pm t_{{0.975,\\,n-1}}\\, s_d / \\sqrt{{n}}$ "
        "(1908), with n = {seeds}: {seeds} pairs, seeds 0 to {last}. It speaks of the chance of weights and order "
        "alone; other training digits, a larger network or longer training may answer otherwise. Who tries twenty "
        "steps that do nothing finds about one whose interval leaves out 0."
    ).format(
        digits=contest.digits,
        epochs=config.epochs,
        batch=config.batch,
        optimiser="Adam",
        rate=RATE,
        val=COUNTS["val"],
        test=COUNTS["test"],
        seeds=contest.seeds,
        last=contest.seeds - 1,
    )


def _ask(job: Trial) -> None:
    if frame.may_act():
        jobs().ask(job)


def _cancel(job: Trial) -> None:
    if frame.may_act():
        jobs().cancel(job)
