"""A connection that lives in an Engine.IO session, whatever carries that at the moment.

What is to be said goes straight to the WebSocket, in frames that were made once for all. Where
there is none yet, or something waits that was said before, it waits in the session's own queue
until Engine.IO takes it: for the answer to a poll, or for the WebSocket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from tertulia.core.model import Actor
from tertulia.gateways.plain_socket import FLOODED
from tertulia.gateways.socketio import frames
from tertulia.realtime.connection import SESSION_ENDED, TRY_AGAIN, Connection
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.frames import Batch, text_frame
from tertulia.realtime.wire import Wire

_FOR_GOOD = (SESSION_ENDED, FLOODED)
"""A client that is ended by these is not to come back by itself."""


class Session(Protocol):
    """What is used of `engineio.AsyncSocket`."""

    queue: asyncio.Queue[object]
    upgraded: bool
    upgrading: bool
    closed: bool

    async def close(self, *, wait: bool, abort: bool) -> None:
        """End it; what waits is still written, and Engine.IO's farewell unless aborted."""


class HangUp(Protocol):
    """What ends a session after what waits, without waiting for that."""

    def __call__(self, session: Session, *, is_for_good: bool) -> None:
        """End it; a client comes back by itself where that is not for good."""


class EngineConnection(Connection):
    """Keeps what is to be said in the session's queue, at most `max_waiting_bytes` of it.

    That queue has no bound of its own. One for whom more would wait is closed, and what waited is
    dropped: the client comes back by itself. `wire` returns the WebSocket that has taken the
    session over from polling, if one has; `hang_up` closes the session without waiting, and
    `forget` learns, once, that this connection is gone.
    """

    __slots__ = (
        "_forget",
        "_hang_up",
        "_is_lost",
        "_max_waiting_bytes",
        "_waiting_bytes",
        "_wire",
        "is_closed",
        "session",
    )

    def __init__(
        self,
        actor: Actor,
        dialect: Dialect,
        session: Session,
        *,
        max_waiting_bytes: int,
        wire: Callable[[], Wire | None],
        hang_up: HangUp,
        forget: Callable[[EngineConnection], None],
    ) -> None:
        super().__init__(actor, dialect)
        self.session = session
        self._max_waiting_bytes = max_waiting_bytes
        self._wire = wire
        self._hang_up = hang_up
        self._forget = forget
        self._waiting_bytes = 0
        self._is_lost = False
        self.is_closed = False

    def send(self, payload: bytes) -> None:
        """Write one packet, or let it wait to be taken."""
        wire = self._free_wire()
        if wire is not None:
            wire.write(text_frame(payload))
        else:
            self._keep(payload)

    def deliver(self, batches: Sequence[Batch]) -> None:
        """Write the packets of these batches with one call, or let them wait to be taken."""
        wire = self._free_wire()
        if wire is not None:
            wire.write(b"".join([batch.frames for batch in batches]))
            return
        for batch in batches:
            for payload in batch.payloads:
                self._keep(payload)

    def close(self, code: int, reason: str) -> None:
        """End the session after what waits; where it ends for good, the client is told why."""
        if self.is_closed:
            return
        self.is_closed = True
        if code == TRY_AGAIN:
            _empty(self.session.queue)
        elif code in _FOR_GOOD:
            self._put(frames.event("error", {"code": reason, "detail": _DETAILS[code]}))
            self._put(frames.DISCONNECT)
        self._hang_up(self.session, is_for_good=code in _FOR_GOOD)

    def tick(self) -> None:
        """Leave silent peers to Engine.IO, which has pings of its own."""

    def lost(self) -> None:
        """End the subscriptions, then tell the gateway; only once."""
        if self._is_lost:
            return
        self._is_lost = True
        self.is_closed = True
        self._forget(self)
        super().lost()

    def _free_wire(self) -> Wire | None:
        """Return the WebSocket if all that was said before has gone to it."""
        return None if self.is_closed or self._waiting_bytes else self._wire()

    def _keep(self, payload: bytes) -> None:
        if self.is_closed:
            return
        if self._waiting_bytes + len(payload) > self._max_waiting_bytes:
            self.close(TRY_AGAIN, "reconnect")
            return
        self._put(payload)

    def _put(self, payload: bytes) -> None:
        self._waiting_bytes += len(payload)
        self.session.queue.put_nowait(EngineMessage(payload, self._was_taken))

    def _was_taken(self, size: int) -> None:
        self._waiting_bytes -= size


class EngineMessage:
    """A packet as Engine.IO's writers expect it; `taken` is called when it is encoded to go out."""

    __slots__ = ("_payload", "_taken")

    def __init__(self, payload: bytes, taken: Callable[[int], None] | None = None) -> None:
        self._payload = payload
        self._taken = taken

    def encode(self, *, b64: bool = False) -> str:
        """Return the text that goes out; there is no binary data in it to be encoded."""
        del b64
        if self._taken is not None:
            self._taken(len(self._payload))
        return self._payload.decode()


_DETAILS = {
    SESSION_ENDED: "This session has ended.",
    FLOODED: "Too many messages in too short a time.",
}


def _empty(queue: asyncio.Queue[object]) -> None:
    while not queue.empty():
        queue.get_nowait()
        queue.task_done()
