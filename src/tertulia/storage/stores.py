"""The unit of work: all stores over one transaction, and the events that follow its commit."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from tertulia.storage.account_keys import SqlAccountKeyStore
from tertulia.storage.accounts import SqlAccountStore
from tertulia.storage.archive import SqlArchiveStore
from tertulia.storage.audit import SqlAuditStore
from tertulia.storage.bans import SqlBanStore
from tertulia.storage.completion import completed
from tertulia.storage.contacts import SqlRelationStore
from tertulia.storage.conversations import SqlConversationStore
from tertulia.storage.copies import SqlCopyStore
from tertulia.storage.encryption_keys import SqlEncryptionKeyStore
from tertulia.storage.exports import SqlExportStore
from tertulia.storage.handovers import SqlHandoverStore
from tertulia.storage.identities import SqlIdentityStore
from tertulia.storage.invites import SqlInviteStore
from tertulia.storage.letters import SqlLetterStore
from tertulia.storage.members import SqlMemberStore
from tertulia.storage.mentions import SqlMentionStore
from tertulia.storage.messages import SqlMessageStore
from tertulia.storage.notices import SqlNoticeStore
from tertulia.storage.notification_settings import SqlNotificationSettingsStore
from tertulia.storage.onetime import SqlOneTimeTokenStore
from tertulia.storage.outages import outages_refused
from tertulia.storage.passkeys import SqlPasskeyStore
from tertulia.storage.phones import SqlPhoneCodeStore
from tertulia.storage.push_subscriptions import SqlPushSubscriptionStore
from tertulia.storage.scheduled import SqlScheduledStore
from tertulia.storage.search_postgres import PostgresSearchIndexStore, PostgresSearchStore
from tertulia.storage.search_sqlite import SqliteSearchIndexStore, SqliteSearchStore
from tertulia.storage.second_steps import SqlSecondStepStore
from tertulia.storage.sessions import SqlSessionStore
from tertulia.storage.stars import SqlStarStore
from tertulia.storage.uploads import SqlPreviewPictureStore, SqlUploadStore
from tertulia.storage.versions import SqlVersionStore

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
        self.account_keys = SqlAccountKeyStore(connection)
        self.handovers = SqlHandoverStore(connection)
        self.relations = SqlRelationStore(connection)
        self.letters = SqlLetterStore(connection)
        self.exports = SqlExportStore(connection)
        self.conversations = SqlConversationStore(connection)
        self.members = SqlMemberStore(connection)
        self.messages = SqlMessageStore(connection)
        self.copies = SqlCopyStore(connection)
        self.encryption_keys = SqlEncryptionKeyStore(connection)
        self.archive = SqlArchiveStore(connection)
        self.mentions = SqlMentionStore(connection)
        self.stars = SqlStarStore(connection)
        self.versions = SqlVersionStore(connection)
        self.uploads = SqlUploadStore(connection)
        self.preview_pictures = SqlPreviewPictureStore(connection)
        self.bans = SqlBanStore(connection)
        self.invites = SqlInviteStore(connection)
        self.audit = SqlAuditStore(connection)
        self.notification_settings = SqlNotificationSettingsStore(connection)
        self.push_subscriptions = SqlPushSubscriptionStore(connection)
        self.notices = SqlNoticeStore(connection)
        self.scheduled = SqlScheduledStore(connection)
        is_sqlite = connection.dialect.name == "sqlite"
        self.search = (SqliteSearchStore if is_sqlite else PostgresSearchStore)(connection)
        self.search_index = (SqliteSearchIndexStore if is_sqlite else PostgresSearchIndexStore)(
            connection
        )
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

    @asynccontextmanager
    async def browse(self) -> AsyncIterator[Work]:
        """Open what `read` opens, for what is long to read; a replica may answer it."""
        with outages_refused():
            async with self._database.far_reader() as connection:
                yield SqlWork(connection)

    @asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[bool]:
        """Say whether no other node is at something, and keep all others from it in the block."""
        with outages_refused():
            async with self._database.alone(what) as is_alone:
                yield is_alone

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
