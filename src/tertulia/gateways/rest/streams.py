"""Bodies that are larger than memory should hold, read as they come.

Whoever sends may stop in the middle, or send next to nothing for ever. `parts` ends the one with
`BodyCut` and the other with `ClientException` 408 after a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from litestar.exceptions import ClientException, HTTPException

from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.errors import GONE

IDLE_S = 30.0
"""How long a sender may be silent in the middle of a body."""


class BodyCut(Exception):  # noqa: N818, it is what happened
    """The sender went away, or was silent for too long, before the body was whole."""


async def parts(request: ApiRequest, *, idle_s: float = IDLE_S) -> AsyncIterator[bytes]:
    """Yield a body's bytes as they come, no more than the route allows."""
    stream = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(idle_s):
                part = await anext(stream, None)
        except TimeoutError:
            raise BodyCut from None
        except HTTPException as error:
            if error.detail == GONE:
                raise BodyCut from None
            raise
        if part is None:
            return
        if part:
            yield part


async def parts_until_cut(request: ApiRequest) -> AsyncIterator[bytes]:
    """Yield what comes of a body; that it was cut is its end like any other."""
    try:
        async for part in parts(request):
            yield part
    except BodyCut:
        return


def cut() -> ClientException:
    """Return what to answer somebody who, most likely, does not listen any more."""
    return ClientException("The body is not whole.", status_code=400)
