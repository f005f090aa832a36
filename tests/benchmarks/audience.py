"""An audience: so many browsers that watch a run's curve, asking as the figure part does, each over one connection.

`python -m tests.benchmarks.audience URL RUN COUNT SECONDS` says in JSON how many milliseconds each answer took. It is a
process of its own, and one that lets all others go first: an audience does not sit on the server's machine.
"""

import asyncio
import json
import os
import sys
import time
from urllib.parse import urlsplit

READY = 2.0  # seconds in which all of them come in


async def _watch(address: str, run: str, comes: float, until: float, times: list[float]) -> None:
    host, port = urlsplit(address).hostname, urlsplit(address).port
    cursor = 0
    await asyncio.sleep(comes)
    reader, writer = await asyncio.open_connection(host, port)
    while (begin := time.perf_counter()) < until:
        if reader.at_eof():  # who has waited long is hung up on, and calls again, as a browser does
            writer.close()
            reader, writer = await asyncio.open_connection(host, port)
        path = f"/api/runs/{run}/curve?since={cursor}&by=step&lang=en"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        answer = json.loads(await reader.readexactly(int(length.split(b":")[1])))
        times.append(1000 * (time.perf_counter() - begin))
        cursor = answer["cursor"]
        await asyncio.sleep(answer["wait"] / 1000)
    writer.close()


async def _audience(address: str, run: str, count: int, seconds: float) -> list[float]:
    """The milliseconds of all answers once everybody has come in."""
    times: list[float] = []
    until = time.perf_counter() + READY + seconds
    watchers = [_watch(address, run, READY * number / count, until, times) for number in range(count)]

    async def forget() -> None:
        await asyncio.sleep(READY)
        times.clear()

    await asyncio.gather(forget(), *watchers)
    return times


def main(address: str, run: str, count: str, seconds: str) -> None:
    """Watch, and say how long the answers took."""
    if hasattr(os, "nice"):
        os.nice(19)
    print(json.dumps(asyncio.run(_audience(address, run, int(count), float(seconds)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
