"""Files that never change while the app runs: plotly.js as the Python package ships it, and digits as 784 bytes."""

import gzip
from functools import cache
from importlib.metadata import version
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mnist_viz.data import address

PLOTLY_ROUTE = f"api/plotly-{version('plotly')}.min.js"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@cache
def plotly_js() -> tuple[bytes, bytes]:
    """plotly.js, plain and gzipped: 4.8 MB become 1.4."""
    import plotly  # noqa: PLC0415  the first page need not wait for it

    script = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
    return script, gzip.compress(script, compresslevel=6)


async def plotly_script(request: Request) -> Response:
    """GET api/plotly-VERSION.min.js: the library that draws every figure."""
    plain, zipped = await run_in_threadpool(plotly_js)
    squeezed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {**FOR_EVER, "Vary": "Accept-Encoding", **({"Content-Encoding": "gzip"} if squeezed else {})}
    return Response(zipped if squeezed else plain, media_type="text/javascript", headers=headers)


async def digit_pixels(request: Request) -> Response:
    """GET api/digits/ADDRESS: one digit as 784 bytes, row by row, 0 paper to 255 ink."""
    try:
        where = address.Address.parse(request.path_params["address"])
    except ValueError as refusal:
        return PlainTextResponse(str(refusal), status_code=404)
    image, _label = await run_in_threadpool(address.digit, where)
    return Response(image.tobytes(), media_type="application/octet-stream", headers=FOR_EVER)
