"""What a recipe is good for, and how long it will take on this machine."""

import streamlit as st

from mnist_viz import text
from mnist_viz.plan.words import BUILT
from mnist_viz.server.board import board
from mnist_viz.text import _
from mnist_viz.training import estimate, launch
from mnist_viz.training.config import PRESETS, TrainConfig


def duration(config: TrainConfig) -> None:
    """Say what the recipe is good for and how long it will take on this machine; while that is being measured, look
    again every two seconds.
    """
    recipe = PRESETS[config.preset].description
    speed = estimate.read(board().store.cache)
    seconds = estimate.whole(speed, config) if speed else None
    if seconds is not None and config.parent:
        seconds += seconds - estimate.ready(config)  # the same from nothing follows, in the same process
    if seconds is not None and config.folds:
        seconds += (config.folds - 1) * (seconds - estimate.ready(config))
    if seconds is None and (config.architecture == BUILT or not launch.is_measuring_speed()):
        st.caption(f"{recipe} {_('How long it takes on this machine is not known.')}")
    elif seconds is None:
        st.fragment(_wait_for_speed, run_every=2.0)(text.language(), config.architecture, recipe)
    else:
        st.caption(f"{recipe} {_at_most(seconds) if config.patience else _in_words(seconds)}")


def _wait_for_speed(language: str, architecture: str, recipe: str) -> None:
    text.use(language)
    if architecture not in estimate.unknown(board().store.cache) or not launch.is_measuring_speed():
        st.rerun()
    st.caption(f"{recipe} {_('How fast this machine is will be known in a moment: it is being measured.')}")


def _in_words(seconds: float) -> str:
    if seconds < 100:
        return _("On this machine it takes about {seconds:.0f} s.").format(seconds=max(1, seconds))
    return _("On this machine it takes about {minutes:.0f} min.").format(minutes=seconds / 60)


def _at_most(seconds: float) -> str:
    if seconds < 100:
        return _("On this machine it takes {seconds:.0f} s at most.").format(seconds=max(1, seconds))
    return _("On this machine it takes {minutes:.0f} min at most.").format(minutes=seconds / 60)
