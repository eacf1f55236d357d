"""Who listens on this node, and how each fact reaches them: worded once, framed once, in order.

What is published during one turn of the event loop is gathered and written at its end with one
write for each listener. Direct answers are written at once, so an answer to a join precedes the
first event that follows it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from uuid import UUID

from tertulia.core.events import ConversationEnded, Event, LastingChange, MemberLeft, SessionsEnded
from tertulia.realtime.audience import Audience
from tertulia.realtime.broker import Broker
from tertulia.realtime.connection import SESSION_ENDED, TICK_S, TRY_AGAIN, Connection
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.frames import Batch
from tertulia.realtime.subscription import Subscription, Worded
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
        self._just_ended: set[UUID] = set()
        self._ended_before: set[UUID] = set()
        self._gathered: list[Event] = []
        broker.listen(self._gather)

    def publish(self, events: Sequence[Event]) -> None:
        """Announce facts to the listeners of all nodes; the core's `Publish`."""
        self._broker.publish(events)

    def attach(self, connection: Connection) -> None:
        """Know a connection, so that it can be closed when its session ends.

        One whose session has ended while it was being opened is closed at once.
        """
        self._connections.add(connection)
        self._by_account.setdefault(connection.account_id, set()).add(connection)
        if connection.session_id in self._just_ended | self._ended_before:
            connection.close(SESSION_ENDED, "session_ended")

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
        if not self._is_current(subscription):
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
        if subscription.held is None or not self._is_current(subscription):
            return
        if after_seq is not None:
            self._speak([(topic, change) for change in audience.start(after_seq)])
            self._watch_hole(topic, audience)
        payloads, is_cut = subscription.release(after_seq)
        if payloads:
            subscription.connection.deliver((Batch(payloads),))
        if is_cut:
            self._end(subscription)
        else:
            audience.settle(subscription)

    async def run(self) -> None:
        """Look at every connection now and then, for ever."""
        while True:
            await asyncio.sleep(TICK_S)
            self.tick()

    def tick(self) -> None:
        """Look at every connection once."""
        self._ended_before, self._just_ended = self._just_ended, set()
        for connection in list(self._connections):
            connection.tick()

    def _is_current(self, subscription: Subscription) -> bool:
        return subscription.connection.subscriptions.get(subscription.topic) is subscription

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
        if ready or audience.hole_timer is None:
            self._watch_hole(topic, audience)
        return [(topic, change) for change in ready]

    def _watch_hole(self, topic: Topic, audience: Audience) -> None:
        """Give what is missing now its time to come; called whenever the order may have moved."""
        if audience.hole_timer is not None:
            audience.hole_timer.cancel()
            audience.hole_timer = None
        if audience.sequencer is not None and audience.sequencer.has_hole:
            loop = asyncio.get_running_loop()
            audience.hole_timer = loop.call_later(HOLE_S, self._jump_hole, topic, audience)

    def _jump_hole(self, topic: Topic, audience: Audience) -> None:
        if audience.sequencer is not None:
            self._speak([(topic, change) for change in audience.sequencer.jump()])
            self._watch_hole(topic, audience)

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
            audience.note_written(events)
            for subscription in list(audience.waiting):
                self._write_to_waiting(subscription, events)
        for connection, batches in outboxes.items():
            connection.deliver(batches)

    def _write_to_waiting(self, subscription: Subscription, events: Sequence[Event]) -> None:
        connection = subscription.connection
        worded = _words(connection.dialect, subscription.topic, events)
        if subscription.held is not None:
            if not subscription.keep(worded):
                connection.close(TRY_AGAIN, "reconnect")
            return
        payloads = [payload for seq, payload in worded if subscription.wants(seq)]
        if payloads:
            connection.deliver((Batch(payloads),))
        subscription.audience.settle(subscription)

    def _shut_out(self, event: ConversationEnded | SessionsEnded) -> None:
        match event:
            case ConversationEnded():
                topic = ConversationTopic(event.conversation_id)
                for account_id in event.account_ids:
                    self._cut(topic, account_id, None)
            case SessionsEnded():
                self._just_ended.update(event.session_ids)
                for connection in list(self._by_account.get(event.account_id, ())):
                    if connection.session_id in event.session_ids:
                        connection.close(SESSION_ENDED, "session_ended")

    def _cut(self, topic: Topic, account_id: UUID, seq: int | None) -> None:
        for connection in list(self._by_account.get(account_id, ())):
            subscription = connection.subscriptions.get(topic)
            if subscription is None:
                continue
            if subscription.held is not None:
                subscription.keep_cut(seq)
            elif subscription.wants(seq):
                self._end(subscription)

    def _end(self, subscription: Subscription) -> None:
        self.unsubscribe(subscription)
        subscription.connection.was_cut(subscription.topic)


def _words(dialect: Dialect, topic: Topic, events: Iterable[Event]) -> list[Worded]:
    worded: list[Worded] = []
    for event in events:
        try:
            payload = dialect.word(topic, event)
        except Exception:
            _log.exception("A dialect failed to word an event", extra={"topic": str(topic)})
            continue
        if payload is not None:
            worded.append((getattr(event, "seq", None), payload))
    return worded
