"""A replica answers what is long to read, and nobody can tell by the answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from tertulia.storage import replica as replicas
from tertulia.storage.engine import Database, open_database
from tertulia.storage.journal import Journal
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tests import examples as eg
from tests.services import PostgresCluster, PostgresReplica
from tests.storage.conftest import Shelf

if TYPE_CHECKING:
    from tertulia.core.model import Account, Conversation

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def primary() -> Iterator[PostgresCluster]:
    """Return a PostgreSQL that loses nothing, with a database that has every table."""
    cluster = PostgresCluster(is_durable=True)
    asyncio.run(migrate(cluster.url("postgres")))
    yield cluster
    cluster.stop()


@pytest.fixture
async def database(
    primary: PostgresCluster, replica: PostgresReplica, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    """Return the two of them as one database; one that fails is soon asked again."""
    monkeypatch.setattr(replicas, "REST_S", 0.5)
    database = open_database(
        primary.url("postgres"), pool_size=5, replica_url=replica.url("postgres")
    )
    yield database
    await database.close()


@pytest.fixture
async def shelf(database: Database) -> AsyncIterator[Shelf]:
    """Return the stores over both."""
    announced: list[object] = []
    journal = Journal(database.batch_writer(), announced.extend, lambda: eg.NOON)
    yield Shelf(database, SqlStorage(database, announced.extend), journal)
    await journal.close()


async def answers(database: Database) -> str:
    """Return who answers what is long to read."""
    async with database.far_reader() as connection:
        is_replica = await connection.scalar(select(func.pg_is_in_recovery()))
    return "replica" if is_replica else "primary"


async def until_it_answers(database: Database) -> None:
    """Wait until the replica does."""
    async with asyncio.timeout(30):
        who = await answers(database)
        while who != "replica":
            await asyncio.sleep(0.1)
            who = await answers(database)


async def order(server: PostgresCluster, statement: str) -> None:
    """Have a server do something."""
    database = open_database(server.url("postgres"), pool_size=1)
    async with database.writer() as connection:
        await connection.execute(text(statement))
    await database.close()


async def place(shelf: Shelf) -> tuple[Conversation, Account]:
    """Return a conversation, and somebody in it."""
    ana, bea = await shelf.accounts(2)
    return await shelf.conversation(ana, bea), ana


async def bodies(shelf: Shelf, conversation: Conversation) -> list[str | None]:
    """Return what was said in a conversation, as somebody finds it who leafs through it."""
    async with shelf.storage.browse() as work:
        page = await work.messages.page(
            conversation.id, copies_of=None, after_seq=None, order="asc", limit=1000
        )
    return [message.body for message in page]


async def test_what_was_just_sent_is_found_there(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It may be slow to catch up, and one that was too slow is asked again at once.
    monkeypatch.setattr(replicas, "PATIENCE_S", 5.0)
    monkeypatch.setattr(replicas, "REST_S", 0.0)
    conversation, ana = await place(shelf)
    await until_it_answers(shelf.database)
    said: list[str] = []
    by_replica = 0
    for number in range(100):
        said.append(f"message {number}")
        await shelf.send(conversation, ana, body=said[-1])
        assert await bodies(shelf, conversation) == said
        by_replica += await answers(shelf.database) == "replica"
    assert by_replica > 50


async def test_one_that_is_behind_is_not_asked_until_it_has_caught_up(
    shelf: Shelf, replica: PostgresReplica
) -> None:
    conversation, ana = await place(shelf)
    await until_it_answers(shelf.database)
    await order(replica, "SELECT pg_wal_replay_pause()")
    await shelf.send(conversation, ana, body="Hello")
    assert await bodies(shelf, conversation) == ["Hello"]
    assert await answers(shelf.database) == "primary"
    await order(replica, "SELECT pg_wal_replay_resume()")
    await until_it_answers(shelf.database)
    assert await bodies(shelf, conversation) == ["Hello"]


async def test_one_that_ends_is_not_missed(shelf: Shelf, replica: PostgresReplica) -> None:
    conversation, ana = await place(shelf)
    await shelf.send(conversation, ana, body="Hello")
    await until_it_answers(shelf.database)
    replica.halt()
    assert await bodies(shelf, conversation) == ["Hello"]
    replica.begin()
    await until_it_answers(shelf.database)


async def test_one_that_writes_by_itself_is_not_asked(
    shelf: Shelf, replica: PostgresReplica
) -> None:
    conversation, ana = await place(shelf)
    await until_it_answers(shelf.database)
    await order(replica, "SELECT pg_promote()")
    await shelf.send(conversation, ana, body="Hello")
    assert await bodies(shelf, conversation) == ["Hello"]
    assert await answers(shelf.database) == "primary"


async def test_one_that_says_nothing_holds_nobody_up_for_long(
    shelf: Shelf, replica: PostgresReplica
) -> None:
    conversation, ana = await place(shelf)
    await shelf.send(conversation, ana, body="Hello")
    replica.freeze()
    try:
        async with asyncio.timeout(10):
            assert await bodies(shelf, conversation) == ["Hello"]
    finally:
        replica.thaw()
    await until_it_answers(shelf.database)


async def test_one_that_says_nothing_holds_a_crowd_up_no_longer_than_one(
    primary: PostgresCluster, tmp_path: Path
) -> None:
    silent = tmp_path / ".s.PGSQL.5432"

    async def hear(said: asyncio.StreamReader, answering: asyncio.StreamWriter) -> None:
        while await said.read(1 << 16):
            pass
        answering.close()

    listening = await asyncio.start_unix_server(hear, silent)
    database = open_database(
        primary.url("postgres"),
        pool_size=5,
        replica_url=f"postgresql+asyncpg://postgres@/postgres?host={tmp_path}",
    )
    async with asyncio.timeout(4):
        who = await asyncio.gather(*(answers(database) for _ in range(50)))
    assert who == ["primary"] * 50
    await database.close()
    listening.close()
    # Those at the other end see that, too.
    await asyncio.sleep(0.1)
