"""A connection whose listener comes and asks, for those whom no WebSocket reaches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from tertulia.core.model import Actor
from tertulia.realtime.connection import GOING_AWAY, TRY_AGAIN, Connection
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.frames import Batch

SILENT_TICKS = 2
"""After so many ticks in which nobody asked (15 to 30 seconds) a listener counts as gone."""


class PolledConnection(Connection):
    """Keeps what is to be said until somebody asks, at most `max_waiting_bytes` of it.

    One for whom more would wait is closed with 1013 "reconnect". Once closed it hears no more; what
    was said before may be asked for once, and then, or when nobody asks, it is gone.
    """

    __slots__ = (
        "_asking",
        "_forget",
        "_is_lost",
        "_max_waiting_bytes",
        "_silent_ticks",
        "_waiting",
        "_waiting_bytes",
        "is_closed",
    )

    def __init__(
        self,
        actor: Actor,
        dialect: Dialect,
        *,
        max_waiting_bytes: int,
        forget: Callable[[PolledConnection], None],
    ) -> None:
        super().__init__(actor, dialect)
        self._max_waiting_bytes = max_waiting_bytes
        self._forget = forget
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._asking: asyncio.Future[bool] | None = None
        self._silent_ticks = 0
        self._is_lost = False
        self.is_closed = False

    def send(self, payload: bytes) -> None:
        """Let one text message wait to be asked for."""
        if self.is_closed:
            return
        if self._waiting_bytes + len(payload) > self._max_waiting_bytes:
            self._clear()
            self.close(TRY_AGAIN, "reconnect")
            return
        self._waiting.append(payload)
        self._waiting_bytes += len(payload)
        self._answer()

    def deliver(self, batches: Sequence[Batch]) -> None:
        """Let the messages of these batches wait to be asked for."""
        for batch in batches:
            for payload in batch.payloads:
                self.send(payload)

    def close(self, code: int, reason: str) -> None:
        """Hear no more; this transport has no words for the code and the reason."""
        del code, reason
        self.is_closed = True
        self._answer()

    def tick(self) -> None:
        """Notice a listener that asks no more."""
        if self._asking is not None:
            return
        self._silent_ticks += 1
        if self._silent_ticks >= SILENT_TICKS:
            self.close(GOING_AWAY, "silent")
            self.lost()

    def lost(self) -> None:
        """End the subscriptions, then tell the gateway; only once."""
        if self._is_lost:
            return
        self._is_lost = True
        self.is_closed = True
        self._clear()
        self._answer()
        self._forget(self)
        super().lost()

    async def wait(self, within_s: float) -> bool:
        """Return when something waits, when this is closed, or after this time.

        There is one listener, so whoever asks later takes the place of one who still waits here:
        that one gets False, and must not collect.
        """
        self._answer(is_listener=False)
        self._silent_ticks = 0
        if self._waiting or self.is_closed:
            return True
        asking: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asking = asking
        try:
            async with asyncio.timeout(within_s):
                return await asking
        except TimeoutError:
            return True
        finally:
            if self._asking is asking:
                self._asking = None
            self._silent_ticks = 0

    def collect(self) -> list[bytes]:
        """Take all text messages that wait; the last ones of a closed connection end it."""
        found = self._waiting
        self._clear()
        if self.is_closed:
            self.lost()
        return found

    def _answer(self, *, is_listener: bool = True) -> None:
        asking, self._asking = self._asking, None
        if asking is not None and not asking.done():
            asking.set_result(is_listener)

    def _clear(self) -> None:
        self._waiting = []
        self._waiting_bytes = 0
