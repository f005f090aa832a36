"""What a browser that waits for heavy work hears: how far it is, no sooner than there is news, and no page is rerun."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from mnist_viz import text
from mnist_viz.jobs.queue import Progress, Work, jobs
from mnist_viz.text import _

HELD = 1.0  # seconds until a question is answered at the latest: each costs the computation a little of its time
GLANCE = 0.02  # seconds between two looks for news
WAIT = 20  # milliseconds between an answer and the next question of one browser
NO_STORE = {"Cache-Control": "no-store"}

Status = list[dict[str, str]]


def phase(progress: Progress | None) -> str:
    """What the page must rerun for when it changes."""
    if progress is None:
        return "unknown"
    return "busy" if progress.alive else progress.state


async def answer(
    job: Work,
    request: Request,
    status: Callable[[Progress], Status],
    more: Callable[[], dict[str, Any]] | None = None,
    *,
    phase: Callable[[Progress | None], str] = phase,
) -> JSONResponse:
    """The answer for the figure part once there is news of the job: its phase and `status`, in the language that the
    request names, and `more` where it is done.
    """
    await _news(job, phase)
    text.use(request.query_params.get("lang", "en"))
    progress = jobs().look(job)
    here = phase(progress)
    said = status(progress) if progress and progress.alive else []
    over = not (progress and progress.alive)
    told = {"cursor": 0, "phase": here, "ended": over, "status": said, "extend": [], "wait": WAIT}
    return JSONResponse(told | (more() if more and here == "done" else {}), headers=NO_STORE)


def entry(label: str, value: str) -> dict[str, str]:
    """A thing and how far it is."""
    return {"label": label, "value": value}


def passed(progress: Progress, label: str) -> dict[str, str]:
    """How long it has taken so far."""
    return entry(label, _("{seconds:.0f} s").format(seconds=time.monotonic() - progress.since))


async def _news(job: Work, phase: Callable[[Progress | None], str]) -> None:
    """Hold on until the computation comes to another phase or another stage, a second at most."""
    first, until = jobs().look(job), time.monotonic() + HELD
    now = first
    while first and now and first.alive and (phase(now), now.stage) == (phase(first), first.stage):
        if time.monotonic() >= until:
            return
        await asyncio.sleep(GLANCE)
        now = jobs().look(job)
