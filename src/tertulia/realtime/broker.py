"""The road between nodes: what one of them publishes, the hubs of all of them hear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from tertulia.core.events import Event

Deliver = Callable[[Sequence[Event]], None]


class Broker(Protocol):
    """A hint, not a store: what it loses, listeners find by the seq and the database has."""

    def publish(self, events: Sequence[Event]) -> None:
        """Send events to every node, this one included, in this order; it never waits."""

    def listen(self, deliver: Deliver) -> None:
        """Have a node's hub called with what is published from now on."""

    async def close(self) -> None:
        """Stop delivering."""
