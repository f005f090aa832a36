"""How far the computation of a map is, for the browsers that wait for it: a small route, no rerun of a page."""

import asyncio
import base64
import time
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mnist_viz import text
from mnist_viz.figures.embedding import ranges
from mnist_viz.jobs import maps
from mnist_viz.jobs.queue import Job, Progress, Work, jobs
from mnist_viz.runs.store import DamagedRun, UnknownRun
from mnist_viz.server.board import board
from mnist_viz.text import _

HELD = 1.0  # seconds until a question is answered at the latest: each costs the computation a little of its time
GLANCE = 0.02  # seconds between two looks for news
WAIT = 20  # milliseconds between an answer and the next question of one browser
NO_STORE = {"Cache-Control": "no-store"}


def phase(progress: Progress | None) -> str:
    """What the page must rerun for when it changes."""
    if progress is None:
        return "unknown"
    return "busy" if progress.alive else progress.state


def status(progress: Progress, ahead: int, *, practising: bool = False) -> list[dict[str, str]]:
    """What is being done and how far it is, to stand above the picture."""
    if not progress.alive:
        return []
    passed = _("{seconds:.0f} s").format(seconds=time.monotonic() - progress.since)
    if progress.state == "waiting":
        doing = _("waiting; before it: {count}").format(count=ahead)
        if practising:
            doing = _("gets ready; the first time this takes a minute")
        return [_entry(_("UMAP"), doing), _entry(_("Waiting for"), passed)]
    time_passed = _entry(_("Time"), passed)
    if progress.stage == "epochs":
        return [_entry(_("UMAP, epochs"), _("{done} / {of}").format(done=progress.done, of=progress.of)), time_passed]
    stages = {"loading": _("gets ready"), "neighbours": _("looks for neighbours; the first time this takes a minute")}
    return [_entry(_("UMAP"), stages.get(progress.stage, "…")), time_passed]


def _entry(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}


def _answer(job: Job, language: str) -> dict[str, Any]:
    text.use(language)
    progress = jobs().look(job)
    here = phase(progress)
    said = status(progress, jobs().ahead(job), practising=jobs().is_practising()) if progress else []
    answer = {"cursor": 0, "phase": here, "ended": here != "busy", "status": said, "extend": [], "wait": WAIT}
    return answer | ({"moved": moved} if here == "done" and (moved := _moved(job)) else {})


def _moved(job: Job) -> dict[str, Any] | None:
    """Where the points go, for browsers that show them elsewhere: they need not wait until the page is made anew."""
    places = maps.umap(job.run, job.step)
    if places is None:
        return None
    across, up = ranges(places)
    content = base64.b64encode(np.ascontiguousarray(places, dtype="<f4").tobytes()).decode()
    return {"places": content, "across": across, "up": up, "version": maps.version("umap", job.run, job.step, places)}


async def news(job: Work) -> None:
    """Hold on until the computation ends or comes to another stage, a second at most."""
    first, until = jobs().look(job), time.monotonic() + HELD
    now = first
    while first and now and first.alive and (now.state, now.stage) == (first.state, first.stage):
        if time.monotonic() >= until:
            return
        await asyncio.sleep(GLANCE)
        now = jobs().look(job)


async def umap_progress(request: Request) -> Response:
    """GET api/maps/RUN/STEP?lang=en: what is being done for UMAP of this checkpoint, and how far it is."""
    words = request.path_params
    try:
        job = Job(await run_in_threadpool(board().store.run, words["run"]), words["step"])
    except (UnknownRun, DamagedRun) as refusal:
        return PlainTextResponse(str(refusal), status_code=404)
    await news(job)
    return JSONResponse(_answer(job, request.query_params.get("lang", "en")), headers=NO_STORE)


def route_of(run_id: str, step: int, language: str) -> str:
    """The address of a map's progress, for the figure part; relative, so that it works behind any prefix."""
    return f"api/maps/{run_id}/{step}?lang={language}"
