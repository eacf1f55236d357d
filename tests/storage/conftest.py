"""Both databases, migrated and empty, and what tests of the storage ask of them."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tertulia.core.events import MessageSent
from tertulia.core.model import Kind
from tertulia.storage.encryption_tables import metadata
from tertulia.storage.engine import open_database
from tertulia.storage.journal import Journal
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tertulia.storage.tables_postgres import metadata as metadata_postgres
from tests import examples as eg

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from uuid import UUID

    from tertulia.core.events import Event
    from tertulia.core.message import Message
    from tertulia.core.model import Account, Conversation, Member
    from tertulia.storage.engine import Database
    from tests.services import PostgresCluster


@dataclass
class Shelf:
    """A database, the stores over it, its journal, and every event that was announced."""

    database: Database
    storage: SqlStorage
    journal: Journal
    announced: list[Event] = field(default_factory=list)

    @property
    def sent(self) -> list[Message]:
        """The messages that were announced as sent, in the order of the announcements."""
        return [event.message for event in self.announced if isinstance(event, MessageSent)]

    async def account(self, **changes: Any) -> Account:
        """Store an example account."""
        async with self.storage.begin() as work:
            return await work.accounts.add(eg.account(**changes), None)

    async def accounts(self, number: int) -> list[Account]:
        """Store so many example accounts."""
        return [await self.account() for _ in range(number)]

    async def conversation(
        self, *people: Account, kind: Kind = Kind.GROUP, **changes: Any
    ) -> Conversation:
        """Store an example conversation of these people."""
        pair = (people[0].id, people[1].id) if kind is Kind.PRIVATE else None
        example = eg.conversation(kind, **{"member_count": len(people), **changes})
        async with self.storage.begin() as work:
            conversation = await work.conversations.add(example, pair)
            await work.members.add([eg.member(conversation.id, person.id) for person in people])
        return conversation

    async def send(self, conversation: Conversation, sender: Account, **changes: Any) -> Message:
        """Send an example message."""
        return await self.journal.append(eg.draft(conversation.id, sender.id, **changes))

    async def change(self, message: Message, **changes: Any) -> Message:
        """Store a change of a message under the next seq."""
        async with self.storage.begin() as work:
            seq = await work.conversations.take_seq(message.conversation_id)
            changed = replace(message, changed_seq=seq, **changes)
            await work.messages.update(changed)
        return changed

    async def part(self, conversation: Conversation, person: Account) -> Member:
        """Take somebody out of a conversation."""
        async with self.storage.begin() as work:
            seq = await work.conversations.take_seq(conversation.id)
            member = await work.members.get(conversation.id, person.id)
            gone = replace(member, changed_seq=seq, left_at=eg.moment(minutes=5))
            await work.members.update(gone)
        return gone

    async def history(self, conversation_id: UUID) -> tuple[Message, ...]:
        """Return every message of a conversation in order."""
        async with self.storage.read() as work:
            return await work.messages.page(
                conversation_id, copies_of=None, after_seq=None, order="asc", limit=1_000_000
            )


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with every table and no row."""
    path = tmp_path_factory.mktemp("migrated") / "migrated.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_cluster: PostgresCluster) -> str:
    """Return the address of a PostgreSQL database with every table."""
    url = postgres_cluster.url(postgres_cluster.create_database())
    asyncio.run(migrate(url))
    return url


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """Return the address of an SQLite file of this test alone."""
    path = tmp_path / "tertulia.db"
    shutil.copyfile(migrated_file, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def emptied_postgres_url(migrated_postgres_url: str) -> str:
    """Return the address of a PostgreSQL database with every table and no row."""
    asyncio.run(_empty(migrated_postgres_url))
    return migrated_postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a migrated, empty database, once of each kind."""
    fixture = "sqlite_url" if request.param == "sqlite" else "emptied_postgres_url"
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
async def shelf(database_url: str) -> AsyncIterator[Shelf]:
    """Return the stores and the journal over an empty database."""
    async with open_shelf(database_url) as opened:
        yield opened


@asynccontextmanager
async def open_shelf(database_url: str, **journal_bounds: int) -> AsyncIterator[Shelf]:
    """Yield the stores over a database, and close them afterwards."""
    announced: list[Event] = []
    database = open_database(database_url, pool_size=5)
    journal = Journal(database.batch_writer(), announced.extend, lambda: eg.NOON, **journal_bounds)
    storage = SqlStorage(database, announced.extend)
    yield Shelf(database, storage, journal, announced)
    await journal.close()
    await database.close()


async def _empty(postgres_url: str) -> None:
    engine = create_async_engine(postgres_url)
    async with engine.begin() as connection:
        names = ", ".join((*metadata.tables, *metadata_postgres.tables))
        await connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    await engine.dispose()
