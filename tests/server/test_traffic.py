"""A whole class at one curve: everybody is answered, and the server is asked no more than it gives."""

import heapq

import pytest

from mnist_viz.server.traffic import ANSWERS, QUICKEST, SLOWEST, Traffic


@pytest.mark.parametrize("viewers", [1, 5, 20, 55, 65, 200, 1000])
def test_a_class_of_any_size_settles_below_the_limit(viewers: int) -> None:
    now = 0.0
    traffic = Traffic(clock=lambda: now)
    waiting = [(viewer / viewers, viewer) for viewer in range(viewers)]
    heapq.heapify(waiting)
    answers: list[float] = []
    waits: list[float] = []
    while waiting[0][0] < 30:
        now, viewer = heapq.heappop(waiting)
        waits.append(traffic.wait())
        answers.append(now)
        heapq.heappush(waiting, (now + waits[-1] / 1000, viewer))
    settled = [moment for moment in answers if moment > 20]
    assert len(settled) / 10 <= 1.2 * max(ANSWERS, viewers / (SLOWEST / 1000))
    assert min(waits) >= QUICKEST and max(waits) <= SLOWEST
    assert len({viewer for _when, viewer in waiting}) == viewers
    if viewers * 1000 / QUICKEST < ANSWERS:
        assert waits[-1] == QUICKEST
