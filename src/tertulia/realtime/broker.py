"""The road between nodes: what one of them publishes, the hubs of all of them hear."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from tertulia.core.events import Event
from tertulia.realtime.topic import Topic

Deliver = Callable[[Sequence[Event]], None]

_log = logging.getLogger(__name__)


class Broker(Protocol):
    """A hint, not a store: what it loses, listeners find by the seq and the database has."""

    def publish(self, events: Sequence[Event]) -> None:
        """Send events to every node, in this order; it never waits.

        This node hears them before it returns. Others hear them if they follow a topic of theirs;
        what nodes act on, whoever listens there, they hear in any case.
        """

    def listen(self, deliver: Deliver, *, own: bool = False) -> None:
        """Have a node's hub called with what is published from now on.

        With `own` it is called with what this node published alone: for work that one node does.
        """

    def follow(self, topic: Topic) -> None:
        """Begin to hear what other nodes publish on a topic."""

    def unfollow(self, topic: Topic) -> None:
        """Hear a topic of other nodes no more, now or in a while."""

    async def followed(self, topics: Collection[Topic]) -> None:
        """Wait until what is published on these is heard, or cannot be soon."""

    async def close(self) -> None:
        """Stop delivering."""


def tell(ears: Iterable[Deliver], events: Sequence[Event]) -> None:
    """Call listeners; one that fails keeps what it was told of from nobody else."""
    for deliver in ears:
        try:
            deliver(events)
        except Exception:
            kinds = ", ".join(sorted({type(event).__name__ for event in events}))
            _log.exception("a listener on this node failed at what it was told: %s", kinds)
