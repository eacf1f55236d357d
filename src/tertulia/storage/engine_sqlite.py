"""SQLite: one connection writes, in turn; the others each read a snapshot meanwhile (WAL).

Several processes may have the file open: whoever finds it locked waits `busy_timeout_s` for it.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tertulia.storage.completion import completed, lent
from tertulia.storage.connection_sqlite import SqliteConnection, connect
from tertulia.storage.journal_sqlite import SqliteBatchWriter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from contextlib import AbstractAsyncContextManager

    import aiosqlite
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection

# How long work waits for its turn to write, or for a connection to read from.
_WAIT_S = 30

# SQLite gives the interpreter up at every row and has to wait for it again, so that more threads
# reading at once only wait for one another: with ten, everything takes a third longer than with
# two. The second one reads on while the first is held up by a long search.
_MAX_READERS = 2

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    # Negative: KiB instead of pages.
    "PRAGMA cache_size = -16384",
    "PRAGMA mmap_size = 268435456",
    # Pages of the log before it is folded into the file: a page that many commits touched is
    # folded in once.
    "PRAGMA wal_autocheckpoint = 4000",
    # What the write-ahead log is cut back to after a burst.
    "PRAGMA journal_size_limit = 67108864",
)


class SqliteDatabase:
    """A file, open in this process for one writer and two readers, or the one of `pool_size` 1."""

    def __init__(self, url: URL, *, pool_size: int, busy_timeout_s: float = 10) -> None:
        self._path = url.database or ""
        self._pragmas = (f"PRAGMA busy_timeout = {round(busy_timeout_s * 1000)}", *_PRAGMAS)
        self._writer = sqlite_engine(url, self._pragmas, pool_size=1, begin="BEGIN IMMEDIATE")
        self._readers = sqlite_engine(
            url,
            (*self._pragmas, "PRAGMA query_only = ON"),
            pool_size=min(pool_size, _MAX_READERS),
            begin="BEGIN",
        )
        # Waiting here is first come, first served; SQLite's own lock is a race.
        self._turn = asyncio.Lock()
        self._held: set[str] = set()

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[AsyncConnection]:
        """Lend the writing connection to one after the other."""
        async with self._turn_taken(), lent(self._writer) as connection:
            yield connection

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection whose first statement takes the snapshot that all of them see."""
        async with lent(self._readers) as connection:
            yield connection

    def far_reader(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Lend a reader: there is no other place."""
        return self.reader()

    def batch_writer(self) -> SqliteBatchWriter:
        """Return the journal's own connection, which takes its turn with the writer."""
        return SqliteBatchWriter(partial(connect, self._path, self._pragmas), self._turn_taken)

    @asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[bool]:
        """Hold a lock by this name; one server alone works over a file."""
        if what in self._held:
            yield False
            return
        self._held.add(what)
        try:
            yield True
        finally:
            self._held.remove(what)

    async def close(self) -> None:
        """Close every connection; the last one to close folds the log into the file."""
        await self._readers.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def _turn_taken(self) -> AsyncIterator[None]:
        async with asyncio.timeout(_WAIT_S):
            await self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()


def sqlite_engine(url: URL, pragmas: Sequence[str], *, pool_size: int, begin: str) -> AsyncEngine:
    """Return an engine whose transactions begin with the statement `begin`."""

    async def opened() -> aiosqlite.Connection:
        connection = SqliteConnection(url.database or "", pragmas, begin)
        try:
            return await completed(connection.opened())
        except BaseException:
            await completed(connection.given_up())
            raise

    return create_async_engine(
        url,
        async_creator=opened,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_WAIT_S,
        pool_use_lifo=True,
        # What people wrote has no place in a log, nor have the hashes of their passwords.
        hide_parameters=True,
    )
