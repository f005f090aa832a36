"""How far the computation of a map is, for the browsers that wait for it: a small route, no rerun of a page."""

import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mnist_viz import text
from mnist_viz.jobs.queue import Job, Progress, jobs
from mnist_viz.runs.store import DamagedRun, UnknownRun
from mnist_viz.server.board import board
from mnist_viz.text import _

WAIT = 200  # milliseconds between two questions of one browser
NO_STORE = {"Cache-Control": "no-store"}


def phase(progress: Progress | None) -> str:
    """What the page must rerun for when it changes."""
    if progress is None:
        return "unknown"
    return "busy" if progress.alive else progress.state


def status(progress: Progress, ahead: int) -> list[dict[str, str]]:
    """What is being done and how far it is, to stand above the picture."""
    if progress.state == "waiting":
        return [_entry(_("UMAP"), _("waiting; before it: {count}").format(count=ahead))]
    if progress.state != "working":
        return []
    passed = _entry(_("Time"), _("{seconds:.0f} s").format(seconds=time.monotonic() - progress.since))
    if progress.stage == "epochs":
        return [_entry(_("UMAP, epochs"), _("{done} / {of}").format(done=progress.done, of=progress.of)), passed]
    doing = {"loading": _("gets ready"), "neighbours": _("looks for neighbours; the first time this takes a minute")}
    return [_entry(_("UMAP"), doing.get(progress.stage, "…")), passed]


def _entry(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}


def _answer(run_id: str, step: int, language: str) -> dict[str, Any]:
    text.use(language)
    job = Job(board().store.run(run_id), step)
    progress = jobs().look(job)
    here = phase(progress)
    said = status(progress, jobs().ahead(job)) if progress else []
    return {"cursor": 0, "phase": here, "ended": here != "busy", "status": said, "extend": [], "wait": WAIT}


async def umap_progress(request: Request) -> Response:
    """GET api/maps/RUN/STEP?lang=en: what is being done for UMAP of this checkpoint, and how far it is."""
    words = request.path_params
    try:
        answer = await run_in_threadpool(_answer, words["run"], words["step"], request.query_params.get("lang", "en"))
    except (UnknownRun, DamagedRun) as refusal:
        return PlainTextResponse(str(refusal), status_code=404)
    return JSONResponse(answer, headers=NO_STORE)


def route_of(run_id: str, step: int, language: str) -> str:
    """The address of a map's progress, for the figure part; relative, so that it works behind any prefix."""
    return f"api/maps/{run_id}/{step}?lang={language}"
