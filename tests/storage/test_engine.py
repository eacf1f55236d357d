"""What the connections to a database promise."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError

from tertulia.core.errors import Unavailable
from tertulia.core.ids import new_id
from tertulia.storage import engine_postgres
from tertulia.storage.connection_sqlite import SqliteConnection
from tertulia.storage.engine import open_database
from tertulia.storage.engine_sqlite import SqliteDatabase
from tertulia.storage.outages import outages_refused
from tests import examples as eg
from tests.storage.conftest import open_shelf
from tests.waiting import until

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf

# Takes about half a second.
COUNTING = """
WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 3000000)
SELECT count(*) FROM counted
"""


async def test_on_sqlite_a_commit_is_on_disk_and_readers_go_on_meanwhile(sqlite_url: str) -> None:
    async with open_shelf(sqlite_url) as shelf:
        for lend in (shelf.database.writer, shelf.database.reader):
            async with lend() as connection:
                assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
                assert await connection.scalar(text("PRAGMA synchronous")) == 2  # FULL


async def test_on_postgresql_nobody_waits_for_a_row_for_ever(emptied_postgres_url: str) -> None:
    async with open_shelf(emptied_postgres_url) as shelf, shelf.database.writer() as connection:
        assert await connection.scalar(text("SHOW lock_timeout")) == "10s"
        assert await connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"
        assert await connection.scalar(text("SHOW statement_timeout")) == "1min"


async def test_on_postgresql_a_statement_that_takes_too_long_is_an_outage(
    emptied_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_postgres, "STATEMENT_S", 1)
    async with open_shelf(emptied_postgres_url) as shelf:
        with pytest.raises(Unavailable), outages_refused():
            async with shelf.database.reader() as connection:
                await connection.execute(text("SELECT pg_sleep(20)"))
        await shelf.storage.check()


async def test_on_postgresql_both_ways_in_have_their_isolation(emptied_postgres_url: str) -> None:
    question = text("SHOW transaction_isolation")
    async with open_shelf(emptied_postgres_url) as shelf:
        for _ in range(2):
            async with shelf.database.reader() as connection:
                assert await connection.scalar(question) == "repeatable read"
            async with shelf.database.writer() as connection:
                assert await connection.scalar(question) == "read committed"


async def test_what_is_not_committed_is_rolled_back(shelf: Shelf) -> None:
    ana = await shelf.account()
    async with shelf.database.writer() as connection:
        await connection.execute(text("UPDATE accounts SET display_name = 'X'"))
    async with shelf.storage.read() as work:
        assert await work.accounts.get(ana.id) == ana


async def test_a_row_cannot_refer_to_nothing(shelf: Shelf) -> None:
    with pytest.raises(IntegrityError):
        async with shelf.storage.begin() as work:
            await work.sessions.add(eg.session(new_id()))


async def test_what_people_wrote_is_not_in_the_words_of_an_error(shelf: Shelf) -> None:
    with pytest.raises(IntegrityError) as failed:
        async with shelf.storage.begin() as work:
            await work.sessions.add(eg.session(new_id(), name="Ana's telephone"))

    assert "telephone" not in str(failed.value)


async def test_on_sqlite_writers_take_turns_in_the_order_of_their_coming(sqlite_url: str) -> None:
    async with open_shelf(sqlite_url) as shelf:
        order = []

        async def write(index: int) -> None:
            async with shelf.storage.begin() as work:
                await work.accounts.add(eg.account(), None)
                order.append(index)

        await asyncio.gather(*(write(index) for index in range(9)))

        assert order == list(range(9))


async def test_more_readers_than_connections_take_turns(shelf: Shelf) -> None:
    ana = await shelf.account()

    async def read() -> None:
        async with shelf.storage.read() as work:
            assert await work.accounts.get(ana.id) == ana

    await asyncio.gather(*(read() for _ in range(20)))


async def test_a_connection_that_comes_back_after_the_end_is_closed(database_url: str) -> None:
    database = open_database(database_url, pool_size=2)
    for lend in (database.reader, database.writer):
        async with lend() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
            driver = (await connection.get_raw_connection()).driver_connection
            await database.close()
        assert _is_closed(driver)
    await database.close()


async def test_parallel_changes_of_one_conversation_take_a_seq_each(shelf: Shelf) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)

    async def change() -> int:
        async with shelf.storage.begin() as work:
            membership = await work.conversations.locked_for_member(ana.id, group.id)
            seq = await work.conversations.take_seq(group.id)
            assert seq == membership.conversation.head_seq + 1
            return seq

    assert sorted(await asyncio.gather(*(change() for _ in range(15)))) == list(range(2, 17))


def test_on_sqlite_nothing_is_left_of_a_connection_that_nobody_waits_for(sqlite_url: str) -> None:
    url = make_url(sqlite_url)
    before = _sqlite_threads()
    with closing(sqlite3.connect(str(url.database), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")

        async def give_up() -> None:
            database = SqliteDatabase(url, pool_size=2, busy_timeout_s=0.2)
            reading = asyncio.create_task(_read(database))
            await until(
                lambda: _sqlite_threads() > before,
                within_s=5,
                what="the connection is being opened",
            )
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading
            await database.close()

        asyncio.run(give_up())

        assert _sqlite_threads() == before, "it would answer to a loop that is closed"


def test_on_sqlite_work_that_is_cancelled_twice_ends(sqlite_url: str) -> None:
    before = _sqlite_threads()

    async def cancel_twice() -> None:
        database = SqliteDatabase(make_url(sqlite_url), pool_size=2)
        await _read(database)
        counting = asyncio.create_task(_read(database, COUNTING))
        await asyncio.sleep(0.05)
        for _ in range(2):
            counting.cancel()
            await asyncio.sleep(0.01)
        with suppress(asyncio.CancelledError):
            await counting
        await database.close()

    # What hangs is the end of the loop itself.
    ending = threading.Thread(target=asyncio.run, args=[cancel_twice()], daemon=True)
    ending.start()
    ending.join(timeout=20)

    assert not ending.is_alive()
    for thread in _sqlite_threads() - before:
        thread.join(timeout=5)
    assert _sqlite_threads() == before


async def _read(database: SqliteDatabase, statement: str = "SELECT 1") -> None:
    async with database.reader() as connection:
        await connection.scalar(text(statement))


def _is_closed(driver: Any) -> bool:
    if not isinstance(driver, SqliteConnection):
        return bool(driver.is_closed())
    try:
        return driver.in_transaction is None
    except ValueError:
        return True


def _sqlite_threads() -> set[threading.Thread]:
    return {it for it in threading.enumerate() if "_connection_worker_thread" in it.name}
