"""How far the fits of logistic regressions are, for the browsers that wait for them."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mnist_viz.jobs.probes import Probe
from mnist_viz.jobs.queue import Progress, jobs
from mnist_viz.runs.store import DamagedRun, UnknownRun
from mnist_viz.server import waiting
from mnist_viz.server.board import board
from mnist_viz.server.waiting import Status, entry, passed
from mnist_viz.text import _


def status(progress: Progress, ahead: int) -> Status:
    """What is being done and how far it is, to stand above the picture."""
    doing = _("gets ready")
    if progress.state == "waiting":
        doing = _("wait; before them: {count}").format(count=ahead)
    elif progress.stage == "fits":
        doing = _("{done} of {of} done").format(done=progress.done, of=progress.of)
    return [entry(_("Regressions"), doing), passed(progress, _("Time"))]


async def probe_progress(request: Request) -> Response:
    """GET api/probes/RUN/STEP?lang=en: how many regressions of this checkpoint are fitted."""
    words = request.path_params
    try:
        job = Probe(await run_in_threadpool(board().store.run, words["run"]), words["step"])
    except (UnknownRun, DamagedRun) as refusal:
        return PlainTextResponse(str(refusal), status_code=404)
    return await waiting.answer(job, request, lambda progress: status(progress, jobs().ahead(job)))


def route_of(run_id: str, step: int, language: str) -> str:
    """The address of these fits' progress, for the figure part; relative, so that it works behind any prefix."""
    return f"api/probes/{run_id}/{step}?lang={language}"
