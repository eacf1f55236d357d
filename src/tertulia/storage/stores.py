"""The unit of work: all stores over one transaction, and the events that follow its commit."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from tertulia.storage.accounts import SqlAccountStore
from tertulia.storage.completion import completed
from tertulia.storage.contacts import SqlRelationStore
from tertulia.storage.conversations import SqlConversationStore
from tertulia.storage.exports import SqlExportStore
from tertulia.storage.identities import SqlIdentityStore
from tertulia.storage.letters import SqlLetterStore
from tertulia.storage.members import SqlMemberStore
from tertulia.storage.messages import SqlMessageStore
from tertulia.storage.onetime import SqlOneTimeTokenStore
from tertulia.storage.outages import outages_refused
from tertulia.storage.passkeys import SqlPasskeyStore
from tertulia.storage.phones import SqlPhoneCodeStore
from tertulia.storage.second_steps import SqlSecondStepStore
from tertulia.storage.sessions import SqlSessionStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tertulia.core.events import Event
    from tertulia.core.ports import Publish, Work
    from tertulia.storage.engine import Database

log = logging.getLogger(__name__)


class SqlWork:
    """The stores of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.accounts = SqlAccountStore(connection)
        self.sessions = SqlSessionStore(connection)
        self.one_time_tokens = SqlOneTimeTokenStore(connection)
        self.phone_codes = SqlPhoneCodeStore(connection)
        self.identities = SqlIdentityStore(connection)
        self.second_steps = SqlSecondStepStore(connection)
        self.passkeys = SqlPasskeyStore(connection)
        self.relations = SqlRelationStore(connection)
        self.letters = SqlLetterStore(connection)
        self.exports = SqlExportStore(connection)
        self.conversations = SqlConversationStore(connection)
        self.members = SqlMemberStore(connection)
        self.messages = SqlMessageStore(connection)
        self.events: list[Event] = []

    def announce(self, *events: Event) -> None:
        """Keep events until the transaction is durable."""
        self.events.extend(events)


class SqlStorage:
    """Transactions on a database; `publish` hears what they announced, once it is durable."""

    def __init__(self, database: Database, publish: Publish) -> None:
        self._database = database
        self._publish = publish

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Open a transaction that may write; Unavailable when the database is out of reach."""
        with outages_refused():
            async with self._database.writer() as connection:
                work = SqlWork(connection)
                yield work
                await completed(self._commit(connection, work.events))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        """Open a transaction that only reads; Unavailable when the database is out of reach."""
        with outages_refused():
            async with self._database.reader() as connection:
                yield SqlWork(connection)

    async def check(self) -> None:
        """Ask the database for nothing much; Unavailable when it does not answer."""
        with outages_refused():
            async with self._database.reader() as connection:
                await connection.execute(select(1))

    async def _commit(self, connection: AsyncConnection, events: Sequence[Event]) -> None:
        await connection.commit()
        if events:
            announce(self._publish, events)


def announce(publish: Publish, events: Sequence[Event]) -> None:
    """Publish events of what is durable: whatever goes wrong now, it has happened."""
    try:
        publish(events)
    except Exception:
        log.exception("events could not be announced")
