"""The two ways into the database: one for work that may write, one for work that only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import make_url

from tertulia.storage.engine_postgres import PostgresDatabase
from tertulia.storage.engine_sqlite import SqliteDatabase

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tertulia.storage.journal import BatchWriter


class Database(Protocol):
    """A database that is open; its connections begin their transaction with the first statement."""

    def writer(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Lend a connection that may write; what is not committed on leaving is rolled back."""

    def reader(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Lend a connection that sees one moment and cannot write."""

    def far_reader(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Lend what `reader` lends, from a replica where one has all that is here now."""

    def batch_writer(self) -> BatchWriter:
        """Return the journal's own way in."""

    def alone(self, what: str) -> AbstractAsyncContextManager[bool]:
        """Hold a lock by this name until the block is left; False where somebody has it."""

    async def close(self) -> None:
        """Close every connection."""


def open_database(database_url: str, *, pool_size: int, replica_url: str | None = None) -> Database:
    """Return the database at `sqlite+aiosqlite:///file` or `postgresql+asyncpg://...`.

    `pool_size` bounds the connections at work at once; further work waits its turn. A replica
    PostgreSQL alone may have.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return SqliteDatabase(url, pool_size=pool_size)
    replica = None if replica_url is None else make_url(replica_url)
    return PostgresDatabase(url, pool_size=pool_size, replica_url=replica)
