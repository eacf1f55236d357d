"""A WebSocket on a real server, from the handshake to its end (RFC 6455)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close, Frame, Opcode

from tertulia.realtime.frames import text_frame
from tertulia.realtime.websocket import EXTENSION, WebSocketProtocol
from tertulia.realtime.wire import CLOSING_TICKS, SILENT_TICKS, Wire
from tests.realtime.peers import Peer, serving
from tests.waiting import until

MAX_MESSAGE_BYTES = 1 << 16
MAX_WAITING_BYTES = 1 << 20

Address = tuple[str, int]


class Echo:
    """Receives for one wire: says everything back, and writes down how it went."""

    wire: Wire

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.times_lost = 0

    def take(self, text: str) -> None:
        """Say it back."""
        self.taken.append(text)
        self.wire.write(text_frame(text.encode()))

    def lost(self) -> None:
        """Count the ends."""
        self.times_lost += 1


class EchoApp:
    """Hands each connection over to an Echo of its own."""

    def __init__(self) -> None:
        self.echoes: list[Echo] = []

    async def __call__(self, scope: dict[str, dict[str, object]], receive: object, send: object) -> None:
        """Serve one connection, by ASGI."""
        await receive()  # type: ignore[operator]
        await send({"type": "websocket.accept"})  # type: ignore[operator]
        echo = Echo()
        self.echoes.append(echo)
        hand_over = scope["extensions"][EXTENSION]
        echo.wire = hand_over(echo, max_waiting_bytes=MAX_WAITING_BYTES)  # type: ignore[operator]
