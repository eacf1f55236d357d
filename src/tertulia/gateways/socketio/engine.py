"""Engine.IO (protocol 4), by python-engineio, with what it leaves open.

It keeps the sessions, holds polls, pings, and brings sessions from polling up to a WebSocket. What
comes in is looked at before it does, since it stumbles over packets that are none; a poll whose
client has hung up ends its session, as in the reference implementation, instead of taking what is
said next; and whatever tasks it begins are ended with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol, cast

import engineio  # type: ignore[import-untyped]
from engineio.payload import Payload  # type: ignore[import-untyped]

from tertulia.ending import ended
from tertulia.gateways.asgi import Message, Receive, Scope, Send
from tertulia.gateways.socketio.bodies import MAX_PACKETS, read_packets
from tertulia.gateways.socketio.carrier import Carrier
from tertulia.gateways.socketio.connection import Session
from tertulia.gateways.tasks import Tasks
from tertulia.realtime.wire import Wire

_log = logging.getLogger(__name__)
# What the library logs is what peers did wrong, with what they sent: tokens may be in it.
_quiet = logging.getLogger(f"{__name__}.library")
_quiet.setLevel(logging.CRITICAL + 1)

# The library's way of setting this bound, which is 16 and loses what a client says in one breath.
Payload.max_decode_packets = MAX_PACKETS


_CARRIER = "tertulia.carrier"
"""Where the scope of a request that begins a session has the WebSocket that came with it."""

LAST_WORDS_S = 2.0
"""How long a session that is polled waits for its client to come for what was said last."""


class Listener(Protocol):
    """Who is told of sessions, by their ids."""

    def opened(self, sid: str, scope: Scope) -> None:
        """Learn that a session was begun by this request."""

    async def heard(self, sid: str, text: str) -> None:
        """Take one message."""

    def ended(self, sid: str) -> None:
        """Learn that a session is gone."""


class Engine:
    """All sessions; `max_waiting_bytes` bounds what a WebSocket's peer has not taken yet."""

    def __init__(
        self,
        listener: Listener,
        *,
        max_frame_bytes: int,
        max_waiting_bytes: int,
        prefix: str = "",
    ) -> None:
        """Have the ids of sessions begin with `prefix`."""
        self._listener = listener
        self._max_frame_bytes = max_frame_bytes
        self._max_waiting_bytes = max_waiting_bytes
        self._carriers: set[Carrier] = set()
        self._by_session: dict[str, Carrier] = {}
        self._tasks = Tasks()
        self._is_closing = False
        self._server = _Server(
            prefix,
            async_mode="asgi",
            async_handlers=False,
            max_http_buffer_size=max_frame_bytes,
            # Compressed beside what others said, secrets could be told by the length.
            http_compression=False,
            # The origins of the settings are looked after before this, in one place for all.
            cors_allowed_origins=[],
            logger=_quiet,
        )
        self._server.on("connect", self._opened)
        self._server.on("message", self._heard)
        self._server.on("disconnect", self._ended)

    def session(self, sid: str) -> Session | None:
        """Return a session that goes on."""
        found = cast("Session | None", self._server.sockets.get(sid))
        return None if found is None or found.closed else found

    def wire(self, sid: str) -> Wire | None:
        """Return the WebSocket that carries a session, once that is no longer polled."""
        session, carrier = self.session(sid), self._by_session.get(sid)
        return carrier.wire if carrier and session and session.upgraded else None

    def hang_up(self, session: Session, *, is_for_good: bool = True) -> None:
        """End a session after what waits, without waiting for that.

        Clients in Python take the farewell of Engine.IO as a word not to come back.
        """
        self._tasks.start(_hang_up(session, is_for_good=is_for_good))

    async def serve_websocket(self, sid: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket that goes on with a session that was polled, or begins one."""
        carrier = Carrier(
            scope,
            receive,
            send,
            max_waiting_bytes=self._max_waiting_bytes,
            forget=self._carriers.discard,
        )
        self._carriers.add(carrier)
        polled = self.session(sid)
        if polled is not None and not polled.upgraded:
            self._by_session[sid] = carrier
        try:
            begun_by = {**scope, _CARRIER: carrier}
            await self._server.handle_request(begun_by, carrier.receive, carrier.send)
        finally:
            carrier.end()
            self._settle_upgrade(sid)

    async def poll(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET: begin a session, or wait for what is said in one."""
        request = await receive()
        polling = asyncio.create_task(self._server.handle_request(scope, _giving(request), send))
        gone = asyncio.create_task(_hung_up(receive))
        try:
            await asyncio.wait((polling, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await ended(gone, polling)
        if not polling.cancelled():
            polling.result()

    async def take(self, sid: str, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer a POST to a session; return whether its body could be used."""
        body = await read_packets(receive, self._max_frame_bytes)
        session = self.session(sid)
        if session is None:
            return False
        if body is None:
            self.hang_up(session)
            return False
        headers = [each for each in scope["headers"] if each[0] != b"content-length"]
        headers.append((b"content-length", b"%d" % len(body)))
        request = {"type": "http.request", "body": body, "more_body": False}
        await self._server.handle_request({**scope, "headers": headers}, _giving(request), send)
        return True

    def tick(self) -> None:
        """Look at every WebSocket."""
        for carrier in list(self._carriers):
            carrier.tick()

    async def close(self) -> None:
        """End all that is left."""
        self._is_closing = True
        await self._tasks.drain()
        await self._server.shutdown()
        await self._server.end_tasks()

    def _settle_upgrade(self, sid: str) -> None:
        """Let a session be polled again whose WebSocket came to nothing."""
        session = self.session(sid)
        if session is not None and not session.upgraded:
            session.upgrading = False

    def _opened(self, sid: str, environ: dict[str, Any]) -> bool:
        if not self._is_closing:
            scope = environ["asgi.scope"]
            if _CARRIER in scope:
                self._by_session[sid] = scope[_CARRIER]
            self._listener.opened(sid, scope)
        return not self._is_closing

    async def _heard(self, sid: str, data: object) -> None:
        if isinstance(data, str):
            await self._listener.heard(sid, data)

    def _ended(self, sid: str, reason: str) -> None:
        del reason
        self._by_session.pop(sid, None)
        self._listener.ended(sid)


class _Server(engineio.AsyncServer):  # type: ignore[misc]
    """The library's server, which lets go of no task that it begins."""

    def __init__(self, prefix: str, **options: Any) -> None:
        super().__init__(**options)
        self._prefix = prefix
        self._begun: set[asyncio.Task[Any]] = set()

    def generate_id(self) -> str:
        """Return the id of a new session."""
        return f"{self._prefix}{super().generate_id()}"

    def start_background_task(
        self, target: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **kwargs: Any
    ) -> asyncio.Task[Any]:
        """Begin what goes on beside the requests: pings, and looking for who does not answer."""
        task = asyncio.create_task(target(*args, **kwargs))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        return task

    async def end_tasks(self) -> None:
        """Cancel what goes on."""
        await ended(*self._begun)


async def _hang_up(session: Session, *, is_for_good: bool) -> None:
    if not session.upgraded:
        # One who polls comes for what waits, and would find a closed session gone.
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                await session.queue.join()
    await session.close(wait=False, abort=not is_for_good)
    # Whoever writes to a WebSocket stops here, and closes it.
    session.queue.put_nowait(None)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _giving(request: Message) -> Receive:
    async def receive() -> Message:
        return request

    return receive
