"""A connection that writes frames to the transport itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tertulia.core.model import Actor
from tertulia.realtime.connection import Connection
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.frames import Batch, Sound, text_frame
from tertulia.realtime.wire import Wire


class RawConnection(Connection):
    """Frames made once for all go out as they are. `wire` is set before anything is received."""

    __slots__ = ("_forget", "_has_heartbeat", "wire")

    wire: Wire

    def __init__(
        self,
        actor: Actor,
        dialect: Dialect,
        forget: Callable[[Connection], None],
        *,
        has_heartbeat: bool = True,
    ) -> None:
        super().__init__(actor, dialect)
        self._forget = forget
        self._has_heartbeat = has_heartbeat

    def send(self, payload: bytes) -> None:
        """Write one text message."""
        self.wire.write(text_frame(payload))

    def deliver(self, batches: Sequence[Batch]) -> None:
        """Write the messages of these batches with one call."""
        if len(batches) == 1:
            self.wire.write(batches[0].frames)
        else:
            self.wire.write(b"".join([batch.frames for batch in batches]))

    def play(self, sound: Sound) -> None:
        """Write one binary message, unless what was written before still waits."""
        if not self.wire.is_congested:
            self.wire.write(sound.frame)

    def close(self, code: int, reason: str) -> None:
        """Start the closing handshake."""
        self.wire.close(code, reason)

    def tick(self) -> None:
        """Notice a peer that is gone, asking one that has no heartbeat."""
        if not self._has_heartbeat:
            self.wire.ask()
        self.wire.tick()

    def lost(self) -> None:
        """End the subscriptions, then tell the gateway."""
        self._forget(self)
        super().lost()
