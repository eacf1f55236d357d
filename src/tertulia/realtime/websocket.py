"""uvicorn's WebSocket handshake, after which the application may have the transport itself.

It is given to uvicorn as its WebSocket protocol class (`uvicorn.Config(ws=WebSocketProtocol)`) and
offers, in the ASGI scope, `scope["extensions"]["tertulia.transport"]`: a function that turns the
accepted connection into a `Wire`. Then the ASGI call may return while the connection lives on, and
the scope, the queue, the task and uvicorn's own protocol object are let go.
"""

from __future__ import annotations

import logging
from typing import Any, Protocol, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request

from tertulia.realtime.wire import Receiver, Server, Wire

EXTENSION = "tertulia.transport"

_log = logging.getLogger(__name__)
# At level info uvicorn words the whole address of each connection, and a token may stand in it.
_log.setLevel(logging.WARNING)


class HandOver(Protocol):
    """What stands in the ASGI scope."""

    def __call__(self, receiver: Receiver, *, max_waiting_bytes: int) -> Wire:
        """Take the accepted connection; call it in the same turn in which it was accepted."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One connection from its first byte until it is handed over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _log
        self.conn.logger = _log

    def handle_connect(self, event: Request) -> None:
        """Begin the ASGI call, with the extension in its scope."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            cast("dict[str, Any]", self.scope["extensions"])[EXTENSION] = self.hand_over

    def hand_over(self, receiver: Receiver, *, max_waiting_bytes: int) -> Wire:
        """Let go of the accepted connection; see HandOver."""
        self.stop_keepalive()
        transport, self.transport = self.transport, cast("Any", _HandedOver())
        self.connections.discard(self)
        server = cast("Server", self.connections)
        wire = Wire(
            transport,
            receiver,
            server,
            max_message_bytes=self.config.ws_max_size,
            max_waiting_bytes=max_waiting_bytes,
        )
        if self.read_paused or self.conn.reader.buffer:
            # Something was said before the handshake was over (RFC 6455, section 4.1, forbids it).
            transport.resume_reading()
            wire.close(CloseCode.PROTOCOL_ERROR, "too early")
        return wire


class _HandedOver:
    """Stands where the transport was: uvicorn closes it when the ASGI call returns."""

    def close(self) -> None:
        """Leave the connection to its new owner."""
