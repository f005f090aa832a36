"""The live learning curve: what a run recorded since a cursor, as traces, and its figures in words."""

import math
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mnist_viz import text
from mnist_viz.figures import changes, curve_axes, curves
from mnist_viz.runs.commands import Command, Inbox
from mnist_viz.runs.store import DamagedRun, UnknownRun
from mnist_viz.server.board import ACTIVE, Snapshot, board
from mnist_viz.server.traffic import Traffic
from mnist_viz.text import _, percent

NO_STORE = {"Cache-Control": "no-store"}
ROUND = 5.0  # seconds to which the end of a running training is rounded up, so that the axis seldom moves
_traffic = Traffic()


def seconds_left(snapshot: Snapshot) -> float | None:
    """How long the rest takes at the pace so far, or in slow motion at that; None while nobody knows."""
    start, step, pace = snapshot.last("start"), snapshot.last("step"), snapshot.last("command", command="pace")
    if not start or not step or not step["seconds"] or snapshot.state == "paused":
        return None
    slow = 1 / pace["value"] if pace and pace["value"] else 0
    return float((start["steps"] - step["step"]) * max(step["seconds"] / step["step"], slow))


def whole_training(snapshot: Snapshot) -> tuple[int, float]:
    """How many steps and seconds of training there will be in all, as far as is known; seconds in round numbers.

    Pauses and slow motion are no training: they move what is left, not where the curve ends.
    """
    start, step = snapshot.last("start"), snapshot.last("step")
    steps = int(start["steps"]) if start else 1
    if step is None:
        return steps, ROUND
    if snapshot.ended:
        return int(step["step"]), float(step["seconds"])
    return steps, ROUND * math.ceil(step["seconds"] * steps / step["step"] / ROUND)


def moment(snapshot: Snapshot) -> str:
    """The state as a visitor sees it: starting until the first step is there, stopping while what is kept is tested.

    What a run recorded that this one goes on with stands before its own start.
    """
    begun = (record["kind"] for record in reversed(snapshot.records) if record["kind"] in ("step", "start"))
    if snapshot.state == "running" and next(begun, "start") == "start":
        return "starting"
    if snapshot.state in ("running", "paused") and snapshot.last("command", command="stop"):
        return "stopping"
    return snapshot.state


def asked(snapshot: Snapshot) -> str:
    """pause, resume or stop where that was asked for last and is not obeyed yet, else nothing."""
    given = _commands(snapshot)
    if not given:  # as most of the many times that this is asked
        return ""
    obeyed = {record.get("file") for record in snapshot.records if record["kind"] == "command"}
    waiting = [command.word for command in given if command.file not in obeyed]
    return next((word for word in reversed(waiting) if word in ("pause", "resume", "stop")), "")


def pace(snapshot: Snapshot) -> float:
    """The steps a second that were asked for last, obeyed already or not; 0 is full speed."""
    return next((command.value or 0.0 for command in reversed(_commands(snapshot)) if command.word == "pace"), 0.0)


def _commands(snapshot: Snapshot) -> list[Command]:
    """Every command a run that goes on was given; what has ended obeys none."""
    return Inbox(snapshot.run).new() if snapshot.state in ACTIVE else []


def phase(snapshot: Snapshot) -> str:
    """What a page is built for: the moment, what was asked for, and whether there are checkpoints to choose from."""
    newest = snapshot.last("checkpoint")
    parts = {
        moment(snapshot): True,
        f"{asked(snapshot)} asked": asked(snapshot),
        f"slow, {pace(snapshot):g} a second": pace(snapshot),
        f"{len(changes.changes(snapshot.records))} changes": changes.changes(snapshot.records),
        "with checkpoints": newest and newest["step"] > 0,
    }
    return ", ".join(part for part, is_so in parts.items() if is_so)


