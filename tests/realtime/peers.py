"""A real server on a port of this machine, and a client that does exactly what it is told."""

from __future__ import annotations

import asyncio
import base64
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from typing import Any

import uvicorn
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import CLIENT, Protocol, State

from tests.waiting import until

App = Callable[[Any, Any, Any], Awaitable[None]]

_READ_BYTES = 1 << 16


@asynccontextmanager
async def serving(
    app: App, ws: type[asyncio.Protocol] | str, *, max_message_bytes: int = 65536
) -> AsyncIterator[tuple[str, int]]:
    """Serve an ASGI application; gives the host and the port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        config = uvicorn.Config(
            app,
            ws=ws,
            lifespan="off",
            log_config=None,
            ws_max_size=max_message_bytes,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started, within_s=5, what="the server listens")
        yield listening.getsockname()
        server.should_exit = True
        await running


class Peer:
    """One WebSocket client that reads only when it is asked to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._parser = Protocol(CLIENT, state=State.OPEN, max_size=None)
        self._frames: list[Frame] = []

    @classmethod
    async def connect(cls, address: tuple[str, int], path: str = "/") -> Peer:
        """Open a connection and finish the handshake."""
        peer = await cls.knock(address, path)
        await peer.enter()
        return peer

    @classmethod
    async def knock(cls, address: tuple[str, int], path: str = "/") -> Peer:
        """Open a connection and send the request of the handshake."""
        client = socket.socket()
        # A small window, so that what is not read soon waits at the server.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)
        await asyncio.get_running_loop().sock_connect(client, address)
        reader, writer = await asyncio.open_connection(sock=client)
        key = base64.b64encode(b"sixteen bytes...").decode()
        writer.write(
            (
                f"GET {path} HTTP/1.1\r\nHost: {address[0]}\r\nConnection: Upgrade\r\n"
                f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\n\r\n"
            ).encode()
        )
        return cls(reader, writer)

    async def enter(self) -> None:
        """Wait for the answer of the handshake, which accepts."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")

    async def say(self, *frames: Frame | str) -> None:
        """Send frames, or texts, in one piece, and wait until the kernel has taken them."""
        self._writer.write(b"".join(map(_masked, frames)))
        await self._writer.drain()

    async def frame(self) -> Frame:
        """Return the next frame, however the network cut it."""
        while not self._frames:
            data = await self._reader.read(_READ_BYTES)
            assert data, "the connection was closed"
            self._parser.receive_data(data)
            assert self._parser.parser_exc is None
            events = self._parser.events_received()
            self._frames = [event for event in events if isinstance(event, Frame)]
        return self._frames.pop(0)

    async def text(self) -> str:
        """Return the next frame, which is a text."""
        frame = await self.frame()
        assert frame.opcode is Opcode.TEXT
        return str(frame.data, "utf-8")

    async def close_code(self) -> tuple[int, str]:
        """Pass over texts until the server's close frame; return its code and reason."""
        while (frame := await self.frame()).opcode is not Opcode.CLOSE:
            pass
        close = Close.parse(frame.data)
        return close.code, close.reason

    async def end(self) -> bytes:
        """Return what comes until the server closes the TCP connection."""
        return await self._reader.read()

    async def hang_up(self) -> None:
        """Close the TCP connection without a word, if it is open."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


def _masked(said: Frame | str) -> bytes:
    """Serialize what a client says, with its flags right or wrong."""
    frame = Frame(Opcode.TEXT, said.encode()) if isinstance(said, str) else said
    data = bytearray(Frame(frame.opcode, frame.data, frame.fin).serialize(mask=True))
    data[0] |= 0x40 if frame.rsv1 else 0
    return bytes(data)
