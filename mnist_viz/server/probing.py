"""How far the fits of logistic regressions are, for the browsers that wait for them: a small route, no rerun."""

import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mnist_viz import text
from mnist_viz.jobs.probes import Probe
from mnist_viz.jobs.queue import Progress, jobs
from mnist_viz.runs.store import DamagedRun, UnknownRun
from mnist_viz.server.board import board
from mnist_viz.server.mapping import NO_STORE, WAIT, news, phase
from mnist_viz.text import _


def status(progress: Progress, ahead: int) -> list[dict[str, str]]:
    """What is being done and how far it is, to stand above the picture."""
    if not progress.alive:
        return []
    doing = _("gets ready")
    if progress.state == "waiting":
        doing = _("wait; before them: {count}").format(count=ahead)
    elif progress.stage == "fits":
        doing = _("{done} of {of} done").format(done=progress.done, of=progress.of)
    passed = _("{seconds:.0f} s").format(seconds=time.monotonic() - progress.since)
    return [{"label": _("Regressions"), "value": doing}, {"label": _("Time"), "value": passed}]


def _answer(job: Probe, language: str) -> dict[str, Any]:
    text.use(language)
    progress = jobs().look(job)
    here = phase(progress)
    said = status(progress, jobs().ahead(job)) if progress else []
    return {"cursor": 0, "phase": here, "ended": here != "busy", "status": said, "extend": [], "wait": WAIT}


async def probe_progress(request: Request) -> Response:
    """GET api/probes/RUN/STEP?lang=en: how many regressions of this checkpoint are fitted."""
    words = request.path_params
    try:
        job = Probe(await run_in_threadpool(board().store.run, words["run"]), words["step"])
    except (UnknownRun, DamagedRun) as refusal:
        return PlainTextResponse(str(refusal), status_code=404)
    await news(job)
    return JSONResponse(_answer(job, request.query_params.get("lang", "en")), headers=NO_STORE)


def route_of(run_id: str, step: int, language: str) -> str:
    """The address of these fits' progress, for the figure part; relative, so that it works behind any prefix."""
    return f"api/probes/{run_id}/{step}?lang={language}"
