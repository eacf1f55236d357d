"""The road within one process: the whole broker of a single node."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tertulia.core.events import Event
from tertulia.realtime.broker import Deliver, tell
from tertulia.realtime.topic import Topic


class MemoryBroker:
    """Calls the listeners at once, so it needs no queue and loses nothing."""

    def __init__(self) -> None:
        self._listeners: list[Deliver] = []

    def publish(self, events: Sequence[Event]) -> None:
        """Hand the events to every listener."""
        tell(self._listeners, events)

    def listen(self, deliver: Deliver, *, own: bool = False) -> None:
        """Add a listener."""
        del own  # there is nobody else
        self._listeners.append(deliver)

    def follow(self, topic: Topic) -> None:
        """Do nothing: everything is heard."""

    def unfollow(self, topic: Topic) -> None:
        """Do nothing: everything is heard."""

    async def followed(self, topics: Collection[Topic]) -> None:
        """Return at once."""

    async def close(self) -> None:
        """Forget the listeners."""
        self._listeners.clear()
