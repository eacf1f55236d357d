"""Every event of the core in Socket.IO's words, by the golden frames."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest

from tertulia.core.events import ConversationRead, ConversationStarted, SealedSent
from tertulia.core.model import Kind
from tertulia.gateways.numbers import Numbers
from tertulia.gateways.socketio.dialect import SocketIoDialect
from tertulia.realtime.topic import AccountTopic, ConversationTopic
from tests import examples as eg
from tests.gateways.golden import EVENTS, event_in, golden, topic_in

ROOM = replace(
    eg.conversation(Kind.GROUP), id=UUID("0198c2a4-5a50-7000-8000-0000000000c1"), number=12
)


@pytest.fixture
def dialect() -> SocketIoDialect:
    numbers = Numbers()
    numbers.enter(ROOM)
    return SocketIoDialect(numbers)


@pytest.mark.parametrize("name", EVENTS)
def test_event_is_worded_as_agreed(dialect: SocketIoDialect, name: str) -> None:
    case = golden(name)
    packets = dialect.word(topic_in(case), event_in(name, case))
    assert all(packet.startswith(b"42") for packet in packets), "each is an EVENT"
    assert [json.loads(packet[2:]) for packet in packets] == case["socketio"]


def test_a_reader_in_the_room_is_told_of_reading_once(dialect: SocketIoDialect) -> None:
    event = event_in("conversation_read", golden("conversation_read"))
    assert isinstance(event, ConversationRead)
    assert dialect.word(AccountTopic(event.account_id), event) == ()
    assert dialect.word(ConversationTopic(event.conversation_id), event)


def test_what_is_sealed_is_not_spoken_of_to_its_holders_either(dialect: SocketIoDialect) -> None:
    event = event_in("sealed_sent", golden("sealed_sent"))
    assert isinstance(event, SealedSent)
    assert dialect.word(ConversationTopic(event.conversation_id), event) == ()
    for account_id in event.copies:
        assert dialect.word(AccountTopic(account_id), event) == ()


def test_an_encrypted_conversation_begins_without_a_word(dialect: SocketIoDialect) -> None:
    begun = eg.conversation(Kind.GROUP, encrypted=True)
    event = ConversationStarted(conversation=begun, account_ids=(), member_ids=())
    assert dialect.word(AccountTopic(UUID(int=1)), event) == ()
