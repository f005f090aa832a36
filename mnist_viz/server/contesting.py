"""How far a contest is, for the browsers that wait for it."""

from dataclasses import asdict
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mnist_viz.jobs import contests
from mnist_viz.jobs.contests import Trial
from mnist_viz.jobs.queue import Progress, jobs
from mnist_viz.runs.store import PRETRAINED
from mnist_viz.server import waiting
from mnist_viz.server.board import board
from mnist_viz.server.waiting import Status, entry, passed
from mnist_viz.text import _
from mnist_viz.training.contest import ARMS, Contest
from mnist_viz.training.failures import Refused


def status(progress: Progress, ahead: int, contest: Contest) -> Status:
    """What is being done and how far it is, to stand above the picture."""
    doing = _("get ready")
    if progress.state == "waiting":
        doing = _("wait; before them: {count}").format(count=ahead)
    elif progress.stage == "epochs":
        doing = _("{done} of {of} trained").format(done=progress.done // contest.epochs, of=len(ARMS) * contest.seeds)
    entries = [entry(_("Networks"), doing)]
    if progress.stage == "epochs":
        epochs = _("{done} of {of}").format(done=progress.done, of=progress.of)
        entries.append(entry(_("Epochs"), epochs))
    return [*entries, passed(progress, _("Time"))]


def phase(progress: Progress | None, contest: Contest) -> str:
    """What the page must rerun for when it changes: also another pair that is whole, since it is shown at once."""
    now = waiting.phase(progress)
    pairs = contests.pairs(contest, progress.seen) if progress and progress.alive else 0
    return f"{now}, {pairs}" if pairs else now


async def contest_progress(request: Request) -> Response:
    """GET api/contests?step=deskew&setting=0&...&lang=en: how many networks of this contest are trained."""
    said = request.query_params
    try:
        kinds = {name: type(value) for name, value in asdict(Contest()).items()} | {"setting": float}
        contest = Contest(**{name: kind(said[name]) for name, kind in kinds.items()})
    except (KeyError, ValueError) as refusal:
        why = str(refusal) if isinstance(refusal, Refused) else _("No contest has these words.")
        return PlainTextResponse(why, status_code=404)
    job = Trial(await run_in_threadpool(board().store.run, PRETRAINED), contest)

    def said_now(progress: Progress) -> Status:
        return status(progress, jobs().ahead(job), contest)

    return await waiting.answer(job, request, said_now, phase=lambda progress: phase(progress, contest))


def route_of(contest: Contest, language: str) -> str:
    """The address of its progress, for the figure part; relative, so that it works behind any prefix."""
    return f"api/contests?{urlencode({**asdict(contest), 'lang': language})}"
