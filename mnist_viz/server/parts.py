"""The five parts of the newest step that was taken slowly or by hand, for the cards that ask for it again and again."""

import base64
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mnist_viz.runs.parts import newest
from mnist_viz.runs.store import DamagedRun, UnknownRun
from mnist_viz.server.board import Snapshot, board
from mnist_viz.server.curve import NO_STORE
from mnist_viz.server.traffic import Traffic

_traffic = Traffic()


def parts(snapshot: Snapshot) -> dict[str, Any]:
    """The parts of the newest step as the cards get them: `parts` is None where the newest step was not taken down."""
    last = snapshot.last("step")
    found = newest(snapshot.run)
    if found is None or (last and found.step < last["step"]):
        return {"step": last["step"] if last else 0, "parts": None}
    return {
        "step": found.step,
        "parts": {
            **vars(found),
            "pixels": base64.b64encode(found.pixels.tobytes()).decode(),
            "layers": [vars(layer) for layer in found.layers],
        },
    }


def _answer(run_id: str, known: int) -> dict[str, Any]:
    snapshot = board().snapshot(run_id)
    answer = parts(snapshot)
    if answer["parts"] and answer["step"] == known:
        answer = {"step": known}  # nothing new, and nothing to send
    return {**answer, "ended": snapshot.ended, "wait": _traffic.wait()}


async def newest_parts(request: Request) -> Response:
    """GET api/runs/RUN/parts?known=STEP: the parts of the newest watched step, left out where they are known."""
    known = request.query_params.get("known", "")
    if not (known.isascii() and known.isdigit() and len(known) < 10):
        return PlainTextResponse("known is a step", status_code=400)
    try:
        answer = await run_in_threadpool(_answer, request.path_params["run"], int(known))
    except (UnknownRun, DamagedRun) as refusal:
        return PlainTextResponse(str(refusal), status_code=404)
    return JSONResponse(answer, headers=NO_STORE)


def route_of(run_id: str) -> str:
    """The address of the newest step's parts; relative, so that it works behind any prefix."""
    return f"api/runs/{run_id}/parts"
