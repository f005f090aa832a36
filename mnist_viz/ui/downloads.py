"""What a visitor takes along of a run: its metrics, weights and settings, and a program that trains the same."""

import json

import streamlit as st

from mnist_viz.runs.tables import metrics_csv
from mnist_viz.server.board import Snapshot, board
from mnist_viz.text import _
from mnist_viz.training.config import Refused, TrainConfig
from mnist_viz.training.script import writing
from mnist_viz.ui import link


def downloads(snapshot: Snapshot, step: int | None) -> None:
    """Files of a run, made when they are asked for: a watched training's table has what is there by then."""
    run = snapshot.run
    with st.expander(_("Take this run along"), icon=":material/download:"):
        with st.container(horizontal=True):
            st.download_button(
                _("Metrics (CSV)"),
                lambda: metrics_csv(board().snapshot(run.id).records),
                file_name=f"{run.id}.csv",
                mime="text/csv",
                on_click="ignore",
            )
            if step is not None:
                st.download_button(
                    _("Weights of step {step:,} (safetensors)").format(step=step),
                    run.checkpoint(step).read_bytes,
                    file_name=f"{run.id}-{step}.safetensors",
                    mime="application/octet-stream",
                    on_click="ignore",
                )
            st.download_button(
                _("Settings (JSON)"),
                lambda: json.dumps(snapshot.config, indent=2),
                file_name=f"{run.id}.json",
                mime="application/json",
                on_click="ignore",
            )
            why_none = _program(snapshot)
        if why_none:
            st.caption(link.plain(why_none))
        st.caption(
            _(
                "The table has a row for each step (its batch) and each look at validation or test digits: loss in "
                "nats, accuracy as a share, seconds of training alone. Every picture on these pages can be saved by "
                "the arrow at its corner."
            )
        )


def _program(snapshot: Snapshot) -> str:
    """The button for the program; returns why there is none where no program trains such a run again."""
    try:
        config = TrainConfig.from_dict(snapshot.config)
    except Refused as refused:
        return str(refused)
    why = writing.refusal(config, snapshot.records)
    if not why:
        st.download_button(
            _("Program (Python)"),
            lambda: writing.write(config, snapshot.run.id, stopped=snapshot.state == "stopped"),
            file_name=f"{snapshot.run.id}.py",
            mime="text/x-python",
            on_click="ignore",
            help=_(
                "One file that trains the same network from the first weights on, with torch and numpy alone: read it, "
                "run it by python, change it."
            ),
        )
    return why
