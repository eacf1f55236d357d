"""How events reach those who listen: worded once, in one write, in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import pytest

from tertulia.core.events import DisplayNameChanged, Event
from tertulia.core.presence_events import TypingStarted
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.frames import Batch
from tertulia.realtime.hub import Hub
from tertulia.realtime.topic import AccountTopic, ConversationTopic, Topic, TownTopic
from tests.realtime.facts import ANA, BEA, CHAT, OTHER_CHAT, face_of, sent
from tests.realtime.listening import RecordingConnection, TerseDialect, end_of_turn

CHAT_TOPIC = ConversationTopic(CHAT)
BACK = "close 1012 reconnect"


@pytest.fixture
def hub() -> Hub:
    return Hub(MemoryBroker(), slow_listener_bytes=1 << 20)


def _listener(
    hub: Hub, *topics: Topic, dialect: TerseDialect | None = None, after_seq: int = 1
) -> RecordingConnection:
    connection = RecordingConnection(dialect)
    hub.attach(connection)
    for topic in topics:
        counted = isinstance(topic, ConversationTopic)
        hub.subscribe(connection, topic).open(after_seq if counted else None)
    return connection


async def _published(hub: Hub, *events: Event) -> None:
    hub.publish(events)
    await end_of_turn()


async def test_everyone_on_a_topic_hears_its_events_and_nobody_else_does(hub: Hub) -> None:
    listeners = [_listener(hub, CHAT_TOPIC), _listener(hub, CHAT_TOPIC)]
    stranger = _listener(hub, ConversationTopic(OTHER_CHAT))
    await _published(hub, sent(2), sent(3))
    assert [each.log for each in listeners] == [["MessageSent 2", "MessageSent 3"]] * 2
    assert stranger.log == []


async def test_an_event_is_worded_once_for_each_dialect_however_many_listen(hub: Hub) -> None:
    dialects = TerseDialect(), TerseDialect()
    for dialect in dialects * 3:
        _listener(hub, CHAT_TOPIC, dialect=dialect)
    await _published(hub, sent(2))
    assert [dialect.asked for dialect in dialects] == [1, 1]


async def test_those_whose_subscriptions_are_not_open_yet_do_not_have_it_worded_again(
    hub: Hub,
) -> None:
    dialect = TerseDialect()
    _listener(hub, CHAT_TOPIC, dialect=dialect)
    for _ in range(3):
        connection = RecordingConnection(dialect)
        hub.attach(connection)
        hub.subscribe(connection, CHAT_TOPIC)
    await _published(hub, sent(2))
    assert dialect.asked == 1


async def test_what_nobody_listens_to_is_not_worded(hub: Hub) -> None:
    dialect = TerseDialect()
    listener = _listener(hub, CHAT_TOPIC, dialect=dialect)
    hub.detach(listener)
    await _published(hub, sent(2))
    assert dialect.asked == 0


async def test_what_is_published_in_one_turn_is_one_write_for_each_listener(hub: Hub) -> None:
    listener = _listener(hub, CHAT_TOPIC, TownTopic())
    hub.publish([sent(2)])
    hub.publish([DisplayNameChanged(account_id=BEA, display_name="Bea")])
    hub.publish([sent(3)])
    assert listener.writes == []
    await end_of_turn()
    [texts] = listener.writes
    assert sorted(texts) == ["DisplayNameChanged", "MessageSent 2", "MessageSent 3"]


async def test_one_whom_a_dialect_has_no_word_for_is_not_written_to(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = _listener(hub, CHAT_TOPIC)
    monkeypatch.setattr(TerseDialect, "word", lambda *_: ())
    await _published(hub, sent(2))
    assert listener.writes == []


async def test_an_event_that_a_dialect_fails_to_word_is_logged_and_the_others_go_out(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(TerseDialect):
        def word(self, topic: Topic, event: Event) -> Sequence[bytes]:
            if getattr(event, "seq", None) == 2:
                raise ValueError("no such word")
            return super().word(topic, event)

    listener = _listener(hub, CHAT_TOPIC, dialect=Failing())
    with caplog.at_level(logging.ERROR):
        await _published(hub, sent(2), sent(3))
    assert listener.log == ["MessageSent 3"]
    assert "no such word" in caplog.text


async def test_a_listener_that_cannot_be_written_to_does_not_cost_the_others_theirs(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(RecordingConnection):
        def deliver(self, batches: Sequence[Batch]) -> None:
            raise OSError(f"no transport for {len(batches)} batches")

    listeners = [_listener(hub, CHAT_TOPIC), _listener(hub, CHAT_TOPIC)]
    broken = Broken()
    hub.attach(broken)
    hub.subscribe(broken, CHAT_TOPIC).open(1)
    with caplog.at_level(logging.ERROR):
        await _published(hub, sent(2))
    assert [each.log for each in listeners] == [["MessageSent 2"]] * 2
    assert "no transport for 1 batches" in caplog.text


async def test_events_that_come_out_of_order_are_delivered_by_seq(hub: Hub) -> None:
    listener = _listener(hub, CHAT_TOPIC)
    await _published(hub, sent(3))
    await _published(hub, sent(4))
    assert listener.log == []
    await _published(hub, sent(2))
    assert listener.log == ["MessageSent 2", "MessageSent 3", "MessageSent 4"]


async def test_an_event_that_comes_twice_is_delivered_once(hub: Hub) -> None:
    listener = _listener(hub, CHAT_TOPIC)
    await _published(hub, sent(2), sent(2))
    await _published(hub, sent(2), sent(3))
    assert listener.log == ["MessageSent 2", "MessageSent 3"]


async def test_a_hole_that_does_not_fill_in_time_is_jumped(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.realtime.holes.HOLE_S", 0)
    listener = _listener(hub, CHAT_TOPIC)
    await _published(hub, sent(3), sent(5))
    await end_of_turn()
    await end_of_turn()
    assert listener.log == ["MessageSent 3", "MessageSent 5"]


async def test_what_has_no_seq_does_not_wait_for_what_has(hub: Hub) -> None:
    listener = _listener(hub, CHAT_TOPIC)
    await _published(hub, sent(3), TypingStarted(conversation_id=CHAT, person=face_of(BEA)))
    assert listener.log == ["TypingStarted"]


async def test_one_who_unsubscribed_hears_no_more_even_of_this_turn(hub: Hub) -> None:
    listener = _listener(hub)
    subscription = hub.subscribe(listener, AccountTopic(ANA))
    subscription.open()
    hub.publish([sent(2)])
    hub.unsubscribe(subscription)
    hub.unsubscribe(subscription)
    subscription.open()
    await end_of_turn()
    assert listener.log == []


async def test_a_detached_connection_has_no_subscription_left(hub: Hub) -> None:
    listener = _listener(hub, *(ConversationTopic(CHAT) for _ in range(3)), TownTopic())
    hub.subscribe(listener, ConversationTopic(OTHER_CHAT))
    hub.detach(listener)
    hub.detach(listener)
    await _published(hub, sent(2), sent(2, OTHER_CHAT))
    assert listener.subscriptions == {}
    assert listener.log == []


async def test_listening_to_a_topic_again_ends_the_earlier_subscription(hub: Hub) -> None:
    listener = _listener(hub, CHAT_TOPIC, CHAT_TOPIC)
    await _published(hub, sent(2))
    assert listener.log == ["MessageSent 2"]


async def test_every_connection_is_looked_at_until_it_is_detached(hub: Hub) -> None:
    listener, gone = _listener(hub), _listener(hub)
    hub.detach(gone)
    hub.tick()
    assert (listener.ticks, gone.ticks) == (1, 0)


async def test_thousands_of_subscriptions_of_one_connection_end_one_by_one_or_all(hub: Hub) -> None:
    listener = _listener(hub)
    topics = [ConversationTopic(type(CHAT)(int=number)) for number in range(3000)]
    for topic in topics:
        hub.subscribe(listener, topic).open(0)
    hub.unsubscribe(listener.subscriptions[topics[0]])
    assert len(listener.subscriptions) == 2999
    hub.detach(listener)
    await _published(hub, *(sent(1, topic.id) for topic in topics[:10]))
    assert listener.log == []


async def test_who_is_there_when_a_node_ends_is_told_to_come_back(hub: Hub) -> None:
    listeners = [_listener(hub, CHAT_TOPIC) for _ in range(20)]
    draining = asyncio.create_task(hub.drain(0.2))
    await asyncio.sleep(0)
    # Some are told at once, and not all of them.
    assert 0 < [each.log for each in listeners].count([BACK]) < len(listeners)
    assert _listener(hub, CHAT_TOPIC).log == [BACK]
    await draining
    assert [each.log for each in listeners] == [[BACK]] * 20


async def test_a_node_that_is_alone_keeps_nobody_waiting(hub: Hub) -> None:
    listeners = [_listener(hub, CHAT_TOPIC) for _ in range(20)]
    await hub.drain(0)
    assert [each.log for each in listeners] == [[BACK]] * 20
