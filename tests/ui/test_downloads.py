"""What can be taken along of a run: the program is there for what it can train again, else a sentence says why not."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_viz.runs import records
from mnist_viz.runs.store import PRETRAINED, Run, Store
from mnist_viz.training.config import TrainConfig, Value


def page() -> None:
    """The fold alone, as a script."""
    import streamlit as st

    from mnist_viz.server.board import board
    from mnist_viz.ui import downloads

    downloads.downloads(board().snapshot(st.query_params["run"]), None)


def labels(run: str) -> tuple[list[str], str]:
    """The names of the buttons, and all that is said beside them."""
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["run"] = run
    app.run()
    assert not app.exception
    return [getattr(one, "label", "") for one in app.get("download_button")], " ".join(one.value for one in app.caption)


def made(**changes: Value) -> Run:
    return Store.default().create(TrainConfig.from_preset("live", **changes).as_dict())


def test_the_program_of_a_run_from_nothing_is_there(own_store: Path) -> None:
    for run in (PRETRAINED, made(architecture="vit", averaging=0.9).id):
        buttons, said = labels(run)
        assert buttons == ["Metrics (CSV)", "Settings (JSON)", "Program (Python)"] and "No program" not in said


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"parent": PRETRAINED}, "started from the checkpoint"),
        ({"data": "optdigits", "per_class": 5}, "it learned from"),
    ],
)
def test_where_there_can_be_none_a_sentence_says_why(own_store: Path, changes: dict[str, Value], why: str) -> None:
    buttons, said = labels(made(**changes).id)
    assert buttons == ["Metrics (CSV)", "Settings (JSON)"] and why in said


def test_a_run_that_was_told_something_else_while_it_trained_has_none(own_store: Path) -> None:
    run = made()
    records.append(run, {"kind": "command", "command": "<b>rate", "value": 0.1, "file": "1"})
    buttons, said = labels(run.id)
    assert "Program (Python)" not in buttons and "it was changed while it trained" in said and "rate" not in said


def test_a_config_that_another_hand_wrote_has_none_and_breaks_nothing(own_store: Path) -> None:
    run = Store.default().create({"architecture": "mlp", "epochs": "many"})
    buttons, said = labels(run.id)
    assert "Program (Python)" not in buttons and "is missing" in said
