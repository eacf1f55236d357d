"""Everyone on this node who listens to one topic."""

from __future__ import annotations

from asyncio import TimerHandle
from collections.abc import Iterable

from tertulia.core.events import Event, LastingChange
from tertulia.realtime.connection import Connection
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.sequencer import Sequencer
from tertulia.realtime.subscription import Subscription
from tertulia.realtime.topic import ConversationTopic, Topic


class Audience:
    """Listeners by dialect, so that each dialect's frames are made once.

    `live` connections hear everything. `waiting` subscriptions are looked at one by one: they are
    held, or their snapshot was ahead of what has been delivered here.
    """

    __slots__ = ("_written_seq", "hole_timer", "live", "sequencer", "waiting")

    def __init__(self, topic: Topic) -> None:
        self.live: dict[Dialect, set[Connection]] = {}
        self.waiting: set[Subscription] = set()
        self.sequencer = Sequencer() if isinstance(topic, ConversationTopic) else None
        self.hole_timer: TimerHandle | None = None
        self._written_seq = 0

    @property
    def is_empty(self) -> bool:
        """Whether nobody listens."""
        return not self.live and not self.waiting

    def add(self, subscription: Subscription) -> None:
        """Let a new, held subscription in."""
        self.waiting.add(subscription)

    def start(self, seq: int) -> list[LastingChange]:
        """Begin to deliver after `seq`, unless begun; return what has waited for that."""
        if self.sequencer is None:
            return []
        if self.sequencer.head is None:
            self._written_seq = seq
        return self.sequencer.start(seq)

    def note_written(self, events: Iterable[Event]) -> None:
        """Remember how far the changes have been written."""
        for event in events:
            self._written_seq = getattr(event, "seq", self._written_seq)

    def settle(self, subscription: Subscription) -> None:
        """Count an open subscription among the live ones as soon as it has nothing to skip."""
        after_seq = subscription.after_seq
        if self.sequencer is not None and after_seq is not None and after_seq > self._written_seq:
            return
        self.waiting.discard(subscription)
        connection = subscription.connection
        self.live.setdefault(connection.dialect, set()).add(connection)

    def discard(self, subscription: Subscription) -> None:
        """Let a subscription go."""
        if subscription in self.waiting:
            self.waiting.remove(subscription)
            return
        connection = subscription.connection
        connections = self.live[connection.dialect]
        connections.discard(connection)
        if not connections:
            del self.live[connection.dialect]
