"""Which runs are compared: up to eight, by their names in the link, each with a letter that all pictures share."""

from dataclasses import dataclass

import streamlit as st

from mnist_viz.figures.comparison import LOOKS, Look
from mnist_viz.runs.records import shown_step
from mnist_viz.server.board import ACTIVE, Snapshot, board
from mnist_viz.text import _, percent
from mnist_viz.ui import frame, link

WORD, SHOWN = "runs", "runs_shown"
AT_FIRST = 3  # runs that are compared before any is chosen
BETWEEN = ","  # a run's name has dashes in it


@dataclass(frozen=True)
class Compared:
    """A run as it is compared: its look, its name on the page, and the checkpoint that stands for it, None before the
    first.
    """

    look: Look
    name: str
    snapshot: Snapshot
    step: int | None

    @property
    def id(self) -> str:
        """Its name in the link."""
        return self.snapshot.run.id

    @property
    def letter(self) -> str:
        """What it is called on this page."""
        return self.look.letter


def choose() -> tuple[Compared, ...]:
    """The runs that the link names, at least one: without a word the frame's run and the newest finished others.

    Says which names it passes over.
    """
    summaries = board().summaries()
    names = frame.run_labels(summaries)
    finished = [one.run.id for one in summaries if one.state == "finished"]
    with st.container(key=f"hidden_{WORD}"):
        said = st.text_input(WORD, value="", key=WORD, bind="query-params")
    linked = list(dict.fromkeys(word.strip() for word in said.split(BETWEEN) if word.strip()))
    known = [word for word in linked if word in names]
    _say_what_is_passed_over([word for word in linked if word not in names], len(known) - len(LOOKS))
    first = list(dict.fromkeys([link.snapshot().run.id, *finished]))
    values = known[: len(LOOKS)] or [word for word in first if word in names][:AT_FIRST]
    if len(names) > 1:
        st.session_state[SHOWN] = values
        st.multiselect(
            _("Runs"),
            list(names),
            format_func=names.__getitem__,
            max_selections=len(LOOKS),
            key=SHOWN,
            on_change=_take_over,
            label_visibility="collapsed",
            placeholder=_("Choose runs"),
        )
        _letter_the_chips()
    return tuple(_compared(look, word, names[word]) for look, word in zip(LOOKS, values, strict=False))


def sentence(runs: tuple[Compared, ...]) -> str:
    """Which of the runs reads the test digits best, and which worst."""
    tested = {
        one.letter: record["accuracy"]
        for one in runs
        if one.snapshot.run.data == "mnist" and (record := one.snapshot.last("evaluation", part="test"))
    }
    if len(tested) < 2:
        return _("Two runs that differ in one setting show what that setting does.")
    most, fewest = max(tested.values()), min(tested.values())
    if most == fewest:
        return _("All {count} runs read equally many test digits rightly, **{most}**.").format(
            count=len(tested), most=percent(most)
        )
    best = [letter for letter, share in tested.items() if share == most]
    words = (
        _("Of {count} runs {best} reads most test digits rightly, **{most}**, and {worst} fewest, **{fewest}**.")
        if len(best) == 1
        else _("Of {count} runs {best} read most test digits rightly, **{most}**, and {worst} fewest, **{fewest}**.")
    )
    return words.format(
        count=len(tested),
        best=_all_of(best),
        most=percent(most),
        worst=_all_of([letter for letter, share in tested.items() if share == fewest]),
        fewest=percent(fewest),
    )


def _all_of(letters: list[str]) -> str:
    """The letters, bold: "A", "A and C", "A, B and C"."""
    *others, last = [f"**{letter}**" for letter in letters]
    return _("{others} and {last}").format(others=", ".join(others), last=last) if others else last


def are_several() -> bool:
    """Whether there is more than one run to choose from."""
    return len(board().summaries()) > 1


def way_to_a_second(runs: tuple[Compared, ...]) -> None:
    """Where there is nothing to compare, say how to get a second run."""
    if len(runs) > 1:
        return
    if are_several():
        st.info(_("Choose a second run above: then this page shows what differs."))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            _("There is only this one run so far. Train a second with one setting changed, and both stand here.")
        )
        with st.container(key="to_train", width="content"):
            st.page_link("pages/train.py", label=_("Train a second run"), icon=":material/show_chart:")


def sample(look: Look) -> str:
    """A letter with its mark and a piece of its line, as HTML."""
    return f'<b>{look.letter}</b> {look.sign} <i class="mv-dash" style="background: {_dashes(look)}"></i>'


def are_here(runs: tuple[Compared, ...]) -> bool:
    """Whether none of the runs was deleted since the page was drawn."""
    known = {one.id for one in board().store.runs()}
    return all(one.id in known for one in runs)


def active(runs: tuple[Compared, ...]) -> bool:
    """Whether any of the runs trains now."""
    return any(board().snapshot(one.id).state in ACTIVE for one in runs)


def _letter_the_chips() -> None:
    """Before the name of each chosen run its letter and mark, over a piece of its line."""
    chip = f".st-key-{SHOWN} [data-tag-index"
    rules = "".join(
        f"{chip}='{place}']::before {{ content: '{look.letter} {look.sign}'; "
        f"background: {_dashes(look)} bottom / 100% 4px no-repeat; }}"
        for place, look in enumerate(LOOKS)
    )
    st.html(f"<style>{rules}</style>")


def _dashes(look: Look) -> str:
    lengths = [int(word) for word in look.dash.replace("px", "").split()] if look.dash != "solid" else [1]
    stops, at = [], 0
    for place, length in enumerate(lengths):
        stops.append(f"{'transparent' if place % 2 else look.colour} {at}px {at + length}px")
        at += length
    return f"repeating-linear-gradient(90deg, {', '.join(stops)})"


def _compared(look: Look, run_id: str, name: str) -> Compared:
    snapshot = board().snapshot(run_id)
    return Compared(look, name, snapshot, shown_step(snapshot.run))


def _say_what_is_passed_over(unknown: list[str], too_many: int) -> None:
    if unknown:
        st.info(
            _("The link names runs that are not here or cannot be read, which are passed over: {names}.").format(
                names=", ".join(link.plain(word[:60]) for word in unknown[: len(LOOKS)])
            )
        )
    if too_many > 0:
        st.info(_("The link names more than {most} runs; you see the first {most}.").format(most=len(LOOKS)))


def _take_over() -> None:
    if st.session_state[SHOWN]:
        link.choose(**{WORD: BETWEEN.join(st.session_state[SHOWN])})
