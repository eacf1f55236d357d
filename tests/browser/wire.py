"""All that pages and their server say to each other, kept byte by byte.

HTTP is heard by a relay that stands between the two, for a browser does not tell what the bodies
of uploaded files are; frames of WebSockets, which are masked and compressed on their way, are told
by the browser.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from playwright.async_api import Page, WebSocket

_AT_ONCE_BYTES = 65_536


class Wire:
    """A relay before a server on the loopback interface, and what it heard."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._heard: list[bytearray] = []
        self.frames: list[bytes] = []
        self._ends: set[asyncio.Task[None]] = set()
        self._relay: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._relay = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._relay is not None:
            self._relay.close()
        for end in self._ends:
            end.cancel()
        await asyncio.gather(*self._ends, return_exceptions=True)

    @property
    def url(self) -> str:
        """Where pages reach the server through it."""
        if self._relay is None:
            raise RuntimeError("nothing is relayed yet")
        port: int = self._relay.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def listen_to(self, page: Page) -> None:
        """Keep the frames of a page's sockets, of those that are opened from now on."""
        page.on("websocket", self._listen)

    @property
    def said(self) -> list[bytes]:
        """What each connection carried to the server, and each frame in either direction."""
        return [*map(bytes, self._heard), *self.frames]

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._keep)
        socket.on("framereceived", self._keep)

    def _keep(self, payload: str | bytes) -> None:
        self.frames.append(payload.encode() if isinstance(payload, str) else payload)

    async def _carry(self, page: asyncio.StreamReader, to_page: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
        heard = bytearray()
        self._heard.append(heard)
        for reader, writer, kept in ((page, to_server, heard), (server, to_page, None)):
            end = asyncio.create_task(_pour(reader, writer, kept))
            self._ends.add(end)
            end.add_done_callback(self._ends.discard)


async def _pour(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray | None
) -> None:
    try:
        while part := await reader.read(_AT_ONCE_BYTES):
            if kept is not None:
                kept += part
            writer.write(part)
            await writer.drain()
    except ConnectionError:
        pass  # One of the two has gone, and the other is told by the end of its stream.
    finally:
        writer.close()
