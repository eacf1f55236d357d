"""Ending what runs until it is told to stop."""

from __future__ import annotations

import asyncio
from typing import Any

_AGAIN_S = 1.0


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks until they have ended, in whatever way.

    Once is not always enough: `asyncio.wait_for` of Python 3.11, by which the Redis client sends,
    forgets a cancellation that comes at the moment at which what it waits for is done
    (https://github.com/python/cpython/issues/86296).
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)
