"""The table of all runs: found by words, ticked to be compared, named, tagged and deleted by whoever may act."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_viz.runs import deletion, notes, records
from mnist_viz.runs.notes import Notes
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.server import access
from mnist_viz.server.board import Board, board
from mnist_viz.training.config import TrainConfig, Value
from mnist_viz.ui import frame, link
from mnist_viz.ui.comparing import run_actions, search
from mnist_viz.ui.comparing.table import taken_over
from tests.test_pages import is_whole, payload, text_of, visit

PAGE = "pages/compare.py"
NASTY = "<b>bold</b> %{x} $a$ _b_ [l](http://x.y) :red[r]"


@pytest.fixture
def store(own_store: Path) -> Store:
    return Store.default()


def made(store: Store, accuracy: float = 0.9, **changes: Value) -> Run:
    """A finished run by its records alone."""
    config = TrainConfig.from_preset(**{"architecture": "mlp", **changes})
    run = store.create({**config.as_dict(), "classes": 10})
    step = {"step": 1, "epoch": 1.0, "loss": 1.0, "accuracy": accuracy, "seconds": 1.0, "images_per_second": 9.0}
    records.append(run, {"kind": "step", **step})
    for part, seen in (("val", accuracy - 0.1), ("test", accuracy)):
        records.append(run, {"kind": "evaluation", "part": part, "digits": 10_000, **step, "accuracy": seen})
    records.append(run, {"kind": "finished", "test_accuracy": accuracy, "val_accuracy": accuracy})
    return run


def table(**words: str) -> AppTest:
    app = visit(PAGE, aspect="runs", **words)
    assert is_whole(app)
    return app


def rows(app: AppTest) -> list[dict[str, object]]:
    found: list[dict[str, object]] = app.dataframe[0].value.to_dict("records")
    return found


def column_widths(app: AppTest) -> dict[str, float]:
    """The columns of the table that are given a width, in pixels."""
    columns = json.loads(app.dataframe[0].proto.columns)
    return {name: one["width"] for name, one in columns.items() if one.get("width")}


def asked(app: AppTest, what: str, run: Run) -> AppTest:
    """The page as it is after a click on that in the menu of the run's row."""
    app.session_state[run_actions.ASKED] = (what, run.id)
    app.run()
    return app


def test_the_table_says_of_every_run_what_its_files_say(store: Store) -> None:
    parent = made(store, 0.91, digits=1000, epochs=3)
    notes.write(parent, Notes("first try", ("lecture", "mlp")))
    child = made(store, 0.95, architecture="fast_cnn", parent=parent.id, from_step=1, per_class=5)
    app = table(runs=f"{child.id},{PRETRAINED}")
    by_name = {str(one["name"]): one for one in rows(app)}
    labels = frame.run_labels(board().summaries())
    assert all(name in label for name, label in zip(by_name, labels.values(), strict=True)), "called as in the menus"
    called = next(name for name in by_name if name not in ("first try", "shipped"))
    one = by_name["first try"]
    assert (one["letter"], one["network"], one["epochs"], one["data"]) == ("", "mlp", 3, "1,000")
    assert (one["test"], one["val"]) == (pytest.approx(91), pytest.approx(81))
    assert list(one["tags"]) == ["lecture", "mlp"] and "state" not in one  # type: ignore[call-overload]
    assert by_name[called]["parent"] == "first try" and by_name[called]["letter"] == "A"
    assert by_name[called]["data"] == "5 a class" and by_name["shipped"]["letter"] == "B"
    assert "3 runs; most test digits are read rightly by **shipped**: **99.22\u00a0%**" in text_of(app)


def test_columns_that_tell_no_run_from_another_are_left_out_whatever_is_searched_for(store: Store) -> None:
    made(store), made(store)
    assert not {"state", "epochs", "data", "tags", "when", "parent"} & set(rows(table())[0])
    made(store, digits=1000), made(store, data="optdigits", epochs=2)
    store.create(TrainConfig.from_preset("live", architecture="vit").as_dict())
    shown = {str(one["data"]): one for one in rows(table())}
    assert {"1,000, MNIST", "55,000, MNIST"} < set(shown) and {"state", "epochs"} < set(shown["1,000, MNIST"])
    assert {"state", "epochs", "data"} < set(rows(table(find="vit"))[0])


def test_columns_of_words_are_as_wide_as_their_longest_and_grow_for_a_projector(store: Store) -> None:
    made(store, architecture="conv32_64_dropout"), made(store, architecture="conv32_64_same")
    assert column_widths(table())["name"] < 180, "names of times are short"
    notes.write(made(store), Notes("a name of as many as 30 letter"))
    near, far = (column_widths(app) for app in (table(), table(projector="true")))
    assert near["network"] >= 7.5 * len("conv32_64_dropout") + 16
    assert near["name"] >= 7.5 * 30 + 16
    assert all(far[name] >= 1.3 * near[name] for name in ("letter", "name", "network", "recipe"))


