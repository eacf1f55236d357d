"""What the storage does while its database is out of reach, and after it has come back."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

import asyncpg
import pytest
from sqlalchemy import make_url, text

from tertulia.core.errors import NotFound, Unavailable
from tertulia.storage.engine import open_database
from tertulia.storage.engine_sqlite import SqliteDatabase
from tertulia.storage.journal import Journal
from tertulia.storage.journal_sqlite import SqliteBatchWriter
from tertulia.storage.outages import is_outage, outages_refused
from tertulia.storage.stores import SqlStorage
from tests import examples as eg
from tests.storage.conftest import open_shelf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tertulia.core.events import Event


def nobody_listens(_events: Sequence[Event]) -> None:
    """Hear nothing, as these tests announce nothing."""


async def test_a_disk_that_is_full_refuses_the_batch_and_not_the_next(sqlite_url: str) -> None:
    opened = 0

    def connect() -> sqlite3.Connection:
        nonlocal opened
        opened += 1
        connection = sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)
        if opened == 1:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    async with open_shelf(sqlite_url) as shelf:
        ana = await shelf.account()
        group = await shelf.conversation(ana)
        journal = Journal(
            SqliteBatchWriter(connect, nullcontext), shelf.announced.extend, lambda: eg.NOON
        )
        drafts = [eg.draft(group.id, ana.id, body="long " * 800) for _ in range(9)]
        refused = await asyncio.gather(*map(journal.append, drafts), return_exceptions=True)

        assert [type(refusal) for refusal in refused] == [Unavailable] * 9
        assert shelf.announced == []
        assert await shelf.history(group.id) == ()

        sent = await asyncio.gather(*map(journal.append, drafts))
        await journal.close()

        assert [message.seq for message in sent] == list(range(2, 11))


async def test_a_file_that_another_process_keeps_locked_refuses(sqlite_url: str) -> None:
    url = make_url(sqlite_url)
    database = SqliteDatabase(url, pool_size=2, busy_timeout_s=0.05)
    storage = SqlStorage(database, nobody_listens)
    journal = Journal(database.batch_writer(), nobody_listens, lambda: eg.NOON)
    other = sqlite3.connect(str(url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        async with storage.begin() as work:
            await work.accounts.add(eg.account(), None)
    with pytest.raises(Unavailable):
        await journal.append(eg.draft(eg.account().id, eg.account().id))
    async with storage.read() as work:
        assert await work.accounts.find([eg.account().id]) == ()

    other.execute("ROLLBACK")
    other.close()
    async with storage.begin() as work:
        await work.accounts.add(eg.account(), None)
    with pytest.raises(NotFound):
        await journal.append(eg.draft(eg.account().id, eg.account().id))
    await journal.close()
    await database.close()


async def test_connections_that_the_server_closed_are_replaced(
    emptied_postgres_url: str,
) -> None:
    async with open_shelf(emptied_postgres_url) as shelf:
        ana = await shelf.account()
        group = await shelf.conversation(ana)
        await shelf.send(group, ana)
        await shelf.history(group.id)
        await _end_connections(emptied_postgres_url)

        # A connection may be used once more before its end is noticed.
        for _ in range(3):
            with suppress(Unavailable):
                await shelf.history(group.id)
            with suppress(Unavailable):
                await shelf.send(group, ana)

        sent = await shelf.send(group, ana)
        assert (await shelf.history(group.id))[-1] == sent


async def test_a_server_out_of_reach_refuses(tmp_path: Path) -> None:
    database = open_database(f"postgresql+asyncpg://x@/x?host={tmp_path}", pool_size=1)
    storage = SqlStorage(database, nobody_listens)
    journal = Journal(database.batch_writer(), nobody_listens, lambda: eg.NOON)
    with pytest.raises(Unavailable):
        async with storage.read() as work:
            await work.accounts.get(eg.account().id)
    with pytest.raises(Unavailable):
        await journal.append(eg.draft(eg.account().id, eg.account().id))
    await journal.close()
    await database.close()


@pytest.mark.parametrize(
    ("error", "can_retry"),
    [
        (asyncpg.TooManyConnectionsError("full"), True),
        (asyncpg.CannotConnectNowError("starting"), True),
        (asyncpg.AdminShutdownError("stopping"), True),
        (asyncpg.DiskFullError("full"), True),
        (asyncpg.LockNotAvailableError("locked"), True),
        (asyncpg.InternalClientError("another operation is in progress"), True),
        (ConnectionRefusedError("refused"), True),
        (asyncpg.UniqueViolationError("twice"), False),
        (asyncpg.UndefinedTableError("no table"), False),
        (sqlite3.IntegrityError("twice"), False),
        (ValueError("a bug"), False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_only_what_a_later_attempt_may_mend_is_an_outage(error: Exception, can_retry: bool) -> None:
    assert is_outage(error) is can_retry
    with pytest.raises(Unavailable if can_retry else type(error)), outages_refused():
        raise error


async def _end_connections(postgres_url: str) -> None:
    database = open_database(postgres_url, pool_size=1)
    async with database.writer() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await database.close()
