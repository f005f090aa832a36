"""All runs in a table: found by words, compared by ticking their rows, named, tagged and deleted by whoever may."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.data.sets import DATASETS
from mnist_viz.figures.comparison import LOOKS
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server.board import Summary, board
from mnist_viz.text import _, percent
from mnist_viz.training import fields
from mnist_viz.training.config import Refused, TrainConfig
from mnist_viz.ui import frame, link
from mnist_viz.ui.comparing import run_actions
from mnist_viz.ui.comparing.runs import BETWEEN, WORD, Compared
from mnist_viz.ui.comparing.search import finds, names, used
from mnist_viz.ui.training import setting_words

FIND = "find"
SHOWN, COMPARED = "_table", "_compared"  # of this visitor: (the ids of the rows, which table it is); the compared runs
ACTED = "table_acted"
OTHERS = ("state", "epochs", "data", "tags", "when", "parent")
"""Columns that are left out where they tell no run from another."""
LETTER, MARGIN, LARGER = 8, 18, 4 / 3  # pixels of a letter and around a cell; how much larger type is for a projector
MOST_LETTERS = {"name": 30, "network": 24, "state": 16, "recipe": 30, "data": 24, "tags": 30, "parent": 18}


def show(runs: tuple[Compared, ...], row: DeltaGenerator) -> str:
    """The table; returns how many runs there are and which reads best. The search goes into the `row`."""
    summaries = board().summaries()
    with row:
        said = st.text_input(
            _("Search"),
            key=FIND,
            bind="query-params",
            type="search",
            max_chars=80,
            placeholder=_("Search: name, tag, network, batch=64"),
            label_visibility="collapsed",
            live=True,
            width="stretch",
        )
    found = [one for one in summaries if finds(one, said)]
    run_actions.show(summaries)
    if found:
        _table(found, summaries, {one.id: one.letter for one in runs})
    else:
        st.info(_("No run has all of these words: take one out, or search for a part of it."))
    return _sentence(summaries, found)


def taken_over(compared: Sequence[str], shown: Collection[str], ticked: Sequence[str]) -> list[str]:
    """The runs that are compared once these of the shown are ticked: who stays keeps its place, and so its letter."""
    stay = [run_id for run_id in compared if run_id not in shown or run_id in ticked]
    return stay + [run_id for run_id in ticked if run_id not in stay]


def _table(found: Sequence[Summary], summaries: Sequence[Summary], letters: dict[str, str]) -> None:
    st.session_state[COMPARED] = list(letters)
    ids = tuple(one.run.id for one in found)
    ticked = [place for place, run_id in enumerate(ids) if run_id in letters]
    data = _cells(found, summaries, letters)
    columns = _columns(_cells(summaries, summaries, letters))  # so that none moves while one searches
    if frame.may_act():
        columns["do"] = st.column_config.ButtonColumn(
            "", type="tertiary", width=44, pinned=True, key=ACTED, on_click=run_actions.ask, args=(ACTED, ids)
        )
        data["do"] = [[] if one.run.id == PRETRAINED else run_actions.names() for one in found]
    key = _key(ids, ticked)
    st.dataframe(
        data,
        key=key,
        hide_index=True,
        column_config=columns,
        on_select=_take_over,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": ticked}},
        placeholder="–",
        alt=_("All runs, the newest first"),
    )
    if st.session_state.pop("_too_many", False):
        st.info(_("At most {most} runs are compared: untick one first.").format(most=len(LOOKS)))


def _columns(cells: dict[str, list[Any]]) -> dict[str, Any]:
    """What the columns are called and how wide they are: those of words as their longest, up to MOST_LETTERS. Left to
    itself the table measures its first rows alone, and cuts what is longer than most.
    """
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    named: dict[str, tuple[Callable[..., Any], str]] = {
        "name": (text, _("Name")),
        "network": (text, _("Network")),
        "state": (text, _("State")),
        "recipe": (text, _("Recipe")),
        "data": (text, _("Digits")),
        "tags": (st.column_config.ListColumn, _("Tags")),
        "parent": (text, _("Started from")),
    }
    larger = LARGER if st.session_state.get("projector") else 1.0
    columns: dict[str, Any] = {
        "letter": text("", width=round(36 * larger), help=_("The letter of a run that is compared")),
        "test": number(_("Test"), format="%.2f %%", help=_("Test accuracy")),
        "val": number(_("Validation"), format="%.2f %%", help=_("Accuracy on the validation digits when last looked")),
        "epochs": number(_("Epochs")),
        "when": st.column_config.DatetimeColumn(
            _("Begun"), format="D MMM YYYY, HH:mm:ss", width=round((22 * LETTER + MARGIN) * larger)
        ),
    }
    for column, (kind, called) in named.items():
        words = [called, *(_all_words(cell) for cell in cells.get(column, ()))]
        letters = min(max(map(len, words)), MOST_LETTERS[column])
        columns[column] = kind(called, width=round((letters * LETTER + MARGIN) * larger))
    return columns


def _all_words(cell: object) -> str:
    """A cell as it is read; around each tag there is room for three letters."""
    return "".join(f"{tag}   " for tag in cell) if isinstance(cell, list) else str(cell)


def _cells(found: Sequence[Summary], summaries: Sequence[Summary], letters: dict[str, str]) -> dict[str, list[Any]]:
    """The table of the found by its columns, those left out that say the same of all runs: who has no own name is
    called by its time. So what is left has room in a window of 1280 pixels, as long as few runs are named or tagged.
    """
    called, everywhere = names(summaries), {str(used(one, "data")) for one in summaries}
    cells: dict[str, Callable[[Summary], Any]] = {
        "letter": lambda one: letters.get(one.run.id, ""),
        "name": lambda one: called[one.run.id],
        "network": lambda one: one.architecture,
        "test": lambda one: None if one.test_accuracy is None else 100 * one.test_accuracy,
        "val": lambda one: None if one.val_accuracy is None else 100 * one.val_accuracy,
        "state": lambda one: frame.state_word(one.state),
        "recipe": _recipe,
        "epochs": lambda one: _number(one.config.get("epochs")),
        "data": lambda one: _data(one, names_it=everywhere != {"mnist"}),
        "tags": lambda one: list(one.notes.tags),
        "when": lambda one: frame.begun(one.run.id).replace(tzinfo=None) if one.notes.name else None,
        "parent": lambda one: called.get(str(one.parent), str(one.parent)) if one.parent else "",
    }
    return {
        name: [cell(one) for one in found]
        for name, cell in cells.items()
        if name not in OTHERS or any(cell(one) != cell(summaries[0]) for one in summaries)
    }


def _recipe(summary: Summary) -> str:
    """What it was started with, by the recipe's name and the finer settings that are not as usual."""
    try:
        config = TrainConfig.from_dict(summary.config)
    except Refused:  # another hand wrote into the run's config.json
        return ""
    return f"{setting_words.recipe(config.preset)}{setting_words.changed(config)}"


