"""Runs the rooms, put together over one database, as a server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import uvicorn
import uvloop

from tertulia import logs
from tertulia.composition import open_core
from tertulia.couriers import outbox_reader
from tertulia.ending import ended
from tertulia.gateways import asyncapi
from tertulia.gateways.asgi import App, Receive, Scope, Send, app_at
from tertulia.gateways.browser_access import browser_access
from tertulia.gateways.events.declared import CHANNELS as EVENTS_CHANNELS
from tertulia.gateways.events.gateway import EventsGateway
from tertulia.gateways.flood import PushRate
from tertulia.gateways.pages.lite.pages import light_pages
from tertulia.gateways.pages.web_client import WebClient
from tertulia.gateways.phoenix.declared import CHANNELS as PHOENIX_CHANNELS
from tertulia.gateways.phoenix.gateway import PhoenixGateway
from tertulia.gateways.phoenix.longpoll import LongPolling
from tertulia.gateways.rest.app import Site, create_app
from tertulia.gateways.rest.app import openapi_document as openapi_document
from tertulia.gateways.rest.http_protocol import HttpProtocol
from tertulia.gateways.rooms.declared import CHANNELS as ROOMS_CHANNELS
from tertulia.gateways.rooms.gateway import RoomsGateway
from tertulia.gateways.socketio.declared import CHANNELS as SOCKETIO_CHANNELS
from tertulia.gateways.socketio.gateway import SocketIoGateway
from tertulia.gateways.voice.declared import CHANNELS as VOICE_CHANNELS
from tertulia.gateways.voice.gateway import VoiceGateway
from tertulia.neighbours import Neighbours, prefix_of
from tertulia.nodes import open_nodes
from tertulia.realtime.hub import Hub
from tertulia.realtime.websocket import WebSocketProtocol
from tertulia.settings import Settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate as migrate_database
from tertulia.storage.stores import SqlStorage
from tertulia.workers import READY, Place, Workers, listen, listen_inside

CHANNELS = (
    *PHOENIX_CHANNELS,
    *ROOMS_CHANNELS,
    *EVENTS_CHANNELS,
    *SOCKETIO_CHANNELS,
    *VOICE_CHANNELS,
)
"""Everything live that a node serves, as its gateways declare it."""

STOP_S = 10
"""How long open requests may take to end when the server stops."""

ENDING_S = 15
"""How long a server that has sent its people away may take to end."""


def serve(settings: Settings) -> None:
    """Bring the database up to date, then serve until a signal says to stop."""
    logs.configure_logs(settings.log_level)
    uvloop.run(_serve(settings))


def serve_with_workers(settings: Settings, number: int) -> bool:
    """Serve with so many processes until a signal says to stop; return whether all went well.

    Raises OSError where nobody can listen at the address of the settings.
    """
    migrate(settings)
    listening = listen(settings.host, settings.port)
    place = _address_of(listening)
    workers = Workers(
        listening,
        [listen_inside() for _ in range(number)],
        stop_s=settings.drain_s + ENDING_S,
        ready=lambda: _say(f"Tertulia is ready on {place} with {number} workers"),
    )
    return asyncio.run(workers.run())


def serve_as_worker(settings: Settings, told: str) -> None:
    """Serve as one of several processes, as the first one has told it by the command line."""
    logs.configure_logs(settings.log_level)
    uvloop.run(_serve_at(settings, Place.read(told)))


def migrate(settings: Settings) -> None:
    """Bring the database up to date."""
    logs.configure_logs(settings.log_level)
    asyncio.run(migrate_database(settings.database_url))


async def _serve(settings: Settings) -> None:
    await migrate_database(settings.database_url)
    async with open_app(settings) as node:
        await _Server(server_config(node, settings), node).serve()


async def _serve_at(settings: Settings, place: Place) -> None:
    listening, inner, parent = (
        socket.socket(fileno=fd) for fd in (place.listening_fd, place.inner_fd, place.parent_fd)
    )
    async with open_app(settings, worker=place.number) as node:
        neighbours = Neighbours(
            node,
            place.number,
            dict(enumerate(place.ports, start=1)),
            max_bytes=settings.max_frame_bytes,
        )
        try:
            server = _Server(server_config(neighbours, settings), node, parent)
            await server.serve([listening, inner])
        finally:
            await neighbours.close()
    parent.close()


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
async def open_app(settings: Settings, *, worker: int = 0) -> AsyncIterator[Node]:
    """Open everything that one node runs, over a database that is up to date.

    `worker` is its number where it is one of several processes on this machine.
    """
    async with AsyncExitStack() as closing:
        database = open_database(
            settings.database_url,
            pool_size=settings.pool_size,
            replica_url=settings.read_database_url,
        )
        closing.push_async_callback(database.close)
        nodes = await closing.enter_async_context(
            open_nodes(settings.redis_url, limits_scale=settings.limits_scale)
        )
        broker = nodes.broker
        hub = Hub(broker, slow_listener_bytes=settings.slow_listener_bytes)
        storage = SqlStorage(database, hub.publish)
        core = await closing.enter_async_context(
            open_core(settings, database, hub.publish, nodes.shared)
        )
        broker.listen(core.presence.hear)
        broker.listen(core.visitors.hear)
        broker.listen(core.voice.hear)
        broker.listen(core.push_queue.hear)
        # One node looks at what a message links to, and one brings it into the index.
        broker.listen(core.previews.hear, own=True)
        broker.listen(core.search_index.hear, own=True)
        rate = PushRate(settings.pushes_per_s, settings.push_burst)
        phoenix = PhoenixGateway(core, hub, origins=settings.allowed_origins, rate=rate)
        closing.push_async_callback(phoenix.drain)
        rooms = RoomsGateway(core, hub, origins=settings.allowed_origins, rate=rate)
        closing.push_async_callback(rooms.drain)
        events = EventsGateway(core, hub, origins=settings.allowed_origins, rate=rate)
        closing.push_async_callback(events.drain)
        voice = VoiceGateway(core, hub, origins=settings.allowed_origins, rate=rate)
        closing.push_async_callback(voice.drain)
        polling = LongPolling(
            phoenix,
            hub,
            secret=settings.secret_key_base,
            max_frame_bytes=settings.max_frame_bytes,
            prefix=prefix_of(worker),
        )
        closing.callback(polling.end)
        socketio = SocketIoGateway(
            core,
            hub,
            origins=settings.allowed_origins,
            rate=rate,
            max_frame_bytes=settings.max_frame_bytes,
            prefix=prefix_of(worker),
        )
        closing.push_async_callback(socketio.close)
        outbox = outbox_reader(settings)
        site = Site(
            is_https=settings.frontend_url.startswith("https:"),
            origins=settings.allowed_origins,
            csrf_secret=settings.secret_key_base,
            max_request_bytes=settings.max_request_bytes,
            max_avatar_bytes=settings.max_avatar_bytes,
            max_upload_bytes=settings.max_upload_bytes,
        )
        light = light_pages(
            core,
            browser_access(core, site),
            max_request_bytes=settings.max_request_bytes,
            max_upload_bytes=settings.max_upload_bytes,
        )
        rest = create_app(
            core,
            site,
            ready=storage.check,
            pages=WebClient(),
            beside={
                "/socket/longpoll": polling,
                "/socket.io/": socketio,
                "/asyncapi.json": asyncapi.serving(CHANNELS),
                "/lite": light,
                "/lite/": light,
            },
            read_letters=outbox.latest if outbox else None,
        )
        loops = (
            hub.run,
            socketio.run,
            core.presence.run,
            core.visitors.run,
            core.post.run,
            core.exports.run,
            core.session_sweep.run,
            core.proof_sweep.run,
            core.upload_sweep.run,
            core.previews.run,
            core.notifier.run,
            core.push_queue.run,
            core.digests.run,
            core.scheduling.run,
            core.search_index.run,
            *([core.voice_forwarding.run] if core.voice_forwarding else []),
            *([core.voice.channels.neighbours.run] if core.voice.channels.neighbours else []),
            *nodes.sweeping(
                hub,
                storage,
                settings.sweep_s,
                commits_far_away=not settings.database_url.startswith("sqlite"),
            ),
        )
        for loop in loops:
            closing.push_async_callback(_stopped, asyncio.create_task(loop()))
        websockets: dict[str, App] = {
            "/socket/websocket": phoenix,
            "/socket.io/": socketio,
            "/ws/chat/": rooms,
            "/ws": events,
            "/ws/voice/": voice,
            "/voice/": voice,
        }
        # Where there is no other server, nobody is kept waiting for this one to come back.
        drain_s = 0 if settings.redis_url is None else settings.drain_s
        yield Node(
            rest,
            websockets,
            those_who_wait=(polling.let_go, socketio.let_go),
            drain=partial(hub.drain, drain_s),
        )


class Node:
    """All that one node serves, as one ASGI application."""

    def __init__(
        self,
        http: App,
        websockets: Mapping[str, App],
        *,
        those_who_wait: Sequence[Callable[[], None]],
        drain: Callable[[], Awaitable[None]],
    ) -> None:
        self._http = http
        self._websockets = websockets
        self._those_who_wait = those_who_wait
        self._drain = drain

    async def drain(self) -> None:
        """Send everybody elsewhere, and answer whoever waits for long: the server will stop."""
        await self._drain()
        for let_go in self._those_who_wait:
            let_go()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            serve = app_at(self._websockets, scope["path"]) or _no_such_socket
            await serve(scope, receive, send)


class _Server(uvicorn.Server):
    """uvicorn, which says where it can be reached as soon as it can, and ends in good order."""

    def __init__(
        self, config: uvicorn.Config, node: Node, parent: socket.socket | None = None
    ) -> None:
        """Answer to the process at the other end of `parent`, if there is one."""
        super().__init__(config)
        self._node = node
        self._parent = parent

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        with super().capture_signals():
            yield
            # uvicorn would raise them once more, and so end the process before the node has ended.
            self._captured_signals.clear()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Whoever comes now is to find the next node; those who are here may finish.
        for server in self.servers:
            server.close()
        await self._node.drain()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        if self._parent is None:
            _say(f"Tertulia is ready on {_address_of(self.servers[0].sockets[0])}")
        else:
            self._parent.setblocking(False)
            asyncio.get_running_loop().add_reader(self._parent, self._end_with, self._parent)
            self._parent.send(READY)

    def _end_with(self, parent: socket.socket) -> None:
        """End when the process that began this one has ended, in whatever way."""
        asyncio.get_running_loop().remove_reader(parent)
        self.should_exit = True


def _address_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def _no_such_socket(_: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close"})


async def _stopped(loop: asyncio.Task[None]) -> None:
    await ended(loop)
    if not loop.cancelled():
        loop.result()
