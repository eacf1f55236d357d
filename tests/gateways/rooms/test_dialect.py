"""Every event of the core in the `event_type` vocabulary, and what else is said in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tertulia.core.errors import Invalid, NotFound, RateLimited
from tertulia.core.events import ConversationEnded
from tertulia.core.ids import new_id
from tertulia.core.message import Attachment, Extras, Poll, Reaction
from tertulia.core.model import EndReason, Face
from tertulia.gateways.rooms.dialect import RoomDialect, error
from tertulia.gateways.rooms.protocol import Command, Delete, Edit, React, Send, Type
from tertulia.realtime.topic import AccountTopic
from tests import examples as eg
from tests.gateways.golden import EVENTS, event_in, golden, said, topic_in

HERE = UUID("0198c2a4-5a50-7000-8000-0000000000c1")
ELSEWHERE = UUID("0198c2a4-5a50-7000-8000-0000000000c2")
NOW = datetime(2026, 1, 2, 4, 0, 0, 123_000, tzinfo=UTC)
ANA = Face(UUID("0198c2a4-5a50-7000-8000-0000000000b1"), 3, "ana", "Ana", "k1")
NAMELESS = Face(new_id(), 4, None, "Bea", None)


@pytest.fixture
def dialect() -> RoomDialect:
    """Return the words for the conversation of the golden frames, at a fixed time."""
    return RoomDialect(HERE, 12, lambda: NOW)


@pytest.mark.parametrize("name", EVENTS)
def test_event_is_worded_as_agreed(dialect: RoomDialect, name: str) -> None:
    case = golden(name)
    assert said(dialect, topic_in(case), event_in(name, case)) == case["rooms"]


@pytest.mark.parametrize(
    ("conversation_id", "reason", "is_told"),
    [
        (HERE, "deleted", True),
        (ELSEWHERE, "deleted", False),
        (HERE, "left", False),
        (HERE, "removed", False),
        (HERE, "banned", False),
    ],
)
def test_everyone_is_told_of_the_end_of_this_conversation_alone(
    dialect: RoomDialect, conversation_id: UUID, reason: EndReason, *, is_told: bool
) -> None:
    event = ConversationEnded(conversation_id=conversation_id, account_ids=(ANA.id,), reason=reason)
    frame = {"event_type": "chat_was_deleted", "id": 12, "timestamp": "2026-01-02T04:00:00.123Z"}
    assert said(dialect, AccountTopic(ANA.id), event) == ([frame] if is_told else [])


def test_a_message_carries_addresses_of_its_files_counts_of_its_reactions_and_what_it_answers(
    dialect: RoomDialect,
) -> None:
    file = Attachment(
        id=UUID(int=7), name="a cat.png", kind="image", media_type="image/png", size=9
    )
    extras = Extras(attachments=(file,), reactions=(Reaction("🎉", (ANA.id, NAMELESS.id)),))
    answered = new_id()
    message = eg.message(extras=extras, reply_to=answered)
    worded = json.loads(dialect.message(message, NAMELESS))["message"]
    assert worded["attachments"] == [
        "/api/uploads/00000000-0000-0000-0000-000000000007/a%20cat.png"
    ]
    assert worded["reactions"] == [{"reaction": "🎉", "count": 2}]
    assert worded["reply_to"] == str(answered)
    assert (worded["user_name"], worded["user_avatar"]) == ("Bea", None)


def test_a_deleted_message_has_no_text_and_a_poll_its_question(dialect: RoomDialect) -> None:
    deleted = eg.message(body=None, deleted_at=eg.NOON)
    poll = eg.message(body="", extras=Extras(poll=Poll(question="When?", options=())))
    first = json.loads(dialect.message(deleted, ANA))["message"]
    second = json.loads(dialect.message(poll, ANA))["message"]
    assert (first["text"], first["is_deleted"]) == ("", True)
    assert (second["text"], second["is_deleted"]) == ("When?", False)


def test_a_newcomer_is_told_who_else_is_there(dialect: RoomDialect) -> None:
    assert json.loads(dialect.online((ANA, NAMELESS))) == {
        "event_type": "online_user_list",
        "user_list": [
            {"id": 3, "username": "ana", "avatar": "/api/avatars/k1/256"},
            {"id": 4, "username": "Bea", "avatar": None},
        ],
        "timestamp": "2026-01-02T04:00:00.123Z",
    }
    assert json.loads(dialect.online(()))["user_list"] == []


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (None, {}),
        (Type(is_typing=True), {}),
        (Send("hi"), {}),
        (Send("hi", client_ref="a1"), {"client_ref": "a1"}),
        (Edit(7, "hi"), {"message_id": 7}),
        (Delete(7), {"message_id": 7}),
        (React(7, "🎉"), {"message_id": 7}),
    ],
)
def test_a_refusal_says_who_is_refused_where_and_about_what(
    dialect: RoomDialect, command: Command | None, named: dict[str, Any]
) -> None:
    refusal = NotFound("There is no such message.")
    assert json.loads(dialect.refusal(refusal, ANA, command)) == {
        "event_type": "error",
        "error_message": "There is no such message.",
        "details": {
            "code": "not_found",
            "user_id": 3,
            "user_name": "ana",
            "chat_id": 12,
            **named,
        },
        "timestamp": "2026-01-02T04:00:00.123Z",
    }


def test_a_refusal_names_the_field_as_this_wire_does(dialect: RoomDialect) -> None:
    for attr, told in (("content", "text"), ("reply_to", "reply_to")):
        details = json.loads(dialect.refusal(Invalid("No.", attr=attr), ANA))["details"]
        assert details["attr"] == told


def test_who_is_too_fast_is_told_how_long_to_wait(dialect: RoomDialect) -> None:
    refusal = RateLimited("Too fast.", retry_after_s=1.23)
    assert json.loads(dialect.refusal(refusal, ANA))["details"]["retry_after_s"] == 1.3


def test_nobody_and_nowhere_are_null() -> None:
    details = json.loads(error(NotFound("No."), NOW))["details"]
    assert details == {"code": "not_found", "user_id": None, "user_name": None, "chat_id": None}


def test_an_edit_without_a_time_is_told_as_of_now(dialect: RoomDialect) -> None:
    case = golden("message_edited")
    event: Any = event_in("message_edited", case)
    event = replace(event, message=replace(event.message, edited_at=None))
    (frame,) = said(dialect, topic_in(case), event)
    assert frame["timestamp"] == "2026-01-02T04:00:00.123Z"