def test_the_recipe_of_a_run_says_what_was_done_to_its_digits(store: Store) -> None:
    made(store, preparation="median5-deskew", rotation=15.0), made(store)
    recipes = {str(one["recipe"]) for one in rows(table()) if one["name"] != "shipped"}
    assert any("prepared: Median 5 × 5, Deskew" in said and "turned by ±15°" in said for said in recipes)
    assert any("prepared" not in said and said for said in recipes)


def test_a_start_from_a_checkpoint_is_called_by_the_title_of_its_recipe(store: Store) -> None:
    store.create(TrainConfig.from_preset("fine_tune").as_dict())
    assert "Fine-tune" in {one["recipe"] for one in rows(table())}


def test_what_another_hand_wrote_into_a_config_breaks_no_table(store: Store) -> None:
    damaged = {"epochs": "many", "digits": [1], "data": {"a": 1}, "per_class": None, "parent": ["x"], "batch": None}
    store.create({**TrainConfig.from_preset("live").as_dict(), **damaged})
    assert len(rows(table())) == 2


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", "abs"), ("WIDE", "a"), ("lecture", "ab"), ("lecture wide", "a"), ("lecture mlp", "b"), ("batch=64", "b"),
        ("batch=6", ""), ("adamw", "a"), ("cosine", "b"), ("down along", "b"), ("finished", "abs"), ("shipped", "s"),
        ("pretrained", "s"), ("architecture=fast_cnn", "as"), ("no such thing", ""), ("seed=0 lecture", "ab"),
        ("weight_decay=0 smoothing=0 dropout=-1", "abs"), ("weight_decay=0.1", ""), ("rate=.02", "a"),
        ("rotation=12", "b"), ("rotation=1", ""), ("rate=fast", "b"), ("room=3", "a"), ("batch=", ""), ("=", "ab"),
    ],
)  # fmt: skip
def test_the_search_finds_runs_that_have_every_word(store: Store, said: str, found: str) -> None:
    wide = made(store, architecture="fast_cnn", optimiser="adamw", rate=0.02)
    other = made(store, batch=64, schedule="cosine", rotation=12.0)
    notes.write(wide, Notes("wide kernels", ("lecture 3", "room=3")))
    notes.write(other, Notes("", ("lecture 4", "rate=fast")))
    letters = {wide.id: "a", other.id: "b", PRETRAINED: "s"}
    assert {letters[one.run.id] for one in board().summaries() if search.finds(one, said)} == set(found)


def test_a_search_in_the_link_narrows_the_table_or_says_that_nothing_is_found(store: Store) -> None:
    run = made(store, batch=64)
    app = table(find="batch=64")
    assert [one["name"] for one in rows(app)] == [
        search.names(board().summaries())[run.id]
    ] and "1 of 2 runs" in text_of(app)
    app.text_input(key="find").set_value("<nothing>").run()
    assert is_whole(app) and not app.dataframe and "No run has all of these words" in app.info[0].value


def test_who_stays_ticked_keeps_its_letter_and_who_is_not_shown_stays() -> None:
    assert taken_over(["a", "b"], ["a", "b", "c"], ["a", "b", "c"]) == ["a", "b", "c"]
    assert taken_over(["c", "a"], ["a", "b", "c"], ["a", "b", "c"]) == ["c", "a", "b"]
    assert taken_over(["c", "a"], ["a", "b"], ["b"]) == ["c", "b"]
    assert taken_over(["a"], ["a", "b"], []) == []


def test_a_run_is_named_and_tagged_and_every_menu_says_so(store: Store) -> None:
    made(store), made(store)
    run, twin = store.runs()[:2]
    app = asked(table(runs=f"{run.id},{twin.id}"), "note", run)
    app.text_input(key=run_actions.NAME).set_value(NASTY)
    app.text_input(key=run_actions.TAGS).set_value("one, two")
    app.button(key="note_run").click().run()
    assert is_whole(app) and notes.read(run) == Notes(NASTY, ("one", "two"))
    assert run_actions.ASKED not in app.session_state
    label = f"90.00\u00a0% · {NASTY} · mlp"
    assert label in app.multiselect(key="runs_shown").options
    framed = visit("pages/home.py", run=twin.id)
    assert label in framed.sidebar.selectbox(key="run_shown").options
    assert any(link.plain(label) in one.value for one in framed.markdown)
    app.session_state["aspect"] = "curves"
    app.run()
    hover = json.loads(str(payload(app, "compare_curves")["figure"]))["data"][0]["hovertemplate"]
    assert "&lt;b&gt;bold" in hover and "<b>bold" not in hover and "%{x}" not in hover


def test_runs_of_one_name_are_told_apart(store: Store) -> None:
    for run in (both := [made(store), made(store)]):
        notes.write(run, Notes("the same"))
    labels = frame.run_labels(board().summaries())
    assert len(set(labels.values())) == 3
    assert all("the same" in labels[run.id] for run in both)


