"""How far the computation of a map is, and where its points go, for the browsers that wait for it."""

import base64
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mnist_viz.figures.embedding import ranges
from mnist_viz.jobs import maps
from mnist_viz.jobs.queue import Job, Progress, jobs
from mnist_viz.runs.store import DamagedRun, UnknownRun
from mnist_viz.server import waiting
from mnist_viz.server.board import board
from mnist_viz.server.waiting import Status, entry, passed
from mnist_viz.text import _


def status(progress: Progress, ahead: int, *, practising: bool = False) -> Status:
    """What is being done and how far it is, to stand above the picture."""
    if progress.state == "waiting":
        doing = _("waiting; before it: {count}").format(count=ahead)
        if practising:
            doing = _("gets ready; the first time this takes a minute")
        return [entry(_("UMAP"), doing), passed(progress, _("Waiting for"))]
    if progress.stage == "epochs":
        epochs = _("{done} / {of}").format(done=progress.done, of=progress.of)
        return [entry(_("UMAP, epochs"), epochs), passed(progress, _("Time"))]
    stages = {"loading": _("gets ready"), "neighbours": _("looks for neighbours; the first time this takes a minute")}
    return [entry(_("UMAP"), stages.get(progress.stage, "…")), passed(progress, _("Time"))]


def _moved(job: Job) -> dict[str, Any]:
    """Where the points go, for browsers that show them elsewhere: they need not wait until the page is made anew."""
    places = maps.umap(job.run, job.step)
    if places is None:
        return {}
    across, up = ranges(places)
    content = base64.b64encode(np.ascontiguousarray(places, dtype="<f4").tobytes()).decode()
    version = maps.version("umap", job.run, job.step, places)
    return {"moved": {"places": content, "across": across, "up": up, "version": version}}


async def umap_progress(request: Request) -> Response:
    """GET api/maps/RUN/STEP?lang=en: what is being done for UMAP of this checkpoint, and how far it is."""
    words = request.path_params
    try:
        job = Job(await run_in_threadpool(board().store.run, words["run"]), words["step"])
    except (UnknownRun, DamagedRun) as refusal:
        return PlainTextResponse(str(refusal), status_code=404)

    def said(progress: Progress) -> Status:
        return status(progress, jobs().ahead(job), practising=jobs().is_practising())

    return await waiting.answer(job, request, said, lambda: _moved(job))


def route_of(run_id: str, step: int, language: str) -> str:
    """The address of a map's progress, for the figure part; relative, so that it works behind any prefix."""
    return f"api/maps/{run_id}/{step}?lang={language}"
