"""A drawing as caches know it, by its 784 bytes in base64: as its run sees it, and how a checkpoint reads it."""

import base64
import threading

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_viz.analysis import evaluation
from mnist_viz.runs.logits import predict
from mnist_viz.ui import as_seen, caches

KEPT = 128  # of each kind: nobody but who drew it looks at a drawing, and not for long
turn = threading.BoundedSemaphore(1)  # a class that draws at once leaves a core to the pages


def word(image: NDArray[np.uint8]) -> str:
    """A picture (28, 28) from the pad as a word."""
    return base64.b64encode(image.tobytes()).decode()


def seen(run_id: str, pixels: str) -> NDArray[np.uint8]:
    """The drawing (28, 28) as a run sees it."""
    drawn_by_hand = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(28, 28)
    prepared: NDArray[np.uint8] = as_seen.prepared(run_id, drawn_by_hand[np.newaxis])[0]
    return prepared


@st.cache_data(max_entries=KEPT, show_spinner=False)
def likeliest(run_id: str, step: int, pixels: str) -> tuple[int, int]:
    """The class that a checkpoint reads in a drawing, and the runner-up."""
    shares = evaluation.softmax(predict(caches.network(run_id, step), seen(run_id, pixels)[np.newaxis])[0])
    first, second = (int(digit) for digit in np.argsort(-shares, kind="stable")[:2])
    return first, second
