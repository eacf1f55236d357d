"""The composition root: puts the rooms together and runs them. It alone knows every room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import uvicorn
import uvloop

from tertulia import logs
from tertulia.adapters.passwords import ThreadedHasher
from tertulia.adapters.tickets_memory import TicketsInMemory
from tertulia.adapters.tokens import SignedTokens
from tertulia.core.accounts import Accounts
from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.conversations import Conversations
from tertulia.core.members import Members
from tertulia.core.messages import Messages
from tertulia.core.opening import Openings
from tertulia.core.ports import Publish
from tertulia.core.presence import PresenceBoard
from tertulia.core.receipts import Receipts
from tertulia.core.sessions import Sessions
from tertulia.core.signin import Lifetimes, SignIn
from tertulia.core.typists import Typists
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.roster_memory import MemoryRoster
from tertulia.settings import Settings
from tertulia.storage.engine import open_database
from tertulia.storage.journal import Journal
from tertulia.storage.migrations import migrate as migrate_database
from tertulia.storage.stores import SqlStorage


def serve(settings: Settings) -> None:
    """Bring the database up to date, then serve until a signal says to stop."""
    logs.configure_logs(settings.log_level)
    uvloop.run(_serve(settings))


def migrate(settings: Settings) -> None:
    """Bring the database up to date."""
    logs.configure_logs(settings.log_level)
    asyncio.run(migrate_database(settings.database_url))


def openapi_document() -> bytes:
    """Return the OpenAPI document of the HTTP interface; needs no database."""


@asynccontextmanager
async def open_core(settings: Settings, publish: Publish) -> AsyncIterator[ChatCore]:
    """Open the database and put the use cases over it; `publish` hears what they announce."""
    async with AsyncExitStack() as closing:
        database = open_database(settings.database_url, pool_size=settings.pool_size)
        closing.push_async_callback(database.close)
        storage = SqlStorage(database, publish)
        journal = Journal(
            database.batch_writer(), publish, utc_now, max_batch=settings.journal_batch
        )
        closing.push_async_callback(journal.close)
        hasher = ThreadedHasher()
        closing.callback(hasher.close)
        tokens = SignedTokens(
            settings.app_jwt_secret, timedelta(minutes=settings.access_token_duration_mins)
        )
        lifetimes = Lifetimes(
            refresh=timedelta(hours=settings.refresh_token_duration_hours),
            tolerance=timedelta(minutes=settings.access_token_tolerance_mins),
        )
        accounts = Accounts(storage, utc_now)
        typists = Typists(storage, publish)
        closing.callback(typists.close)
        yield ChatCore(
            accounts=accounts,
            signin=SignIn(storage, hasher, tokens, lifetimes, utc_now),
            sessions=Sessions(storage, tokens, TicketsInMemory(), utc_now),
            conversations=Conversations(storage, utc_now, settings.topics),
            openings=Openings(storage),
            members=Members(storage, utc_now),
            messages=Messages(storage, journal, utc_now, max_body_chars=settings.max_body_chars),
            receipts=Receipts(storage, utc_now),
            presence=PresenceBoard(
                MemoryRoster(),
                publish,
                accounts.acquaintances,
                town_limit=settings.presence_town_limit,
            ),
            typists=typists,
        )
