"""An open WebSocket on a TCP transport, and nothing more: what is left after the handshake.

It reads with the sans-I/O parser of `websockets`, so that the rules of RFC 6455 are kept by those
who know them, and writes frames that were made elsewhere. Thousands of these are idle at any time:
there is no task, no timer and no queue in it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from tertulia.realtime.connection import GOING_AWAY, TRY_AGAIN, UNSUPPORTED

SILENT_TICKS = 4
"""After so many ticks without a frame (a minute, and up to one tick more) a peer counts as gone.

Clients of most dialects say something every half minute, browsers slow hidden pages down to once a
minute. One sweep over all connections costs less than timers and pings for each.
"""

CLOSING_TICKS = 2
"""How many ticks a peer has to take what was written and to answer the closing handshake."""


_log = logging.getLogger(__name__)
_log.setLevel(logging.WARNING)  # at level info the parser tells of every end of a connection


class Receiver(Protocol):
    """Who is told of what comes in."""

    def take(self, text: str) -> None:
        """Take one text message."""

    def lost(self) -> None:
        """Learn, once, that the connection is gone."""


class Server(Protocol):
    """What the server that accepted the connection keeps of it, for its own shutdown."""

    def add(self, wire: Wire, /) -> None:
        """Count a connection as open."""

    def discard(self, wire: Wire, /) -> None:
        """Count it no more."""


class Wire(asyncio.Protocol):
    """One open WebSocket. Binary messages go to `take_sound`, and close it with 1003 without one.

    `max_message_bytes` bounds what comes in as one message (else it is closed with 1009), and
    `max_waiting_bytes` what waits for a peer that does not read.

    A peer that makes more than that wait is closed with 1013 "reconnect"; before that, at a quarter
    of it, nothing more is read from this peer until it has taken what is there.
    """

    __slots__ = (
        "_fragments",
        "_is_ended",
        "_is_heard",
        "_max_waiting_bytes",
        "_opcode",
        "_protocol",
        "_receiver",
        "_server",
        "_ticks",
        "_transport",
        "is_closing",
        "is_congested",
        "take_sound",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        receiver: Receiver,
        server: Server,
        *,
        max_message_bytes: int,
        max_waiting_bytes: int,
    ) -> None:
        self._transport = transport
        # A fresh one: that of the handshake keeps the request alive.
        self._protocol = ServerProtocol(state=State.OPEN, max_size=max_message_bytes, logger=_log)
        self._receiver = receiver
        self._server = server
        self._max_waiting_bytes = max_waiting_bytes
        self._fragments: bytearray | None = None
        self._opcode = Opcode.TEXT
        self.take_sound: Callable[[bytes], None] | None = None
        self.is_closing = False
        self.is_congested = False
        self._is_ended = False
        self._is_heard = True
        self._ticks = 0
        server.add(self)
        transport.set_protocol(self)
        transport.set_write_buffer_limits(high=max_waiting_bytes // 4)

    def write(self, frames: bytes) -> None:
        """Write whole frames; dropped once the connection is closing."""
        if self.is_closing:
            return
        self._transport.write(frames)
        if self.is_congested:
            self._check_waiting()

    def close(self, code: int, reason: str) -> None:
        """Send a close frame, once, and wait for the peer's without waiting here."""
        if self.is_closing:
            return
        self._start_closing()
        if self._protocol.state is State.OPEN:  # else the peer has just said the same
            self._protocol.send_close(code, reason)
            self._write_control_frames()

    def ask(self) -> None:
        """Ask a peer for a sign of life (section 5.5.2), if none has come since the last tick."""
        if not self._is_heard and not self.is_closing and self._protocol.state is State.OPEN:
            self._protocol.send_ping(b"")
            self._write_control_frames()

    def tick(self) -> None:
        """Notice a peer that is gone, or that does not finish the closing handshake."""
        if self._is_heard and not self.is_closing:
            self._is_heard = False
            self._ticks = 0
            return
        self._ticks += 1
        if self.is_closing:
            if self._ticks >= CLOSING_TICKS:
                self._transport.abort()
        elif self._ticks >= SILENT_TICKS:
            self.close(GOING_AWAY, "silent")

    def shutdown(self) -> None:
        """Tell the peer that the server goes away and may come back; called by the server."""
        self.close(CloseCode.SERVICE_RESTART, "")
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Take bytes from the transport."""
        self._is_heard = True
        # One who is only read to the end, and takes nothing, could make pongs pile up without end.
        is_mute = self.is_closing and self.is_congested
        self._protocol.receive_data(data)
        for frame in self._protocol.events_received():
            if isinstance(frame, Frame) and not self.is_closing:
                self._take_frame(frame)
        self._write_control_frames(is_mute=is_mute)

    def pause_writing(self) -> None:
        """Learn that the peer reads too slowly."""
        self.is_congested = True
        self._transport.pause_reading()
        self._check_waiting()

    def resume_writing(self) -> None:
        """Learn that the peer has caught up."""
        self.is_congested = False
        if not self.is_closing:
            self._transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the transport is closed."""
        del exc  # whatever the cause, the peer is gone
        self.is_closing = True
        self._server.discard(self)
        self._receiver.lost()

    def _take_frame(self, frame: Frame) -> None:
        match frame.opcode:
            case Opcode.BINARY if self.take_sound is None:
                self.close(UNSUPPORTED, "text only")
            case Opcode.TEXT | Opcode.BINARY if frame.fin:
                self._take_message(frame.opcode, frame.data)
            case Opcode.TEXT | Opcode.BINARY:
                self._opcode, self._fragments = frame.opcode, bytearray(frame.data)
            case Opcode.CONT if self._fragments is not None:
                self._fragments += frame.data
                if frame.fin:
                    message, self._fragments = self._fragments, None
                    self._take_message(self._opcode, message)
            case _:
                pass  # control frames are answered by the parser

    def _take_message(self, opcode: Opcode, message: bytes | bytearray | memoryview) -> None:
        if opcode is Opcode.TEXT:
            self._take_text(message)
        elif self.take_sound is not None:
            self.take_sound(bytes(message))

    def _take_text(self, message: bytes | bytearray | memoryview) -> None:
        try:
            text = str(message, "utf-8")
        except UnicodeDecodeError:
            self._start_closing()
            self._protocol.fail(CloseCode.INVALID_DATA, "invalid UTF-8")
            return
        self._receiver.take(text)

    def _write_control_frames(self, *, is_mute: bool = False) -> None:
        output = b"".join(self._protocol.data_to_send())
        if output and not is_mute:
            self._transport.write(output)
        if self._protocol.eof_sent:
            self._start_closing()
            self._end()

    def _end(self) -> None:
        """Hang up, as a server does first (section 7.1.1).

        A peer that has said its last word is hung up on. With one that broke the rules only our
        side ends, and what it still says is read for nothing: closing while bytes are unread would
        reset the connection, and the close frame that says why could be lost on the way.
        """
        if self._protocol.close_rcvd is not None or not self._transport.can_write_eof():
            self._transport.close()
        elif not self._is_ended:
            self._is_ended = True
            self._transport.write_eof()

    def _check_waiting(self) -> None:
        if self._transport.get_write_buffer_size() > self._max_waiting_bytes:
            self.close(TRY_AGAIN, "reconnect")

    def _start_closing(self) -> None:
        if not self.is_closing:
            self.is_closing = True
            self._ticks = 0
            if self.is_congested:
                self._transport.resume_reading()  # for the peer's answer
