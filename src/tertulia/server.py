"""The composition root: puts the rooms together and runs them. It alone knows every room."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
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
from tertulia.gateways.asgi import App, Receive, Scope, Send
from tertulia.gateways.pages.web_client import WebClient
from tertulia.gateways.phoenix.flood import PushRate
from tertulia.gateways.phoenix.gateway import PhoenixGateway
from tertulia.gateways.rest.app import Site, create_app
from tertulia.gateways.rest.app import openapi_document as openapi_document
from tertulia.gateways.rest.http_protocol import HttpProtocol
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.roster_memory import MemoryRoster
from tertulia.realtime.websocket import WebSocketProtocol
from tertulia.settings import Settings
from tertulia.storage.engine import Database, open_database
from tertulia.storage.journal import Journal
from tertulia.storage.migrations import migrate as migrate_database
from tertulia.storage.stores import SqlStorage

_log = logging.getLogger(__name__)

STOP_S = 10
"""How long open requests may take to end when the server stops."""


def serve(settings: Settings) -> None:
    """Bring the database up to date, then serve until a signal says to stop."""
    logs.configure_logs(settings.log_level)
    if settings.redis_url is not None:
        _log.warning("REDIS_URL is not used yet: this server works alone")
    uvloop.run(_serve(settings))


def migrate(settings: Settings) -> None:
    """Bring the database up to date."""
    logs.configure_logs(settings.log_level)
    asyncio.run(migrate_database(settings.database_url))


async def _serve(settings: Settings) -> None:
    await migrate_database(settings.database_url)
    async with open_app(settings) as app:
        await _Server(server_config(app, settings)).serve()


def server_config(app: App, settings: Settings) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=HttpProtocol,
        ws=WebSocketProtocol,
        ws_max_size=settings.max_frame_bytes,
        # Frames are made once for all listeners, so nothing about them is negotiated, and
        # silent peers are found by the hub's sweep instead of a timer for each of them.
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
    )


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[App]:
    """Open everything that one node runs, over a database that is up to date."""
    async with AsyncExitStack() as closing:
        database = open_database(settings.database_url, pool_size=settings.pool_size)
        closing.push_async_callback(database.close)
        broker = MemoryBroker()
        hub = Hub(broker, slow_listener_bytes=settings.slow_listener_bytes)
        core = await closing.enter_async_context(open_core(settings, database, hub.publish))
        broker.listen(core.presence.hear)
        phoenix = PhoenixGateway(
            core,
            hub,
            origins=settings.allowed_origins,
            rate=PushRate(settings.pushes_per_s, settings.push_burst),
        )
        closing.push_async_callback(phoenix.drain)
        rest = create_app(
            core,
            Site(
                is_https=settings.frontend_url.startswith("https:"),
                origins=settings.allowed_origins,
                csrf_secret=settings.secret_key_base,
                max_request_bytes=settings.max_request_bytes,
            ),
            ready=SqlStorage(database, hub.publish).check,
            pages=WebClient(),
        )
        for loop in (hub.run, core.presence.run):
            closing.push_async_callback(_cancelled, asyncio.create_task(loop()))
        yield _by_protocol(rest, {"/socket/websocket": phoenix})


@asynccontextmanager
async def open_core(
    settings: Settings, database: Database, publish: Publish
) -> AsyncIterator[ChatCore]:
    """Put the use cases over a database; `publish` hears what they announce."""
    async with AsyncExitStack() as closing:
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


class _Server(uvicorn.Server):
    """uvicorn, which says where it can be reached as soon as it can."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            sys.stdout.write(f"Tertulia is ready on http://{shown}:{port}\n")
            sys.stdout.flush()


def _by_protocol(http: App, websockets: Mapping[str, App]) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await http(scope, receive, send)
        else:
            await websockets.get(scope["path"], _no_such_socket)(scope, receive, send)

    return app


async def _no_such_socket(_: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close"})


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