def _data(summary: Summary, *, names_it: bool) -> str:
    """How many digits it learns from, and of what, unless all runs learn from the same."""
    data, each, count = str(used(summary, "data")), used(summary, "per_class"), _number(used(summary, "digits"))
    called = fields.names().get(data, data)
    if each:
        said = _("{count} a class, {data}") if names_it else _("{count} a class")
        return said.format(count=each, data=called)
    if count is None or data not in DATASETS:
        return called
    said = _("{count:,}, {data}") if names_it else _("{count:,}")
    return said.format(count=min(count, DATASETS[data].counts["train"]), data=called)


def _number(value: object) -> int | None:
    """A whole number, None for what another hand may have written in its place."""
    return value if isinstance(value, int) else None


def _key(ids: tuple[str, ...], ticked: list[int]) -> str:
    """The key of the table: a new one, which is a new table, where other rows are ticked than this visitor ticked."""
    before, number = st.session_state.get(SHOWN, ((), 0))
    key = f"runs_table_{number}"
    state = st.session_state.get(key)
    if state is None or before != ids or sorted(state["selection"]["rows"]) != ticked:
        number += 1
    st.session_state[SHOWN] = (ids, number)
    return f"runs_table_{number}"


def _take_over() -> None:
    """What is ticked is compared; what would be too many, or none, is not done."""
    ids, number = st.session_state[SHOWN]
    ticked = [ids[place] for place in st.session_state[f"runs_table_{number}"]["selection"]["rows"]]
    chosen = taken_over(st.session_state[COMPARED], ids, ticked)
    if len(chosen) > len(LOOKS):
        st.session_state["_too_many"] = True
    elif chosen:
        link.choose(**{WORD: BETWEEN.join(chosen)})


def _sentence(summaries: Sequence[Summary], found: Sequence[Summary]) -> str:
    """How many runs there are, and which of those that are found reads best."""
    tested = [one for one in found if one.test_accuracy is not None and used(one, "data") == "mnist"]
    best = max(tested, key=lambda one: one.test_accuracy or 0, default=None)
    count = {"found": len(found), "count": len(summaries)}
    if best is None:
        return _("{found:,} of {count:,} runs.").format(**count)
    said = (
        _("{count:,} runs; most test digits are read rightly by **{best}**: **{accuracy}**.")
        if len(found) == len(summaries)
        else _("{found:,} of {count:,} runs; most test digits are read rightly by **{best}**: **{accuracy}**.")
    )
    return said.format(best=link.plain(frame.name_of(best)), accuracy=percent(best.test_accuracy or 0), **count)
