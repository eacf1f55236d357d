"""A subscription begins exactly after what its snapshot covered."""

from __future__ import annotations

import pytest

from tertulia.core.events import Event
from tertulia.core.presence_events import TypingStarted
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.subscription import Subscription
from tertulia.realtime.topic import ConversationTopic, TownTopic
from tests.realtime.facts import BEA, CHAT, face_of, sent
from tests.realtime.listening import RecordingConnection, end_of_turn

TOPIC = ConversationTopic(CHAT)
TYPING = TypingStarted(conversation_id=CHAT, person=face_of(BEA))


@pytest.fixture
def hub() -> Hub:
    return Hub(MemoryBroker(), slow_listener_bytes=1 << 20)


def _held(hub: Hub) -> tuple[RecordingConnection, Subscription]:
    connection = RecordingConnection()
    hub.attach(connection)
    return connection, hub.subscribe(connection, TOPIC)


def _opened(hub: Hub, after_seq: int) -> RecordingConnection:
    connection, subscription = _held(hub)
    subscription.open(after_seq)
    return connection


async def _published(hub: Hub, *events: Event) -> None:
    hub.publish(events)
    await end_of_turn()


async def test_what_happens_while_the_snapshot_is_read_is_kept_until_it_was_answered(
    hub: Hub,
) -> None:
    connection, subscription = _held(hub)
    await _published(hub, sent(4), sent(5))
    assert connection.log == []
    connection.send(b"reply: up to 3")
    subscription.open(3)
    assert connection.log == ["reply: up to 3", "MessageSent 4", "MessageSent 5"]


@pytest.mark.parametrize("already", [True, False], ids=["with others there", "as the first one"])
async def test_what_the_snapshot_covered_is_not_repeated(hub: Hub, already: bool) -> None:
    if already:
        _opened(hub, 3)
    connection, subscription = _held(hub)
    await _published(hub, sent(4))
    subscription.open(5)
    await _published(hub, sent(5), sent(6))
    assert connection.log == ["MessageSent 6"]


async def test_a_snapshot_ahead_of_the_announcements_costs_the_others_nothing(hub: Hub) -> None:
    earlier = _opened(hub, 3)
    _opened(hub, 5)
    await _published(hub, sent(4), sent(5), sent(6))
    assert earlier.log == ["MessageSent 4", "MessageSent 5", "MessageSent 6"]


async def test_after_what_was_skipped_a_subscription_is_like_any_other(hub: Hub) -> None:
    connection = _opened(hub, 3)
    late = _opened(hub, 5)
    await _published(hub, sent(4), TYPING)
    await _published(hub, sent(5))
    await _published(hub, sent(6))
    await _published(hub, sent(7))
    assert late.log == ["TypingStarted", "MessageSent 6", "MessageSent 7"]
    assert len(connection.log) == 5


async def test_kept_events_are_in_order_though_they_came_otherwise(hub: Hub) -> None:
    connection, subscription = _held(hub)
    await _published(hub, sent(6), sent(4))
    subscription.open(3)
    assert connection.log == ["MessageSent 4"]
    await _published(hub, sent(5))
    assert connection.log == ["MessageSent 4", "MessageSent 5", "MessageSent 6"]


async def test_what_is_published_in_the_turn_of_the_opening_follows_the_reply(hub: Hub) -> None:
    connection, subscription = _held(hub)
    hub.publish([sent(4)])
    connection.send(b"reply")
    subscription.open(3)
    await end_of_turn()
    assert connection.log == ["reply", "MessageSent 4"]


async def test_a_topic_without_seqs_lets_everything_through_that_was_kept(hub: Hub) -> None:
    connection, subscription = _held(hub)
    await _published(hub, TYPING)
    subscription.open(7)
    assert connection.log == ["TypingStarted"]
    hub.subscribe(connection, TownTopic()).open()


async def test_opening_twice_changes_nothing(hub: Hub) -> None:
    connection, subscription = _held(hub)
    subscription.open(3)
    subscription.open(9)
    await _published(hub, sent(4))
    assert connection.log == ["MessageSent 4"]


async def test_one_for_whom_too_much_had_to_be_kept_is_told_to_reconnect(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.realtime.audience.MAX_KEPT", 4)
    early, early_subscription = _held(hub)
    await _published(hub, sent(1), sent(2))
    late, late_subscription = _held(hub)
    await _published(hub, sent(3), sent(4), sent(5))
    late_subscription.open(2)
    early_subscription.open(0)
    assert early.log == ["close 1013 reconnect"]
    assert late.log == ["MessageSent 3", "MessageSent 4", "MessageSent 5"]


async def test_one_whose_snapshot_is_older_than_that_of_the_first_to_open_misses_nothing(
    hub: Hub,
) -> None:
    older, older_subscription = _held(hub)
    newer, newer_subscription = _held(hub)
    newer_subscription.open(4)
    await _published(hub, sent(3))
    older_subscription.open(2)
    await _published(hub, sent(4), sent(5))
    assert older.log == ["MessageSent 3", "MessageSent 4", "MessageSent 5"]
    assert newer.log == ["MessageSent 5"]


async def test_one_who_catches_up_does_not_wait_for_ever_for_what_is_missing(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.realtime.holes.HOLE_S", 0)
    _opened(hub, 5)
    behind = _opened(hub, 2)
    await _published(hub, sent(4))
    await end_of_turn()
    await _published(hub, sent(5), sent(6))
    assert behind.log == ["MessageSent 4", "MessageSent 5", "MessageSent 6"]
