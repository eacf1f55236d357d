"""PostgreSQL: a pool of connections; rows are locked where use cases meet."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tertulia.storage.completion import completed
from tertulia.storage.journal_postgres import PostgresBatchWriter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection

# How long work waits for a connection to be free.
_WAIT_S = 30

_SERVER_SETTINGS = {
    "application_name": "tertulia",
    # Nothing waits for a row for ever, nor holds one for ever after its client has gone silent.
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    # Compiling short statements costs more than it saves.
    "jit": "off",
}


class PostgresDatabase:
    """A database server, with up to `pool_size` connections at work and one for the journal."""

    def __init__(self, url: URL, *, pool_size: int) -> None:
        self._url = url
        self._engine = postgres_engine(url, pool_size=pool_size)
        self._writer = self._engine.execution_options(isolation_level="READ COMMITTED")
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection that sees what others commit, and locks the rows that it changes."""
        async with _lent(self._writer) as connection:
            yield connection

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection whose first statement takes the snapshot that all of them see."""
        async with _lent(self._reader) as connection:
            yield connection

    def batch_writer(self) -> PostgresBatchWriter:
        """Return the journal's own connection, which never waits for the pool."""
        return PostgresBatchWriter(postgres_engine(self._url, pool_size=1))

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def postgres_engine(url: URL, *, pool_size: int) -> AsyncEngine:
    """Return an engine of `pool_size` connections at most."""
    engine = create_async_engine(
        url,
        connect_args={"server_settings": _SERVER_SETTINGS},
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_WAIT_S,
        pool_use_lifo=True,
        # What people wrote has no place in a log, nor have the hashes of their passwords.
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def _require_open(connection: Any, _record: Any, _lent: Any) -> None:
        # A server that was restarted has closed its connections, which costs nothing to see; the
        # pool then opens another one.
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    return engine


@asynccontextmanager
async def _lent(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    connection = await engine.connect()
    try:
        yield connection
    finally:
        await completed(connection.close())
