"""The load of bench/rest.py: one GET after the other on each of some kept-alive connections.

    python -m bench.rest_load URL TOKEN CONNECTIONS SECONDS

prints `{"requests", "failures", "seconds", "p50_ms", "p99_ms"}`. It reads of an answer only its
status and its length, so that it takes less time than any server it asks.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from typing import cast
from urllib.parse import urlsplit

import uvloop

WARM_UP_S = 0.5

_LENGTH = re.compile(rb"content-length: (\d+)")


@dataclass(slots=True)
class Tally:
    """What all connections saw after `since`."""

    since: float
    until: float
    waits_s: list[float] = field(default_factory=list)
    failures: int = 0


class Asker(asyncio.Protocol):
    """Asks, waits for the whole answer, and asks again, until time is up."""

    def __init__(self, request: bytes, tally: Tally, done: asyncio.Future[None]) -> None:
        self._request = request
        self._tally = tally
        self._done = done
        self._answer = bytearray()
        self._missing: int | None = None
        self._asked_at = 0.0
        self._transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Count what came until the answer is whole."""
        if self._missing is None:
            self._answer += data
            end = self._answer.find(b"\r\n\r\n")
            if end < 0:
                return
            length = _LENGTH.search(self._answer, 0, end)
            self._missing = int(length[1]) - (len(self._answer) - end - 4) if length else 0
        else:
            self._missing -= len(data)
        if self._missing <= 0:
            self._answered()

    def connection_lost(self, _: Exception | None) -> None:
        """Note a connection that the server closed."""
        if not self._done.done():
            self._tally.failures += 1
            self._done.set_result(None)

    def _ask(self) -> None:
        self._answer.clear()
        self._missing = None
        self._asked_at = time.perf_counter()
        self._transport.write(self._request)

    def _answered(self) -> None:
        now = time.perf_counter()
        if now >= self._tally.since:
            self._tally.waits_s.append(now - self._asked_at)
            if not self._answer.startswith(b"HTTP/1.1 200"):
                self._tally.failures += 1
        if now < self._tally.until:
            self._ask()
        elif not self._done.done():
            self._done.set_result(None)
            self._transport.close()


async def load(url: str, token: str, connections: int, seconds: float) -> dict[str, float]:
    """Ask for a URL on this many connections for this long."""
    parts = urlsplit(url)
    request = (
        f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Authorization: Bearer {token}\r\nAccept: application/json\r\n\r\n"
    ).encode()
    loop = asyncio.get_running_loop()
    start = time.perf_counter() + WARM_UP_S
    tally = Tally(since=start, until=start + seconds)
    done = [loop.create_future() for _ in range(connections)]
    for each in done:
        await loop.create_connection(
            partial(Asker, request, tally, each), parts.hostname or "", parts.port or 80
        )
    await asyncio.gather(*done)
    hundredths = statistics.quantiles(tally.waits_s, n=100)
    return {
        "requests": len(tally.waits_s),
        "failures": tally.failures,
        "seconds": time.perf_counter() - start,
        "p50_ms": hundredths[49] * 1000,
        "p99_ms": hundredths[98] * 1000,
    }


if __name__ == "__main__":
    address, bearer, count, duration = sys.argv[1:]
    found = uvloop.run(load(address, bearer, int(count), float(duration)))
    sys.stdout.write(json.dumps(found))
