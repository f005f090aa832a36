"""Torch's global chance, which all threads share: whoever draws from it draws alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

alone = threading.RLock()
"""Held by whoever draws: another thread would take numbers out of the row that a seed promises."""


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Chance begins at this seed within, and goes on afterwards as if nothing had been drawn."""
    with alone, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