def test_what_does_not_fit_is_said_in_the_dialog_and_not_kept(store: Store) -> None:
    run = made(store)
    app = asked(table(), "note", run)
    app.text_input(key=run_actions.TAGS).set_value(",".join("abcdefghi"))
    app.button(key="note_run").click().run()
    assert "9 tags are more than the 8" in link_free(app) and notes.read(run) == Notes()


def link_free(app: AppTest) -> str:
    return " ".join(one.value.replace("\\", "") for one in app.warning)


def test_deleting_asks_by_name_and_is_done_by_the_second_click(store: Store) -> None:
    run, other = made(store), made(store)
    notes.write(run, Notes(NASTY))
    app = asked(table(runs=f"{run.id},{other.id}", run=run.id), "delete", run)
    assert link.plain(NASTY) in text_of(app) and link.plain(run.id) in text_of(app) and run.folder.exists()
    app.button(key="delete_run").click().run()
    assert is_whole(app) and not run.folder.exists() and other.folder.exists()
    assert app.session_state["runs"] == other.id and app.session_state["run"] == PRETRAINED
    assert {one["name"] for one in rows(app)} == {search.names(board().summaries())[other.id], "shipped"}


def test_whoever_keeps_it_keeps_it(store: Store) -> None:
    run = made(store)
    app = asked(table(), "delete", run)
    app.button(key="keep_run").click().run()
    assert is_whole(app) and run.folder.exists() and run_actions.ASKED not in app.session_state


def test_the_question_names_the_runs_that_started_from_it(store: Store) -> None:
    run = made(store)
    child = made(store, parent=run.id, from_step=1)
    notes.write(child, Notes("its child"))
    app = asked(table(), "delete", run)
    assert "stay as they are: its child" in link_free(app)
    app.button(key="delete_run").click().run()
    assert is_whole(app) and not run.folder.exists() and child.folder.exists()
    assert is_whole(visit("pages/train.py", run=child.id)) and is_whole(visit(PAGE, runs=child.id, aspect="runs"))


@pytest.mark.parametrize("which", ["itself", "child"])
def test_a_run_that_trains_or_is_started_from_stays_with_a_sentence(store: Store, which: str) -> None:
    run = made(store)
    training = store.create({**TrainConfig.from_preset("live").as_dict(), "parent": run.id})
    app = asked(table(), "delete", training if which == "itself" else run)
    app.button(key="delete_run").click().run()
    assert is_whole(app) and run.folder.exists() and training.folder.exists()
    assert "stop the training first" in link_free(app)


def test_who_may_not_act_reads_the_table_and_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = made(store)
    app = asked(table(), "delete", run)
    assert "do" in rows(app)[0]
    monkeypatch.setattr(access, "is_shared", lambda: True)
    app.button(key="delete_run").click().run()  # from a page that was drawn when everybody might
    assert is_whole(app) and run.folder.exists()
    assert "do" not in rows(app)[0] and not [one for one in app.button if one.key == "delete_run"]
    asked(app, "note", run)
    assert not [one for one in app.button if one.key == "note_run"]


@pytest.mark.parametrize("page", [PAGE, "pages/train.py", "pages/mistakes.py"])
def test_another_viewer_of_a_deleted_run_sees_the_shipped_one(store: Store, page: str) -> None:
    run = made(store)
    app = visit(page, run=run.id, runs=f"{run.id},{PRETRAINED}")
    assert is_whole(app)
    deletion.delete(store, run.id, trains=False)  # by another server
    app.run()
    assert is_whole(app)
    if page == PAGE:
        assert any("not here or cannot be read, which are passed over" in one.value for one in app.info)
    framed = visit("pages/home.py", run=run.id)
    assert is_whole(framed) and framed.sidebar.selectbox(key="run_shown").value == PRETRAINED
    assert any("which is not here; you see the run that ships" in one.value for one in framed.info)


def test_a_board_forgets_a_run_that_another_server_deleted(store: Store) -> None:
    run, other = made(store), Board(store)
    assert run.id in {one.run.id for one in other.summaries()} and other.snapshot(run.id).ended
    deletion.delete(store, run.id, trains=False)
    assert run.id not in {one.run.id for one in other.summaries()}
    with pytest.raises(ValueError, match="There is no run"):
        other.snapshot(run.id)


def test_a_board_reads_notes_again_once_they_are_replaced(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run, other, read = made(store), Board(store), list[str]()

    def noted(run: Run) -> Notes:
        read.append(run.id)
        return Notes("x")

    monkeypatch.setattr("mnist_viz.server.board.notes.read", noted)
    notes.write(run, Notes("x"))
    for _look in range(3):
        assert [one.notes.name for one in other.summaries() if one.run.id == run.id] == ["x"]
    assert read == [run.id]
    notes.write(run, Notes("y"))
    other.summaries()
    assert read == [run.id] * 2
