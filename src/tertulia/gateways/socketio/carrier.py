"""A WebSocket that carries an Engine.IO session: ASGI's receive and send, over a `Wire`.

Engine.IO wants to read and write by ASGI. The bytes go over the transport that all other gateways
write to, so that one who does not read, and one who does not finish the closing handshake, is
dealt with as everywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from tertulia.gateways.asgi import Message, Receive, Scope, Send
from tertulia.gateways.plain_socket import FLOODED
from tertulia.gateways.socketio.frames import engine_packet
from tertulia.realtime.frames import text_frame
from tertulia.realtime.websocket import EXTENSION, HandOver
from tertulia.realtime.wire import Wire

MAX_UNREAD = 1024
"""How many packets may have come that Engine.IO has not read yet; it reads one in each turn."""

NORMAL = 1000
NOT_A_PACKET = 1002


class Carrier:
    """One WebSocket, from its handshake on; `forget` learns that it is gone."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        max_waiting_bytes: int,
        forget: Callable[[Carrier], None],
    ) -> None:
        self._hand_over = cast(HandOver, scope["extensions"][EXTENSION])
        self._receive = receive
        self._send = send
        self._max_waiting_bytes = max_waiting_bytes
        self._forget = forget
        self._unread: asyncio.Queue[Message] = asyncio.Queue()
        self.wire: Wire | None = None

    async def receive(self) -> Message:
        """Return what came next."""
        if self.wire is None:
            return await self._receive()
        return await self._unread.get()

    async def send(self, message: Message) -> None:
        """Accept, write or close."""
        if message["type"] == "websocket.accept":
            await self._send(message)
            self.wire = self._hand_over(self, max_waiting_bytes=self._max_waiting_bytes)
        elif self.wire is None:
            await self._send(message)
        elif message["type"] == "websocket.send":
            self.wire.write(text_frame(message["text"].encode()))
        else:
            self.end()

    def take(self, text: str) -> None:
        """Take one packet from the transport."""
        packet = engine_packet(text)
        if packet is None:
            self.end(NOT_A_PACKET, "not a packet")
        elif self._unread.qsize() >= MAX_UNREAD:
            self.end(FLOODED, "flood")
        else:
            self._unread.put_nowait({"type": "websocket.receive", "text": packet})

    def lost(self) -> None:
        """Learn that the connection is gone."""
        self._forget(self)
        self._unread.put_nowait({"type": "websocket.disconnect"})

    def tick(self) -> None:
        """Notice a peer that is gone, or that does not finish the closing handshake."""
        if self.wire is not None:
            self.wire.tick()

    def end(self, code: int = NORMAL, reason: str = "") -> None:
        """Close what has been accepted, and forget what has not."""
        if self.wire is not None:
            self.wire.close(code, reason)
        else:
            self._forget(self)
