"""Who listens on this node, and how each fact reaches them: worded once, framed once, in order.

What is published during one turn of the event loop is gathered and written at its end with one
write for each listener. Direct answers are written at once, so an answer to a join precedes the
first event that follows it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from secrets import SystemRandom
from uuid import UUID

from tertulia.core.events import ConversationEnded, Event, MemberLeft, SessionsEnded
from tertulia.core.voice_events import VoiceLeft
from tertulia.realtime.audience import Audience
from tertulia.realtime.broker import Broker
from tertulia.realtime.connection import (
    RESTARTING,
    SESSION_ENDED,
    TICK_S,
    TRY_AGAIN,
    Connection,
)
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.frames import Batch
from tertulia.realtime.holes import Holes
from tertulia.realtime.saying import Saying
from tertulia.realtime.sequencer import Sequencer
from tertulia.realtime.subscription import Subscription
from tertulia.realtime.topic import (
    ConversationTopic,
    Topic,
    VoiceSessionTopic,
    VoiceTopic,
    topics_of,
)

_STEP_S = 0.05
"""How often some are told to go, while all are, at most."""

_log = logging.getLogger(__name__)


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
        self._is_draining = False
        # While events are said: what the live ones are yet to hear, and where some may have
        # caught up with them.
        self._is_speaking = False
        self._outgoing: dict[Audience, list[Saying]] = {}
        self._unsettled: set[Audience] = set()
        self.holes = Holes(self._jump_hole, self._send_away)
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
        if any(connection.session_id in ended for ended in (self._just_ended, self._ended_before)):
            connection.close(SESSION_ENDED, "session_ended")
        elif self._is_draining:
            connection.close(RESTARTING, "reconnect")

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
            self._broker.follow(topic)
        subscription = Subscription(self, audience, connection)
        audience.hold(subscription)
        connection.subscriptions[topic] = subscription
        return subscription

    async def followed(self, *subscriptions: Subscription) -> None:
        """Wait until other nodes are heard, too; what is read after this misses nothing.

        Only for a moment: where that cannot be had, what is missed is looked up later.
        """
        await self._broker.followed([subscription.topic for subscription in subscriptions])

    def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription; nothing happens if it has ended."""
        if not self._is_current(subscription):
            return
        del subscription.connection.subscriptions[subscription.topic]
        audience = subscription.audience
        audience.discard(subscription)
        if audience.is_empty:
            del self._audiences[subscription.topic]
            self._broker.unfollow(subscription.topic)
            self.holes.forget(audience)

    def open(self, subscription: Subscription, after_seq: int | None) -> None:
        """See Subscription.open."""
        if not subscription.is_held or not self._is_current(subscription):
            return
        audience = subscription.audience
        kept = audience.kept_for(subscription)
        if kept is None:
            subscription.connection.close(TRY_AGAIN, "reconnect")
            return
        audience.release(subscription, None if after_seq is None else Sequencer(after_seq))
        self._write_alone(subscription, subscription.take(kept))
        if subscription.shut_at is not None:
            self._end(subscription)
        if not self._is_speaking:
            audience.settle()
        self.holes.watch(audience, has_moved=False)

    def told(self) -> dict[UUID, int]:
        """Return up to which seq those who listen have heard each conversation."""
        seqs = {
            topic.id: audience.told
            for topic, audience in self._audiences.items()
            if isinstance(topic, ConversationTopic)
        }
        return {each: seq for each, seq in seqs.items() if seq is not None}

    def recover(self, conversation_id: UUID, events: Sequence[Event], up_to: int) -> None:
        """Tell what was missed: all there is to tell of a conversation up to this seq."""
        topic = ConversationTopic(conversation_id)
        audience = self._audiences.get(topic)
        if audience is None:
            return
        sayings = [Saying(topic, event) for event in events]
        self._is_speaking = True
        for subscription in list(audience.catching_up):
            self._write_alone(subscription, subscription.recover(sayings, up_to))
        for saying in sayings:
            audience.keep(saying)
        if audience.order is not None:
            self._say_to_live(audience, audience.order.recover(sayings, up_to))
        self._unsettled.add(audience)
        self._finish_speaking()
        self.holes.watch(audience, has_moved=True)

    def end(self, conversation_id: UUID) -> None:
        """End all listening to a conversation that is there no more."""
        audience = self._audiences.get(ConversationTopic(conversation_id))
        if audience is not None:
            listeners = tuple({each.account_id for each in self._listeners_of(audience.topic)})
            self._gather(
                [
                    ConversationEnded(
                        conversation_id=conversation_id, account_ids=listeners, reason="deleted"
                    )
                ]
            )

    async def drain(self, within_s: float) -> None:
        """Tell all to come back, elsewhere, and whoever still comes: this node ends.

        They are told over this time, in no order, so that they do not all come to another node at
        once. Each wire's clients come back by themselves where it closes with 1012.
        """
        self._is_draining = True
        leaving = list(self._connections)
        SystemRandom().shuffle(leaving)
        steps = max(1, min(len(leaving), round(within_s / _STEP_S)))
        for step in range(steps):
            for connection in leaving[step::steps]:
                connection.close(RESTARTING, "reconnect")
            if within_s:
                await asyncio.sleep(within_s / steps)

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
        self._is_speaking = True
        for event in events:
            for topic in topics_of(event):
                audience = self._audiences.get(topic)
                if audience is not None:
                    self._say(audience, Saying(topic, event))
            if isinstance(event, ConversationEnded | SessionsEnded | VoiceLeft):
                self._write()
                self._shut_out(event)
        self._finish_speaking()

    def _say(self, audience: Audience, saying: Saying) -> None:
        for subscription in list(audience.catching_up):
            self._unsettled.add(audience)
            self._write_alone(subscription, subscription.take((saying,)))
        ready = audience.take(saying)
        self._say_to_live(audience, ready)
        if saying.seq is not None:
            self.holes.watch(audience, has_moved=bool(ready))

    def _say_to_live(self, audience: Audience, sayings: Iterable[Saying]) -> None:
        for saying in sayings:
            self._outgoing.setdefault(audience, []).append(saying)
            if isinstance(saying.event, MemberLeft):
                # The one who leaves is cut off before anything else is written.
                self._write()
                self._cut_live(audience.topic, saying.event.member.account_id)

    def _write(self) -> None:
        """Write what was gathered for the live ones, with one write for each of them."""
        outgoing, self._outgoing = self._outgoing, {}
        outboxes: dict[Connection, list[Batch]] = {}
        for audience, sayings in outgoing.items():
            for dialect, connections in audience.live.items():
                batch = _batch(dialect, sayings)
                if batch is not None:
                    for connection in connections:
                        outboxes.setdefault(connection, []).append(batch)
        for connection, batches in outboxes.items():
            _deliver(connection, batches)

    def _write_alone(self, subscription: Subscription, sayings: Sequence[Saying]) -> None:
        batch = _batch(subscription.connection.dialect, sayings)
        if batch is not None:
            _deliver(subscription.connection, (batch,))
        if subscription.is_cut_by(sayings):
            self._end(subscription)

    def _finish_speaking(self) -> None:
        self._write()
        self._is_speaking = False
        unsettled, self._unsettled = self._unsettled, set()
        for audience in unsettled:
            audience.settle()

    def _jump_hole(self, audience: Audience) -> None:
        """Go on without what is missing."""
        self._is_speaking = True
        for subscription in list(audience.catching_up):
            self._write_alone(subscription, subscription.jump())
        if audience.order is not None:
            self._say_to_live(audience, audience.order.jump())
        self._unsettled.add(audience)
        self._finish_speaking()
        self.holes.watch(audience, has_moved=True)

    def _send_away(self, audience: Audience) -> None:
        """Have those come back who miss something: what they begin with then has it."""
        for subscription in audience.missing():
            subscription.connection.close(TRY_AGAIN, "reconnect")
            self.unsubscribe(subscription)

    def _shut_out(self, event: ConversationEnded | SessionsEnded | VoiceLeft) -> None:
        match event:
            case ConversationEnded():
                topic = ConversationTopic(event.conversation_id)
                for account_id in event.account_ids:
                    self._cut(topic, account_id)
            case VoiceLeft():
                self._cut_participation(event)
            case SessionsEnded():
                self._just_ended.update(event.session_ids)
                for connection in list(self._by_account.get(event.account_id, ())):
                    if connection.session_id in event.session_ids:
                        connection.close(SESSION_ENDED, "session_ended")

    def _cut(self, topic: Topic, account_id: UUID) -> None:
        for subscription in self._subscriptions_of(topic, account_id):
            self._shut(subscription)

    def _cut_participation(self, event: VoiceLeft) -> None:
        own = VoiceSessionTopic(event.conversation_id, event.session)
        for subscription in self._subscriptions_of(own, event.account_id):
            # The person may be there with another connection, which goes on.
            subscriptions = subscription.connection.subscriptions
            for topic in (own, VoiceTopic(event.conversation_id)):
                if topic in subscriptions:
                    self._shut(subscriptions[topic])

    def _shut(self, subscription: Subscription) -> None:
        if subscription.is_held:
            subscription.shut_at = subscription.audience.kept_until
        else:
            self._end(subscription)

    def _cut_live(self, topic: Topic, account_id: UUID) -> None:
        # The others come to this event in an order of their own.
        for subscription in self._subscriptions_of(topic, account_id):
            if subscription.is_live:
                self._end(subscription)

    def _listeners_of(self, topic: Topic) -> list[Connection]:
        return [each for each in self._connections if topic in each.subscriptions]

    def _subscriptions_of(self, topic: Topic, account_id: UUID) -> list[Subscription]:
        found = (each.subscriptions.get(topic) for each in self._by_account.get(account_id, ()))
        return [subscription for subscription in found if subscription is not None]

    def _end(self, subscription: Subscription) -> None:
        if self._is_current(subscription):
            self.unsubscribe(subscription)
            subscription.connection.was_cut(subscription.topic)


def _batch(dialect: Dialect, sayings: Iterable[Saying]) -> Batch | None:
    payloads = [text for saying in sayings for text in saying.word(dialect)]
    return Batch(payloads) if payloads else None


def _deliver(connection: Connection, batches: Sequence[Batch]) -> None:
    try:
        connection.deliver(batches)
    except Exception:
        # A bug, and this listener's loss alone: the others are still to be written to.
        _log.exception("A connection could not be written to")
