"""Runs the rooms, put together over one database, as a server."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import uvicorn
import uvloop

from tertulia import logs
from tertulia.composition import open_core
from tertulia.couriers import outbox_reader
from tertulia.gateways.asgi import App, Receive, Scope, Send
from tertulia.gateways.pages.web_client import WebClient
from tertulia.gateways.phoenix.flood import PushRate
from tertulia.gateways.phoenix.gateway import PhoenixGateway
from tertulia.gateways.rest.app import Site, create_app
from tertulia.gateways.rest.app import openapi_document as openapi_document
from tertulia.gateways.rest.http_protocol import HttpProtocol
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.websocket import WebSocketProtocol
from tertulia.settings import Settings
from tertulia.storage.engine import open_database
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
        forwarded_allow_ips=list(settings.trusted_proxies),
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
        outbox = outbox_reader(settings)
        rest = create_app(
            core,
            Site(
                is_https=settings.frontend_url.startswith("https:"),
                origins=settings.allowed_origins,
                csrf_secret=settings.secret_key_base,
                max_request_bytes=settings.max_request_bytes,
                max_avatar_bytes=settings.max_avatar_bytes,
            ),
            ready=SqlStorage(database, hub.publish).check,
            pages=WebClient(),
            read_letters=outbox.latest if outbox else None,
        )
        loops = (
            hub.run,
            core.presence.run,
            core.post.run,
            core.exports.run,
            core.session_sweep.run,
            core.proof_sweep.run,
        )
        for loop in loops:
            closing.push_async_callback(_cancelled, asyncio.create_task(loop()))
        yield _by_protocol(rest, {"/socket/websocket": phoenix})


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
