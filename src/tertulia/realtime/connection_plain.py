"""A connection over plain ASGI sends, for servers that do not hand the transport over."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from tertulia.core.model import Actor
from tertulia.ending import ended
from tertulia.realtime.connection import TRY_AGAIN, Connection
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.frames import Batch, Sound

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class PlainConnection(Connection):
    """Keeps what is to be sent, at most `max_waiting_bytes` of it, for a task that sends it.

    One for whom more would wait is closed with 1013 "reconnect". Silent peers are left to the
    server, which has pings of its own.
    """

    __slots__ = ("_close", "_has_more", "_max_waiting_bytes", "_waiting", "_waiting_bytes")

    def __init__(self, actor: Actor, dialect: Dialect, *, max_waiting_bytes: int) -> None:
        super().__init__(actor, dialect)
        self._max_waiting_bytes = max_waiting_bytes
        self._waiting: deque[bytes | Sound] = deque()
        self._waiting_bytes = 0
        self._has_more = asyncio.Event()
        self._close: Message | None = None

    def send(self, payload: bytes) -> None:
        """Let one text message wait to be sent."""
        if self._close is not None:
            return
        if self._waiting_bytes + len(payload) > self._max_waiting_bytes:
            self._waiting.clear()
            self.close(TRY_AGAIN, "reconnect")
            return
        self._waiting.append(payload)
        self._waiting_bytes += len(payload)
        self._has_more.set()

    def deliver(self, batches: Sequence[Batch]) -> None:
        """Let the messages of these batches wait to be sent."""
        for batch in batches:
            for payload in batch.payloads:
                self.send(payload)

    def play(self, sound: Sound) -> None:
        """Let one binary message wait to be sent, unless much waits already."""
        size = self._waiting_bytes + len(sound.payload)
        if self._close is None and size <= self._max_waiting_bytes // 4:
            self._waiting.append(sound)
            self._waiting_bytes = size
            self._has_more.set()

    def close(self, code: int, reason: str) -> None:
        """Close after what waits."""
        if self._close is None:
            self._close = {"type": "websocket.close", "code": code, "reason": reason}
            self._has_more.set()

    def tick(self) -> None:
        """Leave silent peers to the server."""

    async def run(self, receive: Receive, send: Send) -> None:
        """Serve until the connection is gone."""
        sending = asyncio.create_task(self._send_waiting(send))
        try:
            await self._receive_all(receive)
        finally:
            await ended(sending)

    async def _receive_all(self, receive: Receive) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            text = message.get("text")
            if self._close is not None:
                continue
            if text is None:
                self.hear(message["bytes"])
            else:
                self.take(text)

    async def _send_waiting(self, send: Send) -> None:
        while True:
            await self._has_more.wait()
            self._has_more.clear()
            while self._waiting:
                waiting = self._waiting.popleft()
                if isinstance(waiting, Sound):
                    self._waiting_bytes -= len(waiting.payload)
                    await send({"type": "websocket.send", "bytes": waiting.payload})
                else:
                    self._waiting_bytes -= len(waiting)
                    await send({"type": "websocket.send", "text": waiting.decode()})
            if self._close is not None:
                await send(self._close)
                return
