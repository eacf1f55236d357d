"""The ASGI application at `/socket.io/`: lets people in, whatever carries their packets.

    > GET  /socket.io/?EIO=4&transport=polling
    < 0{"sid":"x1...","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,...}
    > POST /socket.io/?EIO=4&transport=polling&sid=x1...   40{"token":"eyJ..."}
    > GET  /socket.io/?EIO=4&transport=polling&sid=x1...
    < 40{"sid":"y2..."}

Who somebody is, is told by their first packet, or by the request that began the session.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from asyncio import TimerHandle
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from tertulia.core.chat import ChatCore
from tertulia.core.errors import Forbidden, NotAuthenticated, Refusal
from tertulia.core.model import Actor
from tertulia.gateways.asgi import IS_HEAD, Headers, Receive, Scope, Send, header, send_answer
from tertulia.gateways.doorkeeper import Doorkeeper, Query
from tertulia.gateways.flood import PushRate
from tertulia.gateways.numbers import Numbers
from tertulia.gateways.origins import Origins
from tertulia.gateways.socketio import frames
from tertulia.gateways.socketio.connection import EngineConnection, EngineMessage
from tertulia.gateways.socketio.dialect import SocketIoDialect
from tertulia.gateways.socketio.engine import Engine
from tertulia.gateways.socketio.frames import Connect, NotAPacket
from tertulia.gateways.socketio.socket import SocketIoSocket
from tertulia.gateways.tasks import Tasks
from tertulia.realtime.connection import GOING_AWAY, TICK_S
from tertulia.realtime.hub import Hub

PATH = "/socket.io/"
CONNECT_S = 15.0
"""How long a session may go on without saying whose it is."""

MAX_STRANGERS = 5000
"""How many such sessions there may be at once."""

MAX_REFUSALS = 5
"""How often one of them may be refused."""

MAX_POLLED = 32
"""How many sessions an account may poll; a WebSocket costs its client a connection, these none."""

_HEADERS: Headers = [(b"content-type", b"application/json")]

_log = logging.getLogger(__name__)


class SocketIoGateway:
    """Socket.IO over polling and WebSocket, in the namespace `/`.

    `origins` are those from which a browser may connect by cookie, beside the server's own. What a
    client sends at once may have `max_frame_bytes`. The ids of sessions begin with `prefix`.
    """

    def __init__(
        self,
        core: ChatCore,
        hub: Hub,
        *,
        origins: Collection[str],
        rate: PushRate,
        max_frame_bytes: int,
        prefix: str = "",
    ) -> None:
        self._core = core
        self._hub = hub
        self._doorkeeper = Doorkeeper(core.sessions, origins)
        self._origins = Origins(origins)
        self._rate = rate
        self._numbers = Numbers()
        self._dialect = SocketIoDialect(self._numbers)
        self._tasks = Tasks()
        self._strangers: dict[str, _Stranger] = {}
        self._connections: dict[str, EngineConnection] = {}
        self._by_account: dict[UUID, dict[EngineConnection, None]] = {}
        self._engine = Engine(
            self,
            max_frame_bytes=max_frame_bytes,
            max_waiting_bytes=hub.slow_listener_bytes,
            prefix=prefix,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket."""
        sid = (_query(scope).get("sid") or [""])[0]
        if scope["type"] == "websocket":
            await self._engine.serve_websocket(sid, scope, receive, send)
            return
        refusal = self._refusal(scope, sid)
        if refusal is not None:
            await _answer(send, *refusal)
        elif scope["method"] == "GET":
            await self._engine.poll(scope, receive, send)
        elif not await self._engine.take(sid, scope, receive, send):
            await _answer(send, 400, 3, "Bad request")

    def let_go(self) -> None:
        """End every session: the server is about to stop."""
        for connection in list(self._connections.values()):
            connection.close(GOING_AWAY, "")
        for sid in list(self._strangers):
            self._hang_up(sid)

    async def run(self) -> None:
        """Look at every WebSocket now and then, for ever."""
        while True:
            await asyncio.sleep(TICK_S)
            self._engine.tick()

    async def close(self) -> None:
        """End every session, and wait for what they had begun, before the core ends."""
        self.let_go()
        await self._engine.close()
        await self._tasks.drain()

    def opened(self, sid: str, scope: Scope) -> None:
        """Wait for a new session to say whose it is."""
        loop = asyncio.get_running_loop()
        self._strangers[sid] = _Stranger(scope, loop.call_later(CONNECT_S, self._hang_up, sid))

    async def heard(self, sid: str, text: str) -> None:
        """Take one message of a session."""
        connection = self._connections.get(sid)
        if connection is not None:
            if not connection.is_closed:
                connection.take(text)
            return
        try:
            await self._greet(sid, text)
        except Exception:
            _log.exception("A session could not be begun")
            self._hang_up(sid)

    def ended(self, sid: str) -> None:
        """Forget a session."""
        stranger = self._strangers.pop(sid, None)
        if stranger is not None:
            stranger.patience.cancel()
        connection = self._connections.pop(sid, None)
        if connection is not None:
            siblings = self._by_account[connection.account_id]
            del siblings[connection]
            if not siblings:
                del self._by_account[connection.account_id]
            connection.lost()

    async def _greet(self, sid: str, text: str) -> None:
        stranger = self._strangers.get(sid)
        if stranger is None:
            return
        try:
            packet = frames.parse(text)
        except NotAPacket:
            packet = None
        if not isinstance(packet, Connect):
            # As in the reference implementation: nothing comes before a CONNECT.
            self._hang_up(sid)
            return
        try:
            actor = await self._admit(stranger.scope, packet)
        except Refusal as refusal:
            _log.info("Refused a socket", extra={"code": refusal.code})
            self._refuse(sid, stranger, packet.namespace, refusal)
            return
        self._let_in(sid, actor)

    async def _admit(self, scope: Scope, packet: Connect) -> Actor:
        if packet.namespace != "/":
            raise Forbidden("There is no such namespace.", code="unknown_namespace")
        return await self._doorkeeper.admit(scope, _credentials(packet.auth))

    def _refuse(self, sid: str, stranger: _Stranger, namespace: str, refusal: Refusal) -> None:
        session = self._engine.session(sid)
        if session is None:
            return
        error = frames.connect_error(namespace, refusal.code, refusal.detail)
        session.queue.put_nowait(EngineMessage(error))
        stranger.refusals += 1
        if stranger.refusals >= MAX_REFUSALS:
            self._engine.hang_up(session)

    def _let_in(self, sid: str, actor: Actor) -> None:
        session = self._engine.session(sid)
        stranger = self._strangers.pop(sid, None)
        if session is None or stranger is None:
            return
        stranger.patience.cancel()
        connection = EngineConnection(
            actor,
            self._dialect,
            session,
            max_waiting_bytes=self._hub.slow_listener_bytes,
            wire=partial(self._engine.wire, sid),
            hang_up=self._engine.hang_up,
            forget=self._hub.detach,
        )
        socket = SocketIoSocket(
            self._core,
            self._hub,
            connection,
            actor,
            numbers=self._numbers,
            rate=self._rate,
            tasks=self._tasks,
        )
        connection.handler = socket
        self._connections[sid] = connection
        siblings = self._by_account.setdefault(actor.account_id, {})
        polled = [each for each in siblings if not (each.is_closed or each.session.upgraded)]
        siblings[connection] = None
        if not session.upgraded and len(polled) >= MAX_POLLED:
            polled[0].close(GOING_AWAY, "")
        # Not the session's own id: that one is a secret, and this one clients show around.
        connection.send(frames.connected(secrets.token_urlsafe(15)))
        self._hub.attach(connection)
        socket.begin()

    def _hang_up(self, sid: str) -> None:
        session = self._engine.session(sid)
        if session is not None:
            self._engine.hang_up(session)

    def _refusal(self, scope: Scope, sid: str) -> tuple[int, int, str] | None:
        """Return why a request is not served: its HTTP status, Engine.IO's code, and words."""
        origin = header(scope, b"origin")
        if scope["method"] not in ("GET", "POST") or IS_HEAD in scope:
            return 405, 2, "Bad handshake method"
        if scope["path"] != PATH:
            return 404, 3, "Bad request"
        if origin is not None and not self._origins.allows(origin, header(scope, b"host")):
            return 403, 4, "Pages of this origin may not connect"
        if "j" in _query(scope):
            return 400, 3, "JSONP is not spoken here"
        if not sid and len(self._strangers) >= MAX_STRANGERS:
            return 503, 3, "Too many sessions are being opened"
        return None


@dataclass(slots=True)
class _Stranger:
    scope: Scope
    patience: TimerHandle
    refusals: int = 0


class _Auth(Struct, frozen=True):
    token: str | None = None
    ticket: str | None = None


_AUTH = msgspec.json.Decoder(_Auth | None)


def _credentials(auth: Raw) -> Query | None:
    """Return what a client shows by its first packet; None if it shows nothing there."""
    try:
        shown = _AUTH.decode(auth)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise NotAuthenticated("This token is not valid.", code="invalid_token") from None
    if shown is None:
        return None
    if shown.token is not None:
        return {"token": [shown.token]}
    return None if shown.ticket is None else {"ticket": [shown.ticket]}


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"))


async def _answer(send: Send, status: int, code: int, message: str) -> None:
    body = msgspec.json.encode({"code": code, "message": message})
    await send_answer(send, status, _HEADERS, body)
