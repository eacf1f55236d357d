"""Everyone on this node who listens to one topic."""

from __future__ import annotations

from asyncio import TimerHandle
from collections.abc import Sequence

from tertulia.realtime.connection import Connection
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.saying import Saying
from tertulia.realtime.sequencer import Sequencer
from tertulia.realtime.subscription import Subscription
from tertulia.realtime.topic import Topic

MAX_KEPT = 10_000
"""How much is kept for held subscriptions; beyond it those held longest are given up."""


class Audience:
    """Listeners by dialect, so that each dialect's frames are made once.

    `live` connections hear everything, in the one `order` of this audience. `catching_up` are open
    subscriptions with an order of their own. What is said while some are held is kept for them.
    """

    __slots__ = (
        "_held_count",
        "_kept",
        "_kept_since",
        "catching_up",
        "hole_timer",
        "live",
        "order",
        "topic",
    )

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.live: dict[Dialect, set[Connection]] = {}
        self.catching_up: list[Subscription] = []
        self.order: Sequencer | None = None
        self.hole_timer: TimerHandle | None = None
        self._held_count = 0
        self._kept: list[Saying] = []
        self._kept_since = 0

    @property
    def is_empty(self) -> bool:
        """Whether nobody listens."""
        return not (self.live or self.catching_up or self._held_count)

    @property
    def has_hole(self) -> bool:
        """Whether somebody waits for a change that is missing."""
        if self.order is not None and self.order.has_hole:
            return True
        return any(each.order and each.order.has_hole for each in self.catching_up)

    @property
    def is_full(self) -> bool:
        """Whether more waits for a change that is missing than may."""
        if self.order is not None and self.order.is_full:
            return True
        return any(each.order and each.order.is_full for each in self.catching_up)

    @property
    def told(self) -> int | None:
        """Up to which seq everyone who listens has heard everything; None while nobody has."""
        orders = [self.order, *(each.order for each in self.catching_up)]
        return min((order.head for order in orders if order is not None), default=None)

    @property
    def kept_until(self) -> int:
        """Where what is kept ends; it rises as more is kept."""
        return self._kept_since + len(self._kept)

    def take(self, saying: Saying) -> Sequence[Saying]:
        """Keep this for those who are held; return what the live ones are to hear now."""
        if self._held_count:
            self.keep(saying)
        return self.order.take(saying) if self.order is not None else (saying,)

    def keep(self, saying: Saying) -> None:
        """Keep this for those who are held."""
        if self._held_count:
            self._kept.append(saying)
            if len(self._kept) > MAX_KEPT:
                self._forget(MAX_KEPT // 2)

    def hold(self, subscription: Subscription) -> None:
        """Let a new subscription in."""
        self._held_count += subscription.is_held

    def kept_for(self, subscription: Subscription) -> Sequence[Saying] | None:
        """Return what was said since a subscription began; None if not all of it was kept."""
        start = subscription.since - self._kept_since
        if start < 0:
            return None
        shut_at = subscription.shut_at
        return self._kept[start : None if shut_at is None else shut_at - self._kept_since]

    def release(self, subscription: Subscription, order: Sequencer | None) -> None:
        """Let a held subscription catch up, in this order."""
        self._let_go(subscription)
        subscription.order = order
        self.catching_up.append(subscription)

    def settle(self) -> None:
        """Let those who have caught up be live; nothing may wait to be written to them."""
        for subscription in list(self.catching_up):
            order = subscription.order
            if not self.live:
                self.order = order
            if order is None or self.order is None or order.head == self.order.head:
                self.catching_up.remove(subscription)
                subscription.order = None
                connection = subscription.connection
                self.live.setdefault(connection.dialect, set()).add(connection)

    def missing(self) -> list[Subscription]:
        """Return those who wait for a change that is missing."""
        found = [each for each in self.catching_up if each.order and each.order.has_hole]
        if self.order is not None and self.order.has_hole:
            for connections in self.live.values():
                found.extend(each.subscriptions[self.topic] for each in connections)
        return found

    def discard(self, subscription: Subscription) -> None:
        """Let a subscription go, whatever it is."""
        if subscription.is_held:
            self._let_go(subscription)
        elif subscription in self.catching_up:
            self.catching_up.remove(subscription)
        else:
            connection = subscription.connection
            connections = self.live[connection.dialect]
            connections.discard(connection)
            if not connections:
                del self.live[connection.dialect]
            if not self.live:
                self.order = None

    def _let_go(self, subscription: Subscription) -> None:
        subscription.is_held = False
        self._held_count -= 1
        if not self._held_count:
            self._forget(len(self._kept))

    def _forget(self, count: int) -> None:
        del self._kept[:count]
        self._kept_since += count
