"""How often one browser may ask for a live curve, so that hundreds together stay below what one server gives."""

import threading
import time
from collections.abc import Callable

QUICKEST = 200.0  # milliseconds between two questions of one browser: five redraws a second
SLOWEST = 4000.0  # less than the 5 s after which the server closes a connection that is not used
ANSWERS = 40  # a second, from one server: each takes about a millisecond of the cores that the training needs


class Traffic:
    """Counts the questions and says how long to wait before the next; `clock` in seconds, never going back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._since, self._count, self._wait = clock(), 0, QUICKEST

    def wait(self) -> float:
        """Milliseconds until the one who asks now may ask again; adjusted once a second."""
        with self._lock:
            self._count += 1
            passed = self._clock() - self._since
            if passed >= 1:
                wanted = self._wait * self._count / passed / ANSWERS
                self._wait = min(SLOWEST, max(QUICKEST, wanted))
                self._since, self._count = self._clock(), 0
            return self._wait
