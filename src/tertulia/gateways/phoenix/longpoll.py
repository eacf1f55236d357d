"""The ASGI application at `/socket/longpoll`: Phoenix Channels over plain requests.

The npm client falls back to it where no WebSocket gets through. It is the same protocol, on a
connection whose frames are fetched:

    > GET  /socket/longpoll?token=<access token>&vsn=2.0.0&token=null
    < {"status": 410, "token": "lp.x.y", "messages": []}      a session begins
    > POST ...&token=lp.x.y    ["1", "1", "user:0198...", "phx_join", {}]
    < {"status": 200}
    > GET  ...&token=lp.x.y
    < {"status": 200, "token": "lp.x.y", "messages": [<each frame as a string>]}
    > GET  ...&token=lp.x.y                 answered after `HOLD_S` where nothing is said
    < {"status": 204, "token": "lp.x.y", "messages": []}

The status of an answer is in its body, and under HTTP it is always 200: that is what clients read.
410 says that a session begins or, to one who brings a token, that theirs is gone; 403 that nobody
may begin one with these credentials, or that a token is none. The client appends its session's
token to the address, where there may be an access token of the same name. Source: longpoll.js of
the npm client, and Phoenix.Transports.LongPoll.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import msgspec

from tertulia.core.errors import NotAuthenticated, Refusal
from tertulia.ending import ended
from tertulia.gateways.asgi import Headers, Receive, Scope, Send, header, send_answer
from tertulia.gateways.phoenix.gateway import PhoenixGateway, spoken_version
from tertulia.gateways.phoenix.polling import PollSessions, is_poll_token
from tertulia.realtime.connection import GOING_AWAY, UNSUPPORTED
from tertulia.realtime.connection_polled import PolledConnection
from tertulia.realtime.hub import Hub

HOLD_S = 10.0
"""How long a poll is held where nothing is said; the npm client gives up after 20."""

_NO_TOKEN = ("null", "undefined")
"""What JavaScript makes of a token that is not there."""

_LINES = "application/x-ndjson"
_HEADERS: Headers = [(b"content-type", b"application/json")]

_log = logging.getLogger(__name__)


class LongPolling:
    """Lets people in as the gateway does, and keeps a session for each until nobody polls it.

    `secret` signs the sessions' tokens; their names begin with `prefix`. A posted frame of more
    than `max_frame_bytes` ends its session, as it ends a WebSocket.
    """

    def __init__(
        self,
        gateway: PhoenixGateway,
        hub: Hub,
        *,
        secret: str,
        max_frame_bytes: int,
        prefix: str = "",
    ) -> None:
        self._gateway = gateway
        self._hub = hub
        self._max_frame_bytes = max_frame_bytes
        self._sessions = PollSessions(secret, prefix=prefix)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in ("GET", "POST"):
            await send_answer(send, 405, [(b"allow", b"GET, POST")])
            return
        try:
            token = self._session_token(scope)
        except Refusal:
            await _answer(send, status=403)
            return
        connection = None if token is None else self._sessions.find(token)
        if scope["method"] == "POST":
            await self._take(connection, scope, receive, send)
        elif token is None:
            await self._begin(scope, send)
        elif connection is None:
            await _answer(send, status=410)
        else:
            await _poll(connection, token, receive, send)

    def let_go(self) -> None:
        """Answer every poll that is held, and take no more: the server is about to stop."""
        for connection in self._sessions.all():
            connection.close(GOING_AWAY, "")

    def end(self) -> None:
        """End every session."""
        for connection in self._sessions.all():
            connection.lost()

    def _session_token(self, scope: Scope) -> str | None:
        """Return the token of ours that a request brings; raises NotAuthenticated for a bad one."""
        token = next(filter(is_poll_token, _query(scope).get("token", ())), None)
        if token is not None and not self._sessions.holds(token):
            raise NotAuthenticated("This is no token of a session.", code="invalid_token")
        return token

    async def _begin(self, scope: Scope, send: Send) -> None:
        query = _query(scope)
        credentials = [token for token in query.pop("token", ()) if token not in _NO_TOKEN]
        if credentials:
            query["token"] = credentials
        try:
            serializer = spoken_version(scope)
            actor = await self._gateway.doorkeeper.admit(scope, query)
        except Refusal as refusal:
            _log.info("Refused long polling", extra={"code": refusal.code})
            await _answer(send, status=403)
            return
        connection = PolledConnection(
            actor,
            self._gateway.dialect(serializer),
            max_waiting_bytes=self._hub.slow_listener_bytes,
            forget=self._forget,
        )
        connection.handler = self._gateway.socket(connection, actor, serializer)
        token = self._sessions.add(connection)
        self._hub.attach(connection)
        await _answer(send, status=410, token=token, messages=[])

    def _forget(self, connection: PolledConnection) -> None:
        self._sessions.discard(connection)
        self._hub.detach(connection)

    async def _take(
        self, connection: PolledConnection | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if connection is None or connection.is_closed:
            await _answer(send, status=410)
            return
        is_lines = (header(scope, b"content-type") or "").startswith(_LINES)
        frames = _frames(receive, self._max_frame_bytes, is_lines=is_lines)
        try:
            await _feed(connection, frames)
        except ValueError as error:
            connection.close(UNSUPPORTED, str(error))
        await _answer(send, status=200)


async def _feed(connection: PolledConnection, frames: AsyncIterator[str]) -> None:
    async for frame in frames:
        connection.take(frame)
        if connection.is_closed:
            return


async def _poll(connection: PolledConnection, token: str, receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_hung_up(receive))
    waiting = asyncio.create_task(connection.wait(HOLD_S))
    try:
        await asyncio.wait((gone, waiting), return_when=asyncio.FIRST_COMPLETED)
        # What waits is left there for the next poll, if this one's client did not wait for it.
        is_listener = waiting.done() and waiting.result() and not gone.done()
    finally:
        await ended(gone, waiting)
    has_ended = connection.is_closed
    messages = connection.collect() if is_listener else []
    if messages:
        texts = [message.decode() for message in messages]
        await _answer(send, status=200, token=token, messages=texts)
    elif has_ended:
        await _answer(send, status=410)
    else:
        await _answer(send, status=204, token=token, messages=[])


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _frames(receive: Receive, max_bytes: int, *, is_lines: bool) -> AsyncIterator[str]:
    """Yield the frames of a body as they come: its lines, or all of it.

    What a client that hangs up has not ended is no frame. Raises ValueError for a frame of more
    bytes, or one that is not UTF-8.
    """
    async for part in _parts(receive, max_bytes, is_lines=is_lines):
        if len(part) > max_bytes:
            raise ValueError("too big")
        if part.strip():
            yield str(part, "utf-8")


async def _parts(
    receive: Receive, max_bytes: int, *, is_lines: bool
) -> AsyncIterator[bytes | bytearray]:
    rest = bytearray()
    has_more = True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        has_more = message.get("more_body", False)
        looked_at = len(rest)
        rest += message.get("body", b"")
        if is_lines and rest.find(b"\n", looked_at) >= 0:
            *lines, rest = rest.split(b"\n")
            for line in lines:
                yield line
        if len(rest) > max_bytes:
            break
    yield rest


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"))


async def _answer(send: Send, **fields: object) -> None:
    await send_answer(send, 200, _HEADERS, msgspec.json.encode(fields))
