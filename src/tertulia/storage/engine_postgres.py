"""PostgreSQL: a pool of connections; rows are locked where use cases meet."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tertulia.storage.completion import lent
from tertulia.storage.connection_postgres import postgres_engine, reading
from tertulia.storage.journal_postgres import PostgresBatchWriter
from tertulia.storage.replica import Replica

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

STATEMENT_S = 60
"""How long one statement of a server may take; what moves or makes whole tables is not bounded."""
ANSWER_S = STATEMENT_S + 5.0
"""How long a server waits for any answer: one that comes later than this comes from nowhere.

The bound of the statement itself is kept by the other side, which may be gone without a word.
"""


class PostgresDatabase:
    """A database server, with up to `pool_size` connections at work and one for the journal.

    As many are at work on its replica, where it has one.
    """

    def __init__(self, url: URL, *, pool_size: int, replica_url: URL | None = None) -> None:
        self._url = url
        self._engine = _engine(url, pool_size)
        self._writer = self._engine.execution_options(isolation_level="READ COMMITTED")
        self._reader = reading(self._engine)
        self._replica = replica_url and Replica(
            replica_url, pool_size=pool_size, statement_s=STATEMENT_S, answer_s=ANSWER_S
        )

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection that sees what others commit, and locks the rows that it changes."""
        async with lent(self._writer) as connection:
            yield connection

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection whose first statement takes the snapshot that all of them see."""
        async with lent(self._reader) as connection:
            yield connection

    @asynccontextmanager
    async def far_reader(self) -> AsyncIterator[AsyncConnection]:
        """Lend a reader of the replica, if it has all that is here now; else one from here."""
        engine = self._reader
        if self._replica is not None and await self._replica.has_all_of(self._engine):
            engine = self._replica.reader
        async with lent(engine) as connection:
            yield connection

    def batch_writer(self) -> PostgresBatchWriter:
        """Return the journal's own connection, which never waits for the pool."""
        return PostgresBatchWriter(_engine(self._url, 1))

    @asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[bool]:
        """Hold an advisory lock, on a connection of its own that may be idle for long."""
        engine = postgres_engine(self._url, pool_size=1, answer_s=ANSWER_S)
        try:
            async with engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                key = func.hashtextextended(what, 0)
                yield bool(await connection.scalar(select(func.pg_try_advisory_lock(key))))
        finally:
            # The lock goes with the connection.
            await engine.dispose()

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
        if self._replica is not None:
            await self._replica.close()


def _engine(url: URL, pool_size: int) -> AsyncEngine:
    return postgres_engine(url, pool_size=pool_size, statement_s=STATEMENT_S, answer_s=ANSWER_S)
