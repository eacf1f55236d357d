"""Who listens on this node, and how each fact reaches them: worded once, framed once, in order.

What is published during one turn of the event loop is gathered and written at its end with one
write for each listener. Direct answers are written at once, so an answer to a join precedes the
first event that follows it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from math import inf
from uuid import UUID

from tertulia.core.events import ConversationEnded, Event, LastingChange, MemberLeft, SessionsEnded
from tertulia.realtime.audience import Audience
from tertulia.realtime.broker import Broker
from tertulia.realtime.connection import SESSION_ENDED, TICK_S, TRY_AGAIN, Connection
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.frames import Batch
from tertulia.realtime.subscription import MAX_HELD, Subscription
from tertulia.realtime.topic import ConversationTopic, Topic, topics_of

HOLE_S = 1.0
"""How long a missing change is waited for."""

_log = logging.getLogger(__name__)

Line = tuple[Topic, Event]


class Hub:
    """The listeners of this node. `slow_listener_bytes` bounds what may wait for one of them."""

    def __init__(self, broker: Broker, *, slow_listener_bytes: int) -> None:
        self.slow_listener_bytes = slow_listener_bytes
        self._broker = broker
        self._audiences: dict[Topic, Audience] = {}
        self._connections: set[Connection] = set()
        self._by_account: dict[UUID, set[Connection]] = {}
        self._gathered: list[Event] = []
        broker.listen(self._gather)

    def publish(self, events: Sequence[Event]) -> None:
        """Announce facts to the listeners of all nodes; the core's `Publish`."""
        self._broker.publish(events)

    def attach(self, connection: Connection) -> None:
        """Know a connection, so that it can be closed when its session ends."""
        self._connections.add(connection)
        self._by_account.setdefault(connection.account_id, set()).add(connection)

    def detach(self, connection: Connection) -> None:
        """Forget a connection and end all its subscriptions."""
        for subscription in list(connection.subscriptions.values()):
            self.unsubscribe(subscription)
        self._connections.discard(connection)
        siblings = self._by_account.get(connection.account_id, set())
        siblings.discard(connection)
        if not siblings:
            self._by_account.pop(connection.account_id, None)

    def subscribe(self, connection: Connection, topic: Topic) -> Subscription:
        """Begin to keep what is said on a topic for a connection, until the subscription opens.

        A connection listens to a topic once: an earlier subscription to the same topic ends.
        """
        earlier = connection.subscriptions.get(topic)
        if earlier is not None:
            self.unsubscribe(earlier)
        audience = self._audiences.get(topic)
        if audience is None:
            audience = self._audiences[topic] = Audience(topic)
        subscription = Subscription(self, audience, connection, topic)
        audience.add(subscription)
        connection.subscriptions[topic] = subscription
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription; nothing happens if it has ended."""
        connection, topic = subscription.connection, subscription.topic
        if connection.subscriptions.get(topic) is not subscription:
            return
        del connection.subscriptions[topic]
        audience = subscription.audience
        audience.discard(subscription)
        if audience.is_empty:
            del self._audiences[topic]
            if audience.hole_timer is not None:
                audience.hole_timer.cancel()

    def open(self, subscription: Subscription, after_seq: int | None) -> None:
        """See Subscription.open."""
        topic, audience = subscription.topic, subscription.audience
        if subscription.connection.subscriptions.get(topic) is not subscription:
            return
        if audience.sequencer is not None and after_seq is not None:
            self._speak([(topic, change) for change in audience.sequencer.start(after_seq)])
            self._watch_hole(topic, audience)
        held, subscription.held = subscription.held, None
        if held is None:
            return
        subscription.after_seq = after_seq
        payloads = [payload for seq, payload in held if _is_after(seq, after_seq)]
        if payloads:
            subscription.connection.deliver((Batch(payloads),))
        if subscription.cut_seq is not None and _is_after(subscription.cut_seq, after_seq):
            self._end(subscription)
            return
        audience.settle(subscription)

    async def run(self) -> None:
        """Look at every connection now and then, for ever."""
        while True:
            await asyncio.sleep(TICK_S)
            for connection in list(self._connections):
                connection.tick()

    def _gather(self, events: Sequence[Event]) -> None:
        if not self._gathered:
            asyncio.get_running_loop().call_soon(self._flush)
        self._gathered.extend(events)

    def _flush(self) -> None:
        events, self._gathered = self._gathered, []
        lines: list[Line] = []
        for event in events:
            for topic in topics_of(event):
                lines.extend(self._in_order(topic, event))
            if isinstance(event, ConversationEnded | SessionsEnded):
                self._speak(lines)
                lines = []
                self._shut_out(event)
        self._speak(lines)

    def _in_order(self, topic: Topic, event: Event) -> Iterable[Line]:
        audience = self._audiences.get(topic)
        if audience is None:
            return []
        if audience.sequencer is None or not isinstance(event, LastingChange):
            return [(topic, event)]
        ready = audience.sequencer.take(event)
        self._watch_hole(topic, audience)
        return [(topic, change) for change in ready]

    def _watch_hole(self, topic: Topic, audience: Audience) -> None:
        if audience.sequencer is None or not audience.sequencer.has_hole:
            if audience.hole_timer is not None:
                audience.hole_timer.cancel()
                audience.hole_timer = None
        elif audience.hole_timer is None:
            loop = asyncio.get_running_loop()
            audience.hole_timer = loop.call_later(HOLE_S, self._jump_hole, topic, audience)

    def _jump_hole(self, topic: Topic, audience: Audience) -> None:
        audience.hole_timer = None
        if audience.sequencer is not None:
            self._speak([(topic, change) for change in audience.sequencer.jump()])

    def _speak(self, lines: Iterable[Line]) -> None:
        """Write these to whoever listens; one who leaves is cut off before the next is written."""
        outgoing: dict[Topic, list[Event]] = {}
        for topic, event in lines:
            outgoing.setdefault(topic, []).append(event)
            if isinstance(event, MemberLeft):
                self._write(outgoing)
                outgoing = {}
                self._cut(topic, event.member.account_id, event.seq)
        self._write(outgoing)

    def _write(self, outgoing: dict[Topic, list[Event]]) -> None:
        outboxes: dict[Connection, list[Batch]] = {}
        for topic, events in outgoing.items():
            audience = self._audiences.get(topic)
            if audience is None:
                continue
            for dialect, connections in audience.live.items():
                payloads = [payload for _, payload in _words(dialect, topic, events)]
                if payloads:
                    batch = Batch(payloads)
                    for connection in connections:
                        outboxes.setdefault(connection, []).append(batch)
            for subscription in list(audience.waiting):
                self._keep(subscription, events)
        for connection, batches in outboxes.items():
            connection.deliver(batches)

    def _keep(self, subscription: Subscription, events: Sequence[Event]) -> None:
        connection, topic = subscription.connection, subscription.topic
        worded = _words(connection.dialect, topic, events)
        if subscription.held is None:
            payloads = [text for seq, text in worded if _is_after(seq, subscription.after_seq)]
            if payloads:
                connection.deliver((Batch(payloads),))
            subscription.audience.settle(subscription)
        elif len(subscription.held) + len(worded) > MAX_HELD:
            connection.close(TRY_AGAIN, "reconnect")
        elif subscription.cut_seq is None:
            subscription.held.extend(worded)

    def _shut_out(self, event: ConversationEnded | SessionsEnded) -> None:
        match event:
            case ConversationEnded():
                topic = ConversationTopic(event.conversation_id)
                for account_id in event.account_ids:
                    self._cut(topic, account_id, inf)
            case SessionsEnded():
                for connection in list(self._by_account.get(event.account_id, ())):
                    if connection.session_id in event.session_ids:
                        connection.close(SESSION_ENDED, "session_ended")

    def _cut(self, topic: Topic, account_id: UUID, seq: float) -> None:
        for connection in list(self._by_account.get(account_id, ())):
            subscription = connection.subscriptions.get(topic)
            if subscription is None:
                continue
            if subscription.held is not None:
                subscription.cut_seq = seq
            elif _is_after(seq, subscription.after_seq):
                self._end(subscription)

    def _end(self, subscription: Subscription) -> None:
        self.unsubscribe(subscription)
        subscription.connection.was_cut(subscription.topic)


def _words(
    dialect: Dialect, topic: Topic, events: Iterable[Event]
) -> list[tuple[int | None, bytes]]:
    worded: list[tuple[int | None, bytes]] = []
    for event in events:
        try:
            payload = dialect.word(topic, event)
        except Exception:
            _log.exception("A dialect failed to word an event", extra={"topic": str(topic)})
            continue
        if payload is not None:
            worded.append((getattr(event, "seq", None), payload))
    return worded


def _is_after(seq: float | None, after_seq: int | None) -> bool:
    return seq is None or after_seq is None or seq > after_seq