def status(snapshot: Snapshot) -> list[dict[str, str]]:
    """The figures above the curve, each a word and a value of fixed form, so that nothing jumps."""
    start, step = snapshot.last("start"), snapshot.last("step")
    validation = snapshot.last("evaluation", part="val")
    if not start or not step:
        paused = snapshot.state == "paused"
        return [{"label": _("Now"), "value": _("paused") if paused else _("getting ready …")}]
    left = seconds_left(snapshot)
    rate = step["images_per_second"]
    return [
        {"label": _("Step"), "value": f"{step['step']:,} / {start['steps']:,}"},
        {"label": _("Training loss"), "value": _decimal(step["loss"], 3)},
        {"label": _("Training accuracy"), "value": _percent(step["accuracy"])},
        {"label": _("Validation accuracy"), "value": _percent(validation["accuracy"] if validation else None)},
        {"label": _("Images per second"), "value": f"{rate:,.0f}" if rate else "–"},
        {"label": _("Time left"), "value": _("{seconds:.0f} s").format(seconds=left) if left is not None else "–"},
    ]


def _decimal(value: float | None, digits: int) -> str:
    return "–" if value is None or not math.isfinite(value) else f"{value:.{digits}f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else percent(share, 1)


def _answer(run_id: str, since: int, by: str, language: str) -> dict[str, Any]:
    text.use(language)
    snapshot = board().snapshot(run_id)
    other = board().beside(snapshot)
    now = snapshot if other is None else other
    reach = whole_chart(snapshot, other)[0 if by == "step" else 1]
    return {
        "cursor": cursor(snapshot, other),
        "phase": both_phases(snapshot, other),
        "ended": now.ended,
        "status": [] if now.ended else status(now),
        "extend": _extension(snapshot, other, since, by),
        "reach": reach,
        "ticks": curve_axes.ticks(by, reach),
        "marks": _marks(snapshot, other, since, by=by, reach=reach),
        "wait": _traffic.wait(),
    }


def cursor(snapshot: Snapshot, other: Snapshot | None) -> int:
    """How many records of both runs there are: the second begins when the first has ended, so one count will do."""
    return len(snapshot.records) + (len(other.records) if other else 0)


def both_phases(snapshot: Snapshot, other: Snapshot | None) -> str:
    """The phase of a chart with two runs."""
    return phase(snapshot) if other is None else f"{phase(snapshot)}, beside it {phase(other)}"


def whole_chart(snapshot: Snapshot, other: Snapshot | None) -> tuple[int, float]:
    """As `whole_training`, whichever of the two has or takes more."""
    totals = [whole_training(one) for one in (snapshot, other) if one]
    return max(steps for steps, _seconds in totals), max(seconds for _steps, seconds in totals)


def _extension(snapshot: Snapshot, other: Snapshot | None, since: int, by: str) -> list[dict[str, Any]]:
    pieces = curves.extension(snapshot.records[since:], by)
    if other is not None:
        pieces += curves.extension(other.records[max(0, since - len(snapshot.records)) :], by, beside=True)
    return pieces


def _marks(snapshot: Snapshot, other: Snapshot | None, since: int, *, by: str, reach: float) -> list[dict[str, Any]]:
    """All marks of changed settings, where one of them is new; they are few, and their labels make room."""
    beside = other.records if other else None
    if not changes.changes([*snapshot.records, *(beside or ())][since:]):
        return []
    return curves.marks(snapshot.records, by, reach, beside=beside)


async def learning_curve(request: Request) -> Response:
    """GET api/runs/RUN/curve?since=N&by=step|seconds&lang=en: the traces' new points after N records."""
    query = request.query_params
    since, by = query.get("since", "0"), query.get("by", "step")
    if not (since.isascii() and since.isdigit() and len(since) < 10) or by not in curves.BY:
        return PlainTextResponse("since is a count of records, by is step or seconds", status_code=400)
    try:
        answer = await run_in_threadpool(_answer, request.path_params["run"], int(since), by, query.get("lang", "en"))
    except (UnknownRun, DamagedRun) as refusal:
        return PlainTextResponse(str(refusal), status_code=404)
    return JSONResponse(answer, headers=NO_STORE)


def route_of(run_id: str, by: str, language: str) -> str:
    """The address of a run's live curve, for the figure part; relative, so that it works behind any prefix."""
    return f"api/runs/{run_id}/curve?by={by}&lang={language}"
