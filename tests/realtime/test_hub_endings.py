"""One who loses the right to listen hears the event that says so, and nothing after it."""

from __future__ import annotations

from uuid import UUID

import pytest

from tertulia.core.events import ConversationEnded, Event, SessionsEnded
from tertulia.realtime.broker_memory import MemoryBroker
from tertulia.realtime.hub import Hub
from tertulia.realtime.subscription import Subscription
from tertulia.realtime.topic import AccountTopic, ConversationTopic
from tests.realtime.facts import ANA, BEA, CHAT, OTHER_SESSION, SESSION, left, sent
from tests.realtime.listening import RecordingConnection, end_of_turn

TOPIC = ConversationTopic(CHAT)
CUT = "cut ConversationTopic"


@pytest.fixture
def hub() -> Hub:
    return Hub(MemoryBroker(), slow_listener_bytes=1 << 20)


def _attached(hub: Hub, account_id: UUID, session_id: UUID = SESSION) -> RecordingConnection:
    connection = RecordingConnection(account_id=account_id, session_id=session_id)
    hub.attach(connection)
    return connection


def _listener(hub: Hub, account_id: UUID, after_seq: int = 1) -> RecordingConnection:
    connection = _attached(hub, account_id)
    hub.subscribe(connection, TOPIC).open(after_seq)
    return connection


def _held(hub: Hub, account_id: UUID) -> tuple[RecordingConnection, Subscription]:
    connection = _attached(hub, account_id)
    return connection, hub.subscribe(connection, TOPIC)


async def _published(hub: Hub, *events: Event) -> None:
    hub.publish(events)
    await end_of_turn()


async def test_one_who_leaves_is_cut_off_after_the_event_on_every_device(hub: Hub) -> None:
    devices = [_listener(hub, BEA), _listener(hub, BEA)]
    other = _listener(hub, ANA)
    await _published(hub, sent(2), left(3, BEA), sent(4))
    assert [each.log for each in devices] == [["MessageSent 2", "MemberLeft 3", CUT]] * 2
    assert other.log == ["MessageSent 2", "MemberLeft 3", "MessageSent 4"]


async def test_a_cut_keeps_to_the_order_of_seqs(hub: Hub) -> None:
    leaver = _listener(hub, BEA)
    await _published(hub, left(3, BEA), sent(4))
    assert leaver.log == []
    await _published(hub, sent(2))
    assert leaver.log == ["MessageSent 2", "MemberLeft 3", CUT]


async def test_everyone_is_cut_off_from_a_deleted_conversation(hub: Hub) -> None:
    listeners = [_listener(hub, ANA), _listener(hub, BEA)]
    hub.subscribe(listeners[0], AccountTopic(ANA)).open()
    await _published(
        hub,
        sent(2),
        ConversationEnded(conversation_id=CHAT, account_ids=(ANA, BEA), reason="deleted"),
        sent(3),
    )
    assert listeners[0].log == ["MessageSent 2", "ConversationEnded", CUT]
    assert listeners[1].log == ["MessageSent 2", CUT]


async def test_one_removed_while_a_join_is_under_way_is_cut_off_when_it_opens(hub: Hub) -> None:
    connection, subscription = _held(hub, BEA)
    _listener(hub, ANA)
    await _published(hub, left(2, BEA), sent(3))
    connection.send(b"reply")
    subscription.open(1)
    await _published(hub, sent(4))
    assert connection.log == ["reply", "MemberLeft 2", CUT]


async def test_an_earlier_leaving_does_not_cut_one_who_came_back(hub: Hub) -> None:
    _listener(hub, ANA)
    held, subscription = _held(hub, BEA)
    opened = _listener(hub, BEA, after_seq=5)
    await _published(hub, left(2, BEA), sent(3), sent(4), sent(5), sent(6))
    subscription.open(5)
    assert held.log == opened.log == ["MessageSent 6"]


async def test_connections_of_an_ended_session_are_closed_after_what_was_said_before(
    hub: Hub,
) -> None:
    ended = _attached(hub, ANA, SESSION)
    other_device = _attached(hub, ANA, OTHER_SESSION)
    hub.subscribe(ended, TOPIC).open(1)
    await _published(hub, sent(2), SessionsEnded(account_id=ANA, session_ids=(SESSION,)), sent(3))
    assert ended.log[:2] == ["MessageSent 2", "close 4001 session_ended"]
    assert other_device.log == []


async def test_an_end_that_is_announced_again_changes_nothing(hub: Hub) -> None:
    ended, other_device = _attached(hub, ANA, SESSION), _attached(hub, ANA, OTHER_SESSION)
    event = SessionsEnded(account_id=ANA, session_ids=(SESSION,))
    await _published(hub, event)
    assert ended.log == ["close 4001 session_ended"]
    hub.detach(ended)
    await _published(hub, event, event)
    assert ended.log == ["close 4001 session_ended"]
    assert other_device.log == []


async def test_a_connection_opened_while_its_session_ended_is_closed_at_once(hub: Hub) -> None:
    await _published(hub, SessionsEnded(account_id=ANA, session_ids=(SESSION,)))
    hub.tick()
    assert _attached(hub, ANA, SESSION).log == ["close 4001 session_ended"]
    assert _attached(hub, ANA, OTHER_SESSION).log == []
