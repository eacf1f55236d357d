"""A Litestar application of one route, which answers bytes that were encoded before it started.

python -m bench.rest_bare PAGE.json PORT
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from litestar import Litestar, MediaType, Response, get


def bare_app(page: bytes) -> Litestar:
    """Return the application."""

    @get("/page")
    async def answer() -> Response[bytes]:
        return Response(page, media_type=MediaType.JSON)

    return Litestar([answer], openapi_config=None, logging_config=None)


if __name__ == "__main__":
    page, port = sys.argv[1:]
    uvicorn.run(
        bare_app(Path(page).read_bytes()),
        port=int(port),
        http="httptools",
        loop="uvloop",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
