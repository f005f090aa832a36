"""What a network reads in a drawing, while it is drawn: 784 bytes in, ten probabilities out, no page is run again.

One thread reads for everybody. What arrives while it reads waits, and is read together as one batch.
"""

import asyncio
import base64
import logging
import re
import threading
from concurrent.futures import Future
from functools import cache
from queue import Empty, Full, Queue
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mnist_viz.analysis.evaluation import softmax
from mnist_viz.runs import digits
from mnist_viz.runs.logits import predict
from mnist_viz.runs.store import DamagedRun, UnknownRun
from mnist_viz.server.board import board
from mnist_viz.server.networks import network
from mnist_viz.text import _

log = logging.getLogger("mnist_viz")
PIXELS = 784
WAITING = 1000  # pictures; whoever comes then is sent away rather than kept waiting for seconds
BATCH = 128
_STEP = re.compile(r"[0-9]{1,8}")
Shares = NDArray[np.float64]


class Answer(NamedTuple):
    """Ten probabilities, and the 784 bytes that the network read: the picture as its run prepares it."""

    shares: Shares
    seen: bytes


class _Question(NamedTuple):
    """A picture that waits to be read by a checkpoint, and where its answer goes."""

    checkpoint: tuple[str, int]
    pixels: bytes
    answer: "Future[Answer]"


class Reader:
    """Reads pictures in a thread of its own: those that wait at the same time together, checkpoint by checkpoint."""

    def __init__(self) -> None:
        self._waiting: Queue[_Question] = Queue(WAITING)
        threading.Thread(target=self._read, name="read drawings", daemon=True).start()

    def ask(self, run_id: str, step: int, pixels: bytes) -> "Future[Answer]":
        """The answer to come; its failure is UnknownRun or DamagedRun. Raises queue.Full."""
        answer: Future[Answer] = Future()
        self._waiting.put_nowait(_Question((run_id, step), pixels, answer))
        return answer

    def _read(self) -> None:
        while True:
            together = [self._waiting.get()]
            while len(together) < BATCH:
                try:
                    together.append(self._waiting.get_nowait())
                except Empty:
                    break
            for checkpoint in dict.fromkeys(question.checkpoint for question in together):
                self._answer(checkpoint, [one for one in together if one.checkpoint == checkpoint])

    @staticmethod
    def _answer(checkpoint: tuple[str, int], questions: list[_Question]) -> None:
        asked = [one for one in questions if one.answer.set_running_or_notify_cancel()]
        if not asked:  # all have gone meanwhile
            return
        try:
            images = np.frombuffer(b"".join(one.pixels for one in asked), np.uint8).reshape(-1, 28, 28)
            seen = digits.prepared(board().store.run(checkpoint[0]), images)
            shares = softmax(predict(network(*checkpoint), seen))
        except Exception as failure:  # the thread lives on, and each who asked learns why
            for one in asked:
                one.answer.set_exception(failure)
            return
        for one, ten, image in zip(asked, shares, seen, strict=True):
            one.answer.set_result(Answer(ten, image.tobytes()))


@cache
def _reader() -> Reader:
    return Reader()


async def probabilities(request: Request) -> Response:
    """POST api/runs/RUN/STEP/predict with the 784 bytes of a picture, 0 paper to 255 ink: its ten probabilities.

    Where its preparation changes the picture the 784 bytes that the network got come with them, as `seen` in base64.
    """
    refused = _refusal(request)
    if refused:
        return refused
    run_id, step, pixels = request.path_params["run"], int(request.path_params["step"]), await request.body()
    try:
        answer = await asyncio.wrap_future(_reader().ask(run_id, step, pixels))
        told = {"probabilities": answer.shares.tolist()}
        if answer.seen != pixels:
            told["seen"] = base64.b64encode(answer.seen).decode()
        return JSONResponse(told, headers={"Cache-Control": "no-store"})
    except Full:
        return PlainTextResponse(_("Too many draw at once: draw on, it asks again."), status_code=503)
    except (UnknownRun, DamagedRun) as unknown:
        return PlainTextResponse(str(unknown), status_code=404)
    except Exception:  # also numbers that are none: a visitor gets a sentence, the log the traceback
        log.exception("a drawing could not be read")
        return PlainTextResponse(_("This network could not read the picture: choose another."), status_code=500)


def _refusal(request: Request) -> Response | None:
    """The answer to what can be refused before a byte of it is read."""
    length = request.headers.get("content-length")
    if not _is_of_this_site(request):
        return PlainTextResponse(_("Only pages of this app may ask: open the app itself."), status_code=403)
    if not _STEP.fullmatch(request.path_params["step"]):
        return PlainTextResponse(_("A step is a whole number: choose one of the run's checkpoints."), status_code=404)
    if length != str(PIXELS) or "transfer-encoding" in request.headers:
        sentence = _("A picture is {count} bytes, one a pixel: send exactly these.").format(count=PIXELS)
        return PlainTextResponse(sentence, status_code=400)
    return None


def _is_of_this_site(request: Request) -> bool:
    """Whether no page of another site asks; browsers say where a page is from, and no page can change what they say."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def route_of(run_id: str, step: int) -> str:
    """The address that reads pictures with a checkpoint; relative, so that it works behind any prefix."""
    return f"api/runs/{run_id}/{step}/predict"
