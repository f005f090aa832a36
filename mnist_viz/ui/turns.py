"""Who may compute now: so many at once, the others in the order in which they came."""

import threading
from collections import deque


class Turns:
    """A `with` around a computation waits for its turn; whoever takes several lets others in between.

    A turn that ends goes to whoever waits longest: a semaphore would let the one who gives it back take it again.
    """

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._free = count
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            mine = threading.Event()
            self._waiting.append(mine)
        mine.wait()

    def __exit__(self, *_failure: object) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


heavy = Turns(2)
"""As many computations at once as a small machine has cores, over all pages. Whoever has a turn takes no second one:
two who did would wait for each other.
"""
