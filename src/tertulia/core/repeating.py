"""Looking after something again and again, whatever goes wrong in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Never

from tertulia.core.errors import Unavailable


async def repeat(
    work: Callable[[], Awaitable[object]],
    period_s: float,
    log: logging.Logger,
    *,
    outage: str,
    failure: str,
) -> Never:
    """Do some work at once and then every so many seconds, for ever.

    That the database is out of reach passes, and is noted as `outage`; anything else is a bug, is
    logged whole as `failure`, and does not end it.
    """
    while True:
        try:
            await work()
        except Unavailable:
            log.debug(outage)
        except Exception:
            log.exception(failure)
        await asyncio.sleep(period_s)
