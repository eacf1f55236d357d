"""Which event is heard where."""

from uuid import UUID

import pytest

from tertulia.core.events import (
    AccountChanged,
    ConversationEnded,
    ConversationRead,
    ConversationStarted,
    DisplayNameChanged,
    Event,
    KeysPublished,
    SessionsEnded,
)
from tertulia.core.model import Kind
from tertulia.core.presence_events import PresenceChanged, TypingStarted
from tertulia.realtime.topic import (
    AccountTopic,
    CircleTopic,
    ConversationTopic,
    Topic,
    TownTopic,
    topics_of,
)
from tests import examples as eg
from tests.realtime.facts import (
    ANA,
    BEA,
    CHAT,
    SESSION,
    face_of,
    left,
    sealed_edited,
    sealed_reacted,
    sealed_sent,
    sent,
)


def _read_in(kind: Kind) -> ConversationRead:
    return ConversationRead(
        conversation_id=CHAT, kind=kind, account_id=ANA, read_seq=3, read_at=eg.NOON
    )


def _presence(audience: UUID | None) -> PresenceChanged:
    return PresenceChanged(joins={}, leaves={}, audience=audience)


@pytest.mark.parametrize(
    ("event", "topics"),
    [
        pytest.param(sent(2), [ConversationTopic(CHAT)], id="a message: its conversation"),
        *(
            pytest.param(
                event(ANA, BEA),
                [ConversationTopic(CHAT), AccountTopic(ANA), AccountTopic(BEA)],
                id=f"{event.__name__}: its conversation, and each holder",
            )
            for event in (sealed_sent, sealed_edited, sealed_reacted)
        ),
        pytest.param(
            KeysPublished(conversation_id=CHAT, seq=2, account_id=ANA, public_key={"x": "y"}),
            [ConversationTopic(CHAT)],
            id="keys: the conversation",
        ),
        pytest.param(left(2, ANA), [ConversationTopic(CHAT)], id="a leaving: the conversation"),
        pytest.param(
            TypingStarted(conversation_id=CHAT, person=face_of(ANA)),
            [ConversationTopic(CHAT)],
            id="typing: the conversation",
        ),
        pytest.param(
            ConversationStarted(
                conversation=eg.conversation(), account_ids=(ANA, BEA), member_ids=(ANA, BEA)
            ),
            [AccountTopic(ANA), AccountTopic(BEA)],
            id="a new conversation: each who has it now",
        ),
        pytest.param(
            ConversationEnded(conversation_id=CHAT, account_ids=(ANA,), reason="left"),
            [AccountTopic(ANA)],
            id="a conversation ended: each who had it",
        ),
        pytest.param(
            _read_in(Kind.GROUP),
            [ConversationTopic(CHAT), AccountTopic(ANA)],
            id="reading in a group: everyone there",
        ),
        pytest.param(_read_in(Kind.ROOM), [AccountTopic(ANA)], id="reading in a room: oneself"),
        pytest.param(
            AccountChanged(account=eg.account(id=ANA)),
            [AccountTopic(ANA)],
            id="an account: its owner",
        ),
        pytest.param(
            DisplayNameChanged(account_id=ANA, display_name="Ana"),
            [TownTopic()],
            id="a new name: everyone",
        ),
        pytest.param(_presence(None), [TownTopic()], id="presence in a small town: everyone"),
        pytest.param(_presence(BEA), [CircleTopic(BEA)], id="presence in a large town: one person"),
        pytest.param(
            SessionsEnded(account_id=ANA, session_ids=(SESSION,)), [], id="ended sessions: nobody"
        ),
    ],
)
def test_an_event_is_said_where_those_it_concerns_listen(event: Event, topics: list[Topic]) -> None:
    assert list(topics_of(event)) == topics
