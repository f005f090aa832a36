"""Which checkpoint is looked at while a training makes more of them, and what the frame says of it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import models
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import Store
from mnist_viz.ui import frame


def sidebar() -> None:
    """The frame's fields alone, as a script."""
    from mnist_viz.ui import frame

    frame._controls("")


def test_the_newest_is_followed_also_by_a_click_that_names_the_one_before(
    own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Store.default().create({"architecture": "mlp"})
    for step in (0, 4, 8):
        checkpoints.save(run, step, models.build("mlp"))
    app = AppTest.from_function(sidebar, default_timeout=60)
    app.query_params["run"] = run.id

    def looked_at(said: int | None = None) -> object:
        if said is not None:
            app.session_state["step"] = said
        app.run()
        assert not app.exception
        return app.session_state["step"]

    assert looked_at() == 8
    checkpoints.save(run, 16, models.build("mlp"))
    assert looked_at() == 16
    assert looked_at(8) == 16, "so says a browser that has not heard of 16 yet"
    assert looked_at(4) == 4, "this one was chosen"
    assert looked_at(16) == 16
    monkeypatch.setattr(frame, "ECHO", 0.0)
    assert looked_at(8) == 8, "by now every browser has heard of 16"


def ends_while_it_is_looked_at() -> None:
    """The frame's fields, a training that ends below them, and the browser's clock after that."""
    import time

    import streamlit as st

    import models
    from mnist_viz.runs import checkpoints, records
    from mnist_viz.server.board import FRESH
    from mnist_viz.ui import frame, link

    frame._controls("")
    run = link.snapshot().run
    if 16 not in run.steps:
        checkpoints.save(run, 16, models.build("mlp"))
        records.append(run, {"kind": "finished"})
    time.sleep(2 * FRESH)
    frame._come_to_its_end()
    st.session_state["times"] = st.session_state.get("times", 0) + 1


def test_who_looks_at_the_newest_sees_the_last_without_a_click(own_store: Path) -> None:
    for chosen, seen in ((None, 16), (4, 4)):
        run = Store.default().create({"architecture": "mlp"})
        for step in (0, 4, 8):
            checkpoints.save(run, step, models.build("mlp"))
        app = AppTest.from_function(ends_while_it_is_looked_at, default_timeout=60)
        app.query_params["run"] = run.id
        if chosen:
            app.query_params["step"] = str(chosen)
        app.run()
        assert not app.exception
        assert (app.session_state["step"], app.session_state["times"]) == (seen, 1)


def test_a_link_to_a_checkpoint_names_its_epoch(own_store: Path) -> None:
    app = AppTest.from_function(sidebar, default_timeout=60)
    app.query_params["step"] = "8"
    slider = app.run().select_slider(key="step")
    assert slider.value == 8 and slider.label == "Checkpoint (epoch 0.04)"
