"""A replica of the database, which answers what is long to read as long as it keeps up.

It is asked only once it has all that the primary had when the question came, so that no answer
tells where it comes from: who has just sent a message finds it, and who was just thrown out finds
nothing any more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from tertulia.storage.completion import lent
from tertulia.storage.connection_postgres import postgres_engine, reading
from tertulia.storage.outages import is_outage, outages_refused

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncEngine

    from tertulia.storage.engine import Database

log = logging.getLogger(__name__)

PATIENCE_S = 0.2
"""How long a replica may need to catch up; streaming takes a few milliseconds."""
REST_S = 5.0
"""How long one that did not answer, or fell behind, is left alone."""

_AGAIN_S = 0.002
_ANSWER_S = 1.0
_ASKING_AT_ONCE = 5

_IS_REPLICA = text("SELECT pg_is_in_recovery()")
_WRITTEN = text("SELECT pg_current_wal_flush_lsn()::text")
# Null, and so never true, where it is no replica any more.
_HAS = text("SELECT pg_last_wal_replay_lsn() >= CAST(CAST(:written AS text) AS pg_lsn)")


class Replica:
    """A server that replays what the primary writes."""

    def __init__(self, url: URL, *, pool_size: int, statement_s: int, answer_s: float) -> None:
        self.reader = reading(
            postgres_engine(url, pool_size=pool_size, statement_s=statement_s, answer_s=answer_s)
        )
        # Apart from the readers: who waits for an answer here is not held up by one who reads.
        self._asked = postgres_engine(
            url, pool_size=_ASKING_AT_ONCE, statement_s=1, answer_s=_ANSWER_S
        ).execution_options(isolation_level="AUTOCOMMIT")
        self._rests_until = 0.0

    async def has_all_of(self, primary: AsyncEngine) -> bool:
        """Whether it has, or soon gets, all that the primary has now; not while it rests.

        Raises what the primary raises.
        """
        if time.monotonic() < self._rests_until:
            return False
        async with lent(primary) as connection:
            written = await connection.scalar(_WRITTEN)
        try:
            keeps_up = await self._gets_to(written)
        except (DBAPIError, NoConnectionFree, OSError) as error:
            if not is_outage(error):
                raise
            self._leave_alone(f"does not answer: {error}")
            return False
        if not keeps_up:
            self._leave_alone("is behind")
        return keeps_up

    async def close(self) -> None:
        """Close every connection."""
        await self.reader.dispose()
        await self._asked.dispose()

    def _leave_alone(self, why: str) -> None:
        """Ask it nothing for a while; a crowd that finds the same out says so once."""
        now = time.monotonic()
        if now >= self._rests_until:
            log.warning("the replica %s", why)
            self._rests_until = now + REST_S

    async def _gets_to(self, written: str) -> bool:
        # The bound holds for the wait for a connection, too.
        async with asyncio.timeout(_ANSWER_S), lent(self._asked) as connection:
            if time.monotonic() < self._rests_until:
                # Found out by those who had the connections before.
                return False
            deadline = time.monotonic() + PATIENCE_S
            while not await connection.scalar(_HAS, {"written": written}):
                if time.monotonic() > deadline:
                    return False
                await asyncio.sleep(_AGAIN_S)
        return True


async def is_answering(database: Database) -> bool:
    """Whether a replica answers what is long to read; Unavailable where nobody does."""
    with outages_refused():
        async with database.far_reader() as connection:
            return bool(await connection.scalar(_IS_REPLICA))
