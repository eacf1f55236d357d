"""The road within one process: the whole broker of a single node."""

from __future__ import annotations

from collections.abc import Sequence

from tertulia.core.events import Event
from tertulia.realtime.broker import Deliver


class MemoryBroker:
    """Calls the listeners at once, so it needs no queue and loses nothing."""

    def __init__(self) -> None:
        self._listeners: list[Deliver] = []

    def publish(self, events: Sequence[Event]) -> None:
        """Hand the events to every listener."""
        for deliver in self._listeners:
            deliver(events)

    def listen(self, deliver: Deliver) -> None:
        """Add a listener."""
        self._listeners.append(deliver)

    async def close(self) -> None:
        """Forget the listeners."""
        self._listeners.clear()
