"""Every event of the core in the `type` vocabulary, and how refusals are worded in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tertulia.core.errors import Invalid, RateLimited
from tertulia.core.events import ConversationEnded, ConversationRead, ConversationStarted
from tertulia.core.model import Kind
from tertulia.core.presence_events import Presence, PresenceChanged
from tertulia.gateways.events.dialect import EventsDialect, refusal
from tertulia.gateways.numbers import Numbers
from tertulia.realtime.topic import AccountTopic, ConversationTopic, TownTopic
from tests import examples as eg
from tests.gateways.golden import EVENTS, event_in, golden, said, topic_in

HERE = UUID("0198c2a4-5a50-7000-8000-0000000000c1")
ANA, BEA = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 1, 2, 4, 0, 0, 123_000, tzinfo=UTC)


@pytest.fixture
def dialect() -> EventsDialect:
    """Return the words where the golden frames' conversation is joined as channel 12."""
    numbers = Numbers()
    numbers.enter(eg.conversation(Kind.ROOM, id=HERE, number=12))
    return EventsDialect(numbers, lambda: NOW)


@pytest.mark.parametrize("name", EVENTS)
def test_event_is_worded_as_agreed(dialect: EventsDialect, name: str) -> None:
    case = golden(name)
    assert said(dialect, topic_in(case), event_in(name, case)) == case["events"]


def test_how_it_is_with_somebody_is_told_to_a_newcomer(dialect: EventsDialect) -> None:
    assert json.loads(dialect.status(ANA, "away")) == {
        "type": "USER_STATUS",
        "userId": str(ANA),
        "status": "away",
        "timestamp": "2026-01-02T04:00:00.123Z",
    }


def test_each_who_came_and_went_is_told_apart_and_one_more_way_is_not(
    dialect: EventsDialect,
) -> None:
    ways = (Presence(ref="p", online_at=5),)
    event = PresenceChanged(
        joins={ANA: ways, BEA: ways},
        leaves={ANA: ways, BEA: ways},
        came=frozenset({ANA}),
        gone=frozenset({BEA}),
    )
    told = said(dialect, TownTopic(), event)
    assert [(each["userId"], each["status"]) for each in told] == [
        (str(ANA), "online"),
        (str(BEA), "offline"),
    ]


def test_who_reads_is_told_in_the_channel_and_not_again_to_the_reader(
    dialect: EventsDialect,
) -> None:
    event = ConversationRead(
        conversation_id=HERE, kind=Kind.GROUP, account_id=ANA, read_seq=7, read_at=NOW
    )
    assert said(dialect, AccountTopic(ANA), event) == []
    assert len(said(dialect, ConversationTopic(HERE), event)) == 1


def test_an_encrypted_conversation_is_not_told_of(dialect: EventsDialect) -> None:
    begun = eg.conversation(Kind.GROUP, encrypted=True)
    event = ConversationStarted(conversation=begun, account_ids=(ANA,), member_ids=(ANA,))
    assert said(dialect, AccountTopic(ANA), event) == []


def test_a_channel_that_is_not_joined_goes_by_its_id_alone(dialect: EventsDialect) -> None:
    elsewhere = eg.conversation(Kind.GROUP).id
    event = ConversationEnded(conversation_id=elsewhere, account_ids=(ANA,), reason="left")
    (frame,) = said(dialect, AccountTopic(ANA), event)
    assert (frame["channelId"], frame["conversationId"]) == (None, str(elsewhere))


def test_a_refusal_says_what_is_wrong_where_and_what_it_answers() -> None:
    assert json.loads(refusal(Invalid("No.", attr="content"), "r1")) == {
        "type": "error",
        "code": "invalid",
        "detail": "No.",
        "attr": "content",
        "requestId": "r1",
    }
    assert json.loads(refusal(RateLimited("Too fast.", retry_after_s=1.23))) == {
        "type": "error",
        "code": "rate_limited",
        "detail": "Too fast.",
        "retryAfterS": 1.3,
    }
